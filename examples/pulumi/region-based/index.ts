// Pattern: one environment per region, for data residency and short ways.
// Edges get ids here, since the program passes outputs; names do as well.
import * as meshery from "meshery-iac/pulumi";

const regions = {
  "us-east": ["gke-us-east-1", "gke-us-east-2", "prometheus-us-east"],
  "eu-west": ["eks-eu-west-1", "eks-eu-west-2", "prometheus-eu-west"],
};

for (const [region, connections] of Object.entries(regions)) {
  const environment = new meshery.Environment(region, { name: region, description: `Everything in ${region}` });
  for (const name of connections) {
    const connection = meshery.getConnectionOutput({ name });
    new meshery.ConnectionAssignment(name, { environmentId: environment.id, connectionId: connection.id });
  }
}
