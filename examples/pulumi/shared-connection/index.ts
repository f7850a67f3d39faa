// Pattern: one connection in several environments. It is looked up once and assigned wherever it is needed.
// Edges get ids here, since the program passes outputs; names do as well.
import * as meshery from "meshery-iac/pulumi";

const environments = {
  production: ["prod-k8s", "prod-prometheus"],
  development: ["dev-k8s", "dev-prometheus"],
};

const github = meshery.getConnectionOutput({ name: "github-main", kind: "github" });

for (const [stage, connections] of Object.entries(environments)) {
  const environment = new meshery.Environment(stage, { name: stage });
  new meshery.ConnectionAssignment(`${stage}/github`, { environmentId: environment.id, connectionId: github.id });
  for (const name of connections) {
    const connection = meshery.getConnectionOutput({ name });
    new meshery.ConnectionAssignment(`${stage}/${name}`, {
      environmentId: environment.id,
      connectionId: connection.id,
    });
  }
}
