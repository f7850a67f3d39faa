package main

import (
	"context"
	"net/url"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// assignment is one connection in one environment. There is no route that answers for one, so each read goes through
// the list of its environment.
type assignment struct{ client *client }

type assignmentModel struct {
	ID             types.String `tfsdk:"id"`
	EnvironmentID  types.String `tfsdk:"environment_id"`
	ConnectionID   types.String `tfsdk:"connection_id"`
	OrganizationID types.String `tfsdk:"organization_id"`
}

func (*assignment) Metadata(_ context.Context, _ resource.MetadataRequest, response *resource.MetadataResponse) {
	response.TypeName = "meshery_connection_assignment"
}

func (a *assignment) Configure(_ context.Context, request resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	if request.ProviderData != nil {
		a.client = request.ProviderData.(*client)
	}
}

func (*assignment) Schema(_ context.Context, _ resource.SchemaRequest, response *resource.SchemaResponse) {
	response.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"id":              schema.StringAttribute{Computed: true, PlanModifiers: keep},
		"environment_id":  schema.StringAttribute{Required: true, PlanModifiers: replace},
		"connection_id":   schema.StringAttribute{Required: true, PlanModifiers: replace},
		"organization_id": schema.StringAttribute{Optional: true, Computed: true, PlanModifiers: keepOrReplace},
	}}
}

func (m *assignmentModel) list() string {
	return "/api/environments/" + url.PathEscape(m.EnvironmentID.ValueString()) + "/connections"
}

func (m *assignmentModel) path() string {
	return m.list() + "/" + url.PathEscape(m.ConnectionID.ValueString())
}

func (a *assignment) Create(ctx context.Context, request resource.CreateRequest, response *resource.CreateResponse) {
	var model assignmentModel
	if response.Diagnostics.Append(request.Plan.Get(ctx, &model)...); response.Diagnostics.HasError() {
		return
	}
	organizationID := a.client.organization(model.OrganizationID.ValueString())
	if _, err := a.client.do(ctx, "POST", model.path(), in(organizationID), nil, nil); err != nil {
		response.Diagnostics.AddError("Cannot assign the connection", err.Error())
		return
	}
	model.ID = types.StringValue(model.EnvironmentID.ValueString() + "/" + model.ConnectionID.ValueString())
	model.OrganizationID = types.StringValue(organizationID)
	response.Diagnostics.Append(response.State.Set(ctx, &model)...)
}

func (a *assignment) Read(ctx context.Context, request resource.ReadRequest, response *resource.ReadResponse) {
	var model assignmentModel
	if response.Diagnostics.Append(request.State.Get(ctx, &model)...); response.Diagnostics.HasError() {
		return
	}
	query := in(model.OrganizationID.ValueString())
	query.Set("filter", `{"assigned":true}`)
	id := model.ConnectionID.ValueString()
	row, err := a.client.find(ctx, model.list(), query, func(row connectionRow) bool { return row.ID == id })
	switch {
	case err != nil:
		response.Diagnostics.AddError("Cannot read the environment's connections", err.Error())
	case row == nil:
		response.State.RemoveResource(ctx)
	default:
		response.Diagnostics.Append(response.State.Set(ctx, &model)...)
	}
}

// Update has nothing to do: whatever changes replaces.
func (*assignment) Update(context.Context, resource.UpdateRequest, *resource.UpdateResponse) {}

func (a *assignment) Delete(ctx context.Context, request resource.DeleteRequest, response *resource.DeleteResponse) {
	var model assignmentModel
	if response.Diagnostics.Append(request.State.Get(ctx, &model)...); response.Diagnostics.HasError() {
		return
	}
	if _, err := a.client.do(ctx, "DELETE", model.path(), in(model.OrganizationID.ValueString()), nil, nil); err != nil {
		response.Diagnostics.AddError("Cannot remove the connection from the environment", err.Error())
	}
}
