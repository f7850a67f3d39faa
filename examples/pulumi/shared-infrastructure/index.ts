// Pattern: shared infrastructure. One environment holds what every team uses and is bound to all of their workspaces.
// Edges get ids here, since the program passes outputs; names do as well.
import * as meshery from "meshery-iac/pulumi";

const shared = new meshery.Environment("shared-monitoring", {
  name: "shared-monitoring",
  description: "Observability for every team",
});

for (const name of ["central-prometheus", "central-grafana", "central-jaeger"]) {
  const connection = meshery.getConnectionOutput({ name });
  new meshery.ConnectionAssignment(name, { environmentId: shared.id, connectionId: connection.id });
}

for (const name of ["platform-team", "app-team-alpha", "app-team-beta"]) {
  const workspace = meshery.getWorkspaceOutput({ name });
  new meshery.WorkspaceBinding(name, { workspaceId: workspace.id, environmentId: shared.id });
}

export const environmentId = shared.id;
