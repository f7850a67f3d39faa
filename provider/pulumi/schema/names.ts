/** Names of the SDKs that are generated from the schema. */
export const NODE_PACKAGE = "@meshery/pulumi-meshery";
export const PYTHON_PACKAGE = "pulumi_meshery";
export const GO_MODULE = "github.com/meshery/pulumi-meshery/sdk/go/meshery";
