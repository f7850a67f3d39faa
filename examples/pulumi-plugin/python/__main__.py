"""Pattern: shared infrastructure. One environment holds what every team uses and is bound to all of their workspaces."""

import pulumi
import pulumi_meshery as meshery

shared = meshery.Environment(
    "shared-monitoring",
    name="shared-monitoring",
    description="Observability for every team",
)

for name in ["central-prometheus", "central-grafana", "central-jaeger"]:
    connection = meshery.get_connection_output(name=name)
    meshery.ConnectionAssignment(name, environment_id=shared.id, connection_id=connection.id)

for name in ["platform-team", "app-team-alpha", "app-team-beta"]:
    workspace = meshery.get_workspace_output(name=name)
    meshery.WorkspaceBinding(name, workspace_id=workspace.id, environment_id=shared.id)

pulumi.export("environmentId", shared.id)
