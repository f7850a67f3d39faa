import { describeEngines, type Workdir } from "../support/engines";
import { MesheryServer } from "../support/meshery";
import { workdir } from "../support/terraform";

// Engine tests run a provider whose answers are checked against the engines' own rules. Here it lies, to see that they are.

const program = `resource "meshery_environment" "production" {
  name        = "production"
  description = "as written"
}
`;

let server: MesheryServer;
let dir: Workdir;

beforeEach(async () => {
  server = await MesheryServer.start();
});

afterEach(async () => {
  dir.remove();
  await server.close();
});

describeEngines("a provider that", (engine) => {
  test.each([
    ["plan", "plans", "not what was written"],
    ["apply", "answers an apply with", "not what was planned"],
  ])("lies about the %s is found out", async (lie, _, said) => {
    dir = workdir(server, { "main.tf": program }, { TEST_PROVIDER_LIES: lie });
    const { code, stderr } = await dir.run(engine, ["apply", "-auto-approve", "-input=false", "-no-color"]);
    expect(code).toBe(1);
    expect(stderr).toContain("The provider contradicts itself");
    expect(stderr.replace(/[\s│]+/g, " ")).toContain(`Expected: "as written" Received: "${said}"`);
  });

  test("tells the truth is not", async () => {
    dir = workdir(server, { "main.tf": program });
    expect(await dir.apply(engine)).not.toContain("contradicts itself");
  });
});
