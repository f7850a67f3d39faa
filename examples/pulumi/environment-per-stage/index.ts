// Pattern: one environment per deployment stage, each bound to the workspace of the platform team.
// Connections and workspaces exist already; they are looked up by name.
// Edges get ids here, since the program passes outputs; names do as well.
import * as meshery from "meshery-iac/pulumi";

const stages = {
  production: ["prod-gke-us-east", "prod-gke-us-west", "prod-prometheus", "prod-grafana", "prod-rds"],
  staging: ["staging-eks", "staging-prometheus", "staging-grafana"],
  development: ["dev-k3s-local", "dev-prometheus"],
};

const team = meshery.getWorkspaceOutput({ name: "platform-team" });

for (const [stage, connections] of Object.entries(stages)) {
  const environment = new meshery.Environment(stage, { name: stage, description: `The ${stage} stage` });
  new meshery.WorkspaceBinding(`platform-team/${stage}`, { workspaceId: team.id, environmentId: environment.id });
  for (const name of connections) {
    const connection = meshery.getConnectionOutput({ name });
    new meshery.ConnectionAssignment(`${stage}/${name}`, {
      environmentId: environment.id,
      connectionId: connection.id,
    });
  }
}
