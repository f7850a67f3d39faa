// Pattern: one connection in several environments. It is looked up once and assigned wherever it is needed.
// Edges get ids here, since the program passes outputs; names do as well.
import { App, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { ConnectionAssignment, DataMesheryConnection, Environment, MesheryProvider } from "meshery-iac/cdktf";

const environments = {
  production: ["prod-k8s", "prod-prometheus"],
  development: ["dev-k8s", "dev-prometheus"],
};

class SharedConnection extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new MesheryProvider(this, "meshery");
    const github = new DataMesheryConnection(this, "github", { name: "github-main", kind: "github" });

    for (const [stage, connections] of Object.entries(environments)) {
      const environment = new Environment(this, stage, { name: stage });
      new ConnectionAssignment(this, `${stage}-github`, { environmentId: environment.id, connectionId: github.id });
      for (const name of connections) {
        const connection = new DataMesheryConnection(this, `${name}-lookup`, { name });
        new ConnectionAssignment(this, `${stage}-${name}`, {
          environmentId: environment.id,
          connectionId: connection.id,
        });
      }
    }
  }
}

const app = new App();
new SharedConnection(app, "shared-connection");
app.synth();
