import { seen } from "../../support/meshery";
import { writes } from "./support/requests";
import { engines, Workbench } from "./support/workbench";

let bench: Workbench;
beforeAll(async () => {
  bench = await Workbench.open();
});
afterAll(() => bench.close());
afterEach(() => bench.server.reset());

const environment = (args: string, rest = "") => `new meshery.Environment("e", ${args} as never${rest});`;

describe.each(engines())("bad input is told at preview, on the %s", (engine) => {
  test.each([
    ["a missing name", environment("{}"), /name is required/],
    ["an empty name", environment('{ name: "" }'), /name must not be empty/],
    ["a name that is too long", environment('{ name: "x".repeat(101) }'), /at most 100 characters; it has 101/],
    ["a name of the wrong type", environment("{ name: 7 }"), /name is not right: expected string/],
    ["a misspelt argument", environment('{ name: "e", descripton: "" }'), /no field "descripton"/],
    ["an output as an argument", environment('{ name: "e", adopted: true }'), /adopted is set by the provider/],
    [
      "the id of an edge where that of an environment belongs",
      'new meshery.WorkspaceBinding("b", { workspaceId: "w", environmentId: "w/e" });',
      /did you pass the id of an assignment or a binding/,
    ],
    [
      "the nil id",
      'new meshery.WorkspaceBinding("b", { workspaceId: "00000000-0000-0000-0000-000000000000", environmentId: "e" });',
      /nil id stands for nothing/,
    ],
    [
      "metadata that is not JSON",
      'new meshery.Connection("c", { name: "c", kind: "k", type: "t", metadataJson: "{" });',
      /metadataJson is not JSON/,
    ],
    ["import", environment('{ name: "e" }', ', { import: "id" }'), /cannot import a dynamic resource.*adopt: true/],
    [
      "a topology with an unknown reference",
      'new meshery.EnvironmentTopology("t", { workspaces: { w: { environments: ["prod"] } } });',
      /workspaces\.w\.environments\[0\]: no such environment: prod/,
    ],
  ])("%s", async (_, source, message) => {
    const stack = await bench.stack(engine, bench.program(source));
    const preview = await stack.preview();
    expect(preview.ok).toBe(false);
    expect(preview.error).toMatch(message);
    expect(writes(bench.server)).toEqual([]);
  });

  test("what only the server can tell stops the update, and nothing is half done", async () => {
    const before = seen(bench.server);
    const nobody = "99999999-9999-4999-8999-999999999999";
    const stack = await bench.stack(
      engine,
      bench.program(`
const team = meshery.getWorkspaceOutput({ name: "platform-team" });
new meshery.WorkspaceBinding("b", { workspaceId: team.id, environmentId: "${nobody}" });
`),
    );
    const up = await stack.up();
    expect(up.preview!.ok).toBe(true);
    expect(up.error).toMatch(
      new RegExp(`has no environment with the id ${nobody}.*Nothing was changed.*\\[missing\\]`),
    );
    expect(writes(bench.server)).toEqual([]);
    expect(seen(bench.server)).toEqual(before);
  });

  test("an environment that others use is not deleted, and the message names them", async () => {
    const folder = bench.program(`
const environment = new meshery.Environment("e", { name: "e" });
const connectionId = meshery.getConnectionOutput({ name: "prod-rds" }).id;
new meshery.ConnectionAssignment("e/rds", { environmentId: environment.id, connectionId });
`);
    const stack = await bench.stack(engine, folder);
    expect((await stack.up({ skipPreview: true })).ok).toBe(true);
    const mine = bench.server.store.environments.list()[0]!;
    const theirs = bench.server.store.connections.list().find((row) => row.name === "prod-grafana")!;
    const response = await fetch(`${bench.server.url}/api/environments/${mine.id}/connections/${theirs.id}`, {
      method: "POST",
      headers: { cookie: `token=${bench.server.token}; meshery-provider=${bench.server.mesheryProvider}` },
    });
    expect(response.ok).toBe(true);
    const destroyed = await stack.destroy({ skipPreview: true });
    expect(destroyed.error).toMatch(/still used by connection "prod-grafana".*forceDestroy: true.*\[in-use\]/s);
    expect(seen(bench.server).environments.e!.connections).toEqual(["prod-grafana"]);
    bench.rewrite(folder, 'new meshery.Environment("e", { name: "e", forceDestroy: true });');
    expect((await stack.up({ skipPreview: true })).ok).toBe(true);
    expect((await stack.destroy({ skipPreview: true })).ok).toBe(true);
    expect(seen(bench.server).environments).toEqual({});
  });
});
