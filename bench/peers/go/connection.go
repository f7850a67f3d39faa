package main

import (
	"context"
	"net/url"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// connection looks one up by its exact name; the server's search narrows the list, so that mostly one page is read.
type connection struct{ client *client }

type connectionModel struct {
	ID   types.String `tfsdk:"id"`
	Name types.String `tfsdk:"name"`
	Kind types.String `tfsdk:"kind"`
}

func (*connection) Metadata(_ context.Context, _ datasource.MetadataRequest, response *datasource.MetadataResponse) {
	response.TypeName = "meshery_connection"
}

func (c *connection) Configure(_ context.Context, request datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	if request.ProviderData != nil {
		c.client = request.ProviderData.(*client)
	}
}

func (*connection) Schema(_ context.Context, _ datasource.SchemaRequest, response *datasource.SchemaResponse) {
	response.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"id":   schema.StringAttribute{Computed: true},
		"name": schema.StringAttribute{Required: true},
		"kind": schema.StringAttribute{Computed: true},
	}}
}

func (c *connection) Read(ctx context.Context, request datasource.ReadRequest, response *datasource.ReadResponse) {
	var model connectionModel
	if response.Diagnostics.Append(request.Config.Get(ctx, &model)...); response.Diagnostics.HasError() {
		return
	}
	name := model.Name.ValueString()
	query := url.Values{"search": {name}}
	row, err := c.client.find(ctx, "/api/integrations/connections", query, func(row connectionRow) bool { return row.Name == name })
	if err != nil {
		response.Diagnostics.AddError("Cannot list the connections", err.Error())
		return
	}
	if row == nil {
		response.Diagnostics.AddError("No such connection", name)
		return
	}
	model.ID, model.Kind = types.StringValue(row.ID), types.StringValue(row.Kind)
	response.Diagnostics.Append(response.State.Set(ctx, &model)...)
}
