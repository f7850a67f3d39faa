package main

import (
	"context"
	"net/http"
	"net/url"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type environment struct{ client *client }

type environmentModel struct {
	ID             types.String `tfsdk:"id"`
	Name           types.String `tfsdk:"name"`
	Description    types.String `tfsdk:"description"`
	OrganizationID types.String `tfsdk:"organization_id"`
}

type environmentRow struct {
	ID             string `json:"id,omitempty"`
	Name           string `json:"name"`
	Description    string `json:"description"`
	OrganizationID string `json:"organizationId"`
}

var (
	keep          = []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	replace       = []planmodifier.String{stringplanmodifier.RequiresReplace()}
	keepOrReplace = append(append([]planmodifier.String{}, keep...), replace...)
)

func (*environment) Metadata(_ context.Context, _ resource.MetadataRequest, response *resource.MetadataResponse) {
	response.TypeName = "meshery_environment"
}

func (e *environment) Configure(_ context.Context, request resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	if request.ProviderData != nil {
		e.client = request.ProviderData.(*client)
	}
}

func (*environment) Schema(_ context.Context, _ resource.SchemaRequest, response *resource.SchemaResponse) {
	response.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"id":              schema.StringAttribute{Computed: true, PlanModifiers: keep},
		"name":            schema.StringAttribute{Required: true},
		"description":     schema.StringAttribute{Optional: true},
		"organization_id": schema.StringAttribute{Optional: true, Computed: true, PlanModifiers: keepOrReplace},
	}}
}

func (e *environment) row(model *environmentModel) environmentRow {
	return environmentRow{
		Name:           model.Name.ValueString(),
		Description:    model.Description.ValueString(),
		OrganizationID: e.client.organization(model.OrganizationID.ValueString()),
	}
}

func (row environmentRow) into(model *environmentModel) {
	model.ID, model.Name = types.StringValue(row.ID), types.StringValue(row.Name)
	model.OrganizationID = types.StringValue(row.OrganizationID)
	if row.Description != "" || !model.Description.IsNull() {
		model.Description = types.StringValue(row.Description)
	}
}

func in(organizationID string) url.Values { return url.Values{"orgId": {organizationID}} }

func (e *environment) Create(ctx context.Context, request resource.CreateRequest, response *resource.CreateResponse) {
	var model environmentModel
	if response.Diagnostics.Append(request.Plan.Get(ctx, &model)...); response.Diagnostics.HasError() {
		return
	}
	var row environmentRow
	if _, err := e.client.do(ctx, "POST", "/api/environments", nil, e.row(&model), &row); err != nil {
		response.Diagnostics.AddError("Cannot create the environment", err.Error())
		return
	}
	row.into(&model)
	response.Diagnostics.Append(response.State.Set(ctx, &model)...)
}

func (e *environment) Read(ctx context.Context, request resource.ReadRequest, response *resource.ReadResponse) {
	var model environmentModel
	if response.Diagnostics.Append(request.State.Get(ctx, &model)...); response.Diagnostics.HasError() {
		return
	}
	var row environmentRow
	path := "/api/environments/" + url.PathEscape(model.ID.ValueString())
	code, err := e.client.do(ctx, "GET", path, in(model.OrganizationID.ValueString()), nil, &row)
	switch {
	case err != nil:
		response.Diagnostics.AddError("Cannot read the environment", err.Error())
	case code == http.StatusNotFound:
		response.State.RemoveResource(ctx)
	default:
		row.into(&model)
		response.Diagnostics.Append(response.State.Set(ctx, &model)...)
	}
}

func (e *environment) Update(ctx context.Context, request resource.UpdateRequest, response *resource.UpdateResponse) {
	var model environmentModel
	if response.Diagnostics.Append(request.Plan.Get(ctx, &model)...); response.Diagnostics.HasError() {
		return
	}
	var row environmentRow
	path := "/api/environments/" + url.PathEscape(model.ID.ValueString())
	if _, err := e.client.do(ctx, "PUT", path, nil, e.row(&model), &row); err != nil {
		response.Diagnostics.AddError("Cannot update the environment", err.Error())
		return
	}
	row.into(&model)
	response.Diagnostics.Append(response.State.Set(ctx, &model)...)
}

func (e *environment) Delete(ctx context.Context, request resource.DeleteRequest, response *resource.DeleteResponse) {
	var model environmentModel
	if response.Diagnostics.Append(request.State.Get(ctx, &model)...); response.Diagnostics.HasError() {
		return
	}
	path := "/api/environments/" + url.PathEscape(model.ID.ValueString())
	if _, err := e.client.do(ctx, "DELETE", path, in(model.OrganizationID.ValueString()), nil, nil); err != nil {
		response.Diagnostics.AddError("Cannot delete the environment", err.Error())
	}
}

func (*environment) ImportState(ctx context.Context, request resource.ImportStateRequest, response *resource.ImportStateResponse) {
	resource.ImportStatePassthroughID(ctx, path.Root("id"), request, response)
}
