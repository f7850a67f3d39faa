// Pattern: shared infrastructure. One environment holds what every team uses and is bound to all of their workspaces.
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

class SharedMonitoring extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new MesheryProvider(this, "meshery");
    const shared = new Environment(this, "shared-monitoring", {
      name: "shared-monitoring",
      description: "Observability for every team",
    });
    for (const name of ["central-prometheus", "central-grafana", "central-jaeger"]) {
      const connection = new DataMesheryConnection(this, `${name}-lookup`, { name });
      new ConnectionAssignment(this, name, { environmentId: shared.id, connectionId: connection.id });
    }
    for (const name of ["platform-team", "app-team-alpha", "app-team-beta"]) {
      const workspace = new DataMesheryWorkspace(this, `${name}-lookup`, { name });
      new WorkspaceBinding(this, name, { workspaceId: workspace.id, environmentId: shared.id });
    }
  }
}

const app = new App();
new SharedMonitoring(app, "shared-infrastructure");
app.synth();
