module meshery-shared-infrastructure-go

go 1.25

require (
	github.com/meshery/pulumi-meshery/sdk/go v0.0.0
	github.com/pulumi/pulumi/sdk/v3 v3.256.0
)

replace github.com/meshery/pulumi-meshery/sdk/go => ./sdks/meshery
