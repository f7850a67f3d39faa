// Pattern: shared infrastructure. One environment holds what every team uses and is bound to all of their workspaces.
package main

import (
	"github.com/meshery/pulumi-meshery/sdk/go/meshery"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		shared, err := meshery.NewEnvironment(ctx, "shared-monitoring", &meshery.EnvironmentArgs{
			Name:        pulumi.String("shared-monitoring"),
			Description: pulumi.String("Observability for every team"),
		})
		if err != nil {
			return err
		}

		for _, name := range []string{"central-prometheus", "central-grafana", "central-jaeger"} {
			connection := meshery.LookupConnectionOutput(ctx, meshery.LookupConnectionOutputArgs{
				Name: pulumi.String(name),
			}, nil)
			_, err := meshery.NewConnectionAssignment(ctx, name, &meshery.ConnectionAssignmentArgs{
				EnvironmentId: shared.ID(),
				ConnectionId:  connection.Id(),
			})
			if err != nil {
				return err
			}
		}

		for _, name := range []string{"platform-team", "app-team-alpha", "app-team-beta"} {
			workspace := meshery.LookupWorkspaceOutput(ctx, meshery.LookupWorkspaceOutputArgs{
				Name: pulumi.String(name),
			}, nil)
			_, err := meshery.NewWorkspaceBinding(ctx, name, &meshery.WorkspaceBindingArgs{
				WorkspaceId:   workspace.Id(),
				EnvironmentId: shared.ID(),
			})
			if err != nil {
				return err
			}
		}

		ctx.Export("environmentId", shared.ID())
		return nil
	})
}
