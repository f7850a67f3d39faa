// Pattern: one credential for several connections. A new password is given once, and all of them have it.
//
//   export TF_VAR_prometheus_password=...
//   cdktf deploy
import { App, TerraformStack, TerraformVariable } from "cdktf";
import type { Construct } from "constructs";
import { Connection, ConnectionAssignment, Credential, Environment, MesheryProvider } from "meshery-iac/cdktf";

const regions = ["ap", "eu", "us"];

class SharedCredential extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new MesheryProvider(this, "meshery");
    const password = new TerraformVariable(this, "prometheus_password", { type: "string" });
    password.addOverride("ephemeral", true);

    const credential = new Credential(this, "prometheus", {
      name: "prometheus",
      type: "basic",
      // Sent to Meshery, and in no plan and no state.
      secret: { username: "meshery", password: password.stringValue },
      // To be raised with every new password.
      secretVersion: 1,
    });
    const environment = new Environment(this, "metrics", { name: "metrics" });
    for (const region of regions) {
      const connection = new Connection(this, region, {
        name: `metrics-${region}`,
        kind: "prometheus",
        type: "observability",
        credentialId: credential.id,
      });
      new ConnectionAssignment(this, `metrics-${region}`, {
        environmentId: environment.id,
        connectionId: connection.id,
      });
    }
  }
}

const app = new App();
new SharedCredential(app, "shared-credential");
app.synth();
