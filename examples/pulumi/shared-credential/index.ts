// Pattern: one credential for several connections. A new password is given once, and all of them have it.
//
//   pulumi config set --secret prometheusPassword ...
//   pulumi up
import * as pulumi from "@pulumi/pulumi";
import * as meshery from "meshery-iac/pulumi";

const password = new pulumi.Config().requireSecret("prometheusPassword");
const regions = ["ap", "eu", "us"];

const credential = new meshery.Credential("prometheus", {
  name: "prometheus",
  type: "basic",
  // In the state as a secret, and nowhere else but in Meshery.
  secret: { username: "meshery", password },
});
const environment = new meshery.Environment("metrics", { name: "metrics" });

for (const region of regions) {
  const connection = new meshery.Connection(region, {
    name: `metrics-${region}`,
    kind: "prometheus",
    type: "observability",
    credentialId: credential.id,
  });
  new meshery.ConnectionAssignment(`metrics/${region}`, { environmentId: environment.id, connectionId: connection.id });
}
