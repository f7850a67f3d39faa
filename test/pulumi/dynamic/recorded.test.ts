import { seen } from "../../support/meshery";
import { code, Host, NEWEST, pulumiSdk } from "./support/host";
import { deletes } from "./support/requests";
import { engines, exampleWorld, Workbench } from "./support/workbench";

// What counts as declared elsewhere is what this run has recorded: engines create first and delete last.

const PROGRAM = `
const environment = new meshery.Environment("production", { name: "production" });
const connectionId = meshery.getConnectionOutput({ name: "prod-rds" }).id;
`;
const edge = (name: string) =>
  `new meshery.ConnectionAssignment("${name}", { environmentId: environment.id, connectionId });\n`;

/** Otherwise the program itself ends with an error, and the engine deletes nothing. */
const RECOVERED = `
for (const output of Object.values(made)) if (pulumi.Output.isInstance(output)) pulumi.recover(output, () => undefined);
`;

let bench: Workbench;
beforeAll(async () => {
  bench = await Workbench.open({ world: { ...exampleWorld(), users: { stranger: {} } } });
});
afterAll(() => bench.close());
afterEach(() => bench.server.reset());

test("an edge is removed though a check saw it a second time, whose create was skipped or failed", async () => {
  const { store, organizationId } = bench.server;
  const host = await Host.start({ sdk: pulumiSdk(NEWEST)!, cwd: bench.folder, env: bench.environment() });
  try {
    const connectionId = store.connections.find({ name: "prod-rds" })!.id;
    const { id: environmentId } = await host.create("Environment", { name: "production" });
    const inputs = { environmentId, connectionId };
    store.environmentConnections.insert({ environmentId, connectionId });
    await host.check("ConnectionAssignment", inputs);
    await host.delete("ConnectionAssignment", `${environmentId}/${connectionId}`, {
      __provider: code("ConnectionAssignment"),
      ...inputs,
      organizationId,
    });
    expect(seen(bench.server).environments.production?.connections).toEqual([]);
  } finally {
    await host.close();
  }
});

describe.each(engines())("%s", (engine) => {
  test("removes an edge whose new record failed while the run went on", async () => {
    const folder = bench.program(PROGRAM + edge("old"));
    const stack = await bench.stack(engine, folder);
    expect((await stack.up({ skipPreview: true })).error).toBeUndefined();
    expect(seen(bench.server).environments.production?.connections).toEqual(["prod-rds"]);

    // The new record is of another provider, whose user does not see the environment: nothing stands for the edge when the old
    // one goes.
    const token = bench.server.tokenFor("stranger");
    const stranger = `const provider = new meshery.MesheryProvider("other", { token: "${token}" });\n`;
    bench.rewrite(
      folder,
      `${PROGRAM + stranger}const made = ${edge("new").replace(");", ", { provider });")}${RECOVERED}`,
    );
    const result = await stack.up({ skipPreview: true, continueOnError: true });
    expect(result.error).toContain("has no environment with the id");
    expect(result.error).toContain("[missing]");
    const records = await stack.resources();
    expect(records.filter(({ type }) => type.endsWith(":ConnectionAssignment"))).toEqual([]);
    expect(seen(bench.server).environments.production?.connections).toEqual([]);

    expect((await stack.destroy({ skipPreview: true })).error).toBeUndefined();
    expect(seen(bench.server).environments).toEqual({});
  });

  test("destroys with something pending: a new resource, an edit, an object deleted by hand", async () => {
    const folder = bench.program(PROGRAM + edge("old"));
    const stack = await bench.stack(engine, folder);
    expect((await stack.up({ skipPreview: true })).error).toBeUndefined();
    bench.rewrite(
      folder,
      `${PROGRAM.replace("{ name:", '{ description: "edited", name:')}${edge("new")}new meshery.Environment("b", { name: "b" });`,
    );
    expect((await stack.preview()).error).toBeUndefined();
    expect((await stack.destroy()).error).toBeUndefined();
    expect(seen(bench.server).environments).toEqual({});
    expect(await stack.resources()).toEqual([]);
    expect(deletes(bench.server).length).toBe(2);
  });
});
