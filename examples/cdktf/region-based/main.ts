// Pattern: one environment per region, for data residency and short ways.
// Edges get ids here, since the program passes outputs; names do as well.
import { App, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { ConnectionAssignment, DataMesheryConnection, Environment, MesheryProvider } from "meshery-iac/cdktf";

const regions = {
  "us-east": ["gke-us-east-1", "gke-us-east-2", "prometheus-us-east"],
  "eu-west": ["eks-eu-west-1", "eks-eu-west-2", "prometheus-eu-west"],
};

class Regions extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new MesheryProvider(this, "meshery");
    for (const [region, connections] of Object.entries(regions)) {
      const environment = new Environment(this, region, { name: region, description: `Everything in ${region}` });
      for (const name of connections) {
        const connection = new DataMesheryConnection(this, `${name}-lookup`, { name });
        new ConnectionAssignment(this, name, { environmentId: environment.id, connectionId: connection.id });
      }
    }
  }
}

const app = new App();
new Regions(app, "region-based");
app.synth();
