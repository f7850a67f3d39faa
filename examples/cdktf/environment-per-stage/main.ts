// Pattern: one environment per deployment stage, each bound to the workspace of the platform team.
// Connections and workspaces exist already; they are looked up by name.
// Edges get ids here, since the program passes outputs; names do as well.
import { App, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import {
  ConnectionAssignment,
  DataMesheryConnection,
  DataMesheryWorkspace,
  Environment,
  MesheryProvider,
  WorkspaceBinding,
} from "meshery-iac/cdktf";

const stages = {
  production: ["prod-gke-us-east", "prod-gke-us-west", "prod-prometheus", "prod-grafana", "prod-rds"],
  staging: ["staging-eks", "staging-prometheus", "staging-grafana"],
  development: ["dev-k3s-local", "dev-prometheus"],
};

class Stages extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new MesheryProvider(this, "meshery"); // url and token by MESHERY_URL and MESHERY_TOKEN
    const team = new DataMesheryWorkspace(this, "platform-team", { name: "platform-team" });

    for (const [stage, connections] of Object.entries(stages)) {
      const environment = new Environment(this, stage, { name: stage, description: `The ${stage} stage` });
      new WorkspaceBinding(this, `platform-team-${stage}`, { workspaceId: team.id, environmentId: environment.id });
      for (const name of connections) {
        const connection = new DataMesheryConnection(this, `${stage}-${name}-lookup`, { name });
        new ConnectionAssignment(this, `${stage}-${name}`, {
          environmentId: environment.id,
          connectionId: connection.id,
        });
      }
    }
  }
}

const app = new App();
new Stages(app, "environment-per-stage");
app.synth();
