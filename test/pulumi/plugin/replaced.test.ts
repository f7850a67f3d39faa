import { seen } from "../../support/meshery";
import { engines as nodeEngines, Workbench } from "../dynamic/support/workbench";
import { applied, environment, PluginBench, yamlProgram } from "./support/bench";

// A replacement is made before the old one is deleted, and meets its own name.

const REFUSED = /already has "production".*to be replaced \(`--replace`\).*`deleteBeforeReplace: true`/s;
const program = (options?: Record<string, unknown>) =>
  yamlProgram({ production: environment({ name: "production" }, options) });

test("an environment that is to be replaced says which option makes it possible, and that one does", async () => {
  const bench = await PluginBench.open();
  try {
    const stack = await bench.stack("test engine", program());
    await applied(stack);
    const { urn } = (await stack.resources()).find(({ type }) => type.endsWith(":Environment"))!;
    const refused = await stack.up({ skipPreview: true, replace: [urn] });
    expect(refused.error).toMatch(REFUSED);

    const [old] = bench.server.store.environments.list({ deletedAt: null });
    stack.setYaml(program({ deleteBeforeReplace: true }));
    await applied(stack, { skipPreview: true, replace: [urn] });
    const [fresh] = bench.server.store.environments.list({ deletedAt: null });
    expect(fresh).toMatchObject({ name: "production" });
    expect(fresh?.id).not.toBe(old?.id);
  } finally {
    await bench.close();
  }
});

describe.each(nodeEngines())("a dynamic environment that is to be replaced, on the %s", (engine) => {
  test("says which option makes it possible, and that one does, edges included", async () => {
    const source = (options = "{}") => `
const environment = new meshery.Environment("production", { name: "production" }, ${options});
const connectionId = meshery.getConnectionOutput({ name: "prod-rds" }).id;
new meshery.ConnectionAssignment("rds", { environmentId: environment.id, connectionId });`;
    const bench = await Workbench.open();
    try {
      const folder = bench.program(source());
      const stack = await bench.stack(engine, folder);
      await applied(stack);
      const there = seen(bench.server);
      const { urn } = (await stack.resources()).find(({ type }) => type.endsWith(":Environment"))!;
      expect((await stack.up({ skipPreview: true, replace: [urn] })).error).toMatch(REFUSED);
      expect(seen(bench.server)).toEqual(there);
      bench.rewrite(folder, source("{ deleteBeforeReplace: true }"));
      await applied(stack, { skipPreview: true, replace: [urn] });
      expect(seen(bench.server)).toEqual(there);
    } finally {
      await bench.close();
    }
  });
});
