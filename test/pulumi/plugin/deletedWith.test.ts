import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestStack } from "../../pulumi-engine";
import { seen } from "../../support/meshery";
import { engines as nodeEngines, Workbench } from "../dynamic/support/workbench";
import { assignment, binding, environment, idOf, lookUp, PluginBench, yamlProgram } from "./support/bench";
import { credentials, pluginCommand } from "./support/plugin";

// The engine drops the record of an edge with the option deletedWith, and sends nothing.

const WITH = { deletedWith: "${production}" };
const lookups = { gke: lookUp("getConnection", "gke"), team: lookUp("getWorkspace", "platform") };
const production = { production: environment({ name: "production" }) };
const program = (options?: Record<string, unknown>) =>
  yamlProgram(
    {
      ...production,
      edge: assignment(idOf("production"), idOf("gke"), options),
      bound: binding(idOf("team"), idOf("production"), options),
    },
    lookups,
  );

describe("edges with the option deletedWith", () => {
  let bench: PluginBench;
  let folder: string;
  beforeAll(async () => {
    bench = await PluginBench.open();
    folder = mkdtempSync(join(tmpdir(), "deleted-with-"));
  });
  afterAll(async () => {
    await bench.close();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(() => bench.server.reset());

  const machine = (name: string) => {
    const own = mkdtempSync(join(folder, name));
    return { meshery: pluginCommand({ ...credentials(bench.server), TMPDIR: own }) };
  };
  const started = async () => {
    const before = seen(bench.server);
    const stack = (await bench.stack("test engine", program(WITH), { plugins: machine("one-") })) as TestStack;
    expect((await stack.up()).error).toBeUndefined();
    return { stack, before };
  };
  const id = (name: string) => bench.server.store.environments.find({ name, deletedAt: null })!.id;

  test("go with their environment, in a destroy and when they leave the program", async () => {
    const { stack, before } = await started();
    expect((await stack.destroy()).error).toBeUndefined();
    expect(seen(bench.server)).toEqual(before);

    stack.setYaml(program(WITH));
    expect((await stack.up()).error).toBeUndefined();
    stack.setYaml(yamlProgram({ other: environment({ name: "other" }) }));
    expect((await stack.up()).error).toBeUndefined();
    expect(Object.keys(seen(bench.server).environments)).toEqual(["other"]);
  });

  test("of others still stop it, and so does what an older run had and a newer one had not", async () => {
    const { stack } = await started();
    // Handed over: the record goes, the edge stays, somebody else's now.
    stack.setYaml(program({ ...WITH, retainOnDelete: true }));
    expect((await stack.up()).error).toBeUndefined();
    stack.setYaml(yamlProgram(production));
    expect((await stack.up()).error).toBeUndefined();
    expect(seen(bench.server).environments.production?.connections).toEqual(["gke"]);
    const refused = await stack.destroy();
    expect(refused.error).toMatch(/"production".* was not deleted.*"gke".*deletedWith/s);
    expect(seen(bench.server).environments.production?.connections).toEqual(["gke"]);
  });

  test("of others still stop it where a run of this stack removed its own of the same ends", async () => {
    const stack = (await bench.stack("test engine", program(), { plugins: machine("three-") })) as TestStack;
    expect((await stack.up()).error).toBeUndefined();
    const { store } = bench.server;
    const environmentId = id("production");
    const connection = (name: string) => store.connections.find({ name, deletedAt: null })!.id;
    const theirs = store.environmentConnections.insert({ environmentId, connectionId: connection("grafana") });
    expect((await stack.destroy()).error).toMatch(/is still used by connection "grafana"/);
    store.environmentConnections.delete(theirs.id);
    store.environmentConnections.insert({ environmentId, connectionId: connection("gke") });
    expect((await stack.destroy()).error).toMatch(/is still used by connection "gke"/);
    expect(seen(bench.server).environments.production?.connections).toEqual(["gke"]);
  });

  test("are not known to another stack", async () => {
    const { stack } = await started();
    const environmentId = id("production");
    const options = { stack: "other", plugins: machine("two-") };
    const other = await bench.stack(
      "test engine",
      yamlProgram({ e: environment({ name: "production", adopt: true }) }),
      options,
    );
    expect((await other.up()).error).toBeUndefined();
    const theirs = bench.server.store.connections.find({ name: "grafana" })!.id;
    bench.server.store.environmentConnections.insert({ environmentId, connectionId: theirs });
    expect((await stack.destroy()).error).toMatch(/is still used by connection "grafana"/);
    expect(seen(bench.server).environments.production?.connections).toEqual(["gke", "grafana"]);
  });
});

const PROGRAM = `
class Resource extends pulumi.CustomResource {
  constructor(type: string, name: string, args: Record<string, unknown>, opts = {}) {
    super("meshery:index:" + type, name, args, opts);
  }
}
const found = (lookup: string, name: string) =>
  pulumi.output(pulumi.runtime.invoke("meshery:index:" + lookup, { name })).apply(({ id }) => id);
const deletedWith = new Resource("Environment", "production", { name: "production" });
new Resource("ConnectionAssignment", "rds", {
  environmentId: deletedWith.id, connectionId: found("getConnection", "prod-rds"),
}, { deletedWith });
`;

describe.each(nodeEngines())("a program of the plugin with deletedWith, on the %s", (engine) => {
  test("is destroyed, and leaves nothing", async () => {
    const bench = await Workbench.open();
    try {
      const before = seen(bench.server);
      const plugins = { meshery: pluginCommand(credentials(bench.server)) };
      const stack = await bench.stack(engine, bench.program(PROGRAM), { plugins });
      expect((await stack.up()).error).toBeUndefined();
      expect(seen(bench.server).environments.production?.connections).toEqual(["prod-rds"]);
      expect((await stack.destroy()).error).toBeUndefined();
      expect(seen(bench.server)).toEqual(before);
      expect(await stack.resources()).toEqual([]);
    } finally {
      await bench.close();
    }
  });
});
