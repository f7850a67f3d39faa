// A Meshery provider as a good Go programmer writes it in a day with terraform-plugin-framework: one request for each
// thing a resource needs, nothing shared between resources. It is what the benchmarks measure against.
package main

import (
	"context"
	"log"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type meshery struct{}

type settings struct {
	URL             types.String `tfsdk:"url"`
	Token           types.String `tfsdk:"token"`
	MesheryProvider types.String `tfsdk:"meshery_provider"`
	OrganizationID  types.String `tfsdk:"organization_id"`
}

func (meshery) Metadata(_ context.Context, _ provider.MetadataRequest, response *provider.MetadataResponse) {
	response.TypeName = "meshery"
}

func (meshery) Schema(_ context.Context, _ provider.SchemaRequest, response *provider.SchemaResponse) {
	response.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"url":              schema.StringAttribute{Optional: true},
		"token":            schema.StringAttribute{Optional: true, Sensitive: true},
		"meshery_provider": schema.StringAttribute{Optional: true},
		"organization_id":  schema.StringAttribute{Optional: true},
	}}
}

func (meshery) Configure(ctx context.Context, request provider.ConfigureRequest, response *provider.ConfigureResponse) {
	var given settings
	response.Diagnostics.Append(request.Config.Get(ctx, &given)...)
	if response.Diagnostics.HasError() {
		return
	}
	c := newClient(
		orElse(given.URL, "MESHERY_URL"),
		orElse(given.Token, "MESHERY_TOKEN"),
		orElse(given.MesheryProvider, "MESHERY_PROVIDER"),
		orElse(given.OrganizationID, "MESHERY_ORGANIZATION_ID"),
	)
	response.ResourceData = c
	response.DataSourceData = c
}

func orElse(value types.String, variable string) string {
	if value.ValueString() != "" {
		return value.ValueString()
	}
	return os.Getenv(variable)
}

func (meshery) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		func() resource.Resource { return &environment{} },
		func() resource.Resource { return &assignment{} },
	}
}

func (meshery) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{func() datasource.DataSource { return &connection{} }}
}

func main() {
	options := providerserver.ServeOpts{Address: "registry.terraform.io/meshery/meshery"}
	if err := providerserver.Serve(context.Background(), func() provider.Provider { return meshery{} }, options); err != nil {
		log.Fatal(err)
	}
}
