import { MesheryServer } from "../../../provider/server";
import { seen } from "../../support/meshery";
import { deletes } from "../dynamic/support/requests";
import { type EngineName as DynamicEngine, engines as dynamicEngines, Workbench } from "../dynamic/support/workbench";
import {
  applied,
  assignment,
  type EngineName,
  engines,
  environment,
  idOf,
  lookUp,
  PluginBench,
  yamlProgram,
} from "./support/bench";
import { credentials, pluginCommand } from "./support/plugin";

// Each provider of a program is a process of its own; what one of them removes may be what the other one declares.

const lookups = { gke: lookUp("getConnection", "gke"), grafana: lookUp("getConnection", "grafana") };
const OTHER = { provider: "${other}" };
const other = (properties: Record<string, unknown> = {}) => ({ type: "pulumi:providers:meshery", properties });
const KEPT = /was kept\. It is declared elsewhere in this program/;

describe.each(engines())("what gets another provider and another name in one run, on the %s", (engine: EngineName) => {
  let bench: PluginBench;
  beforeAll(async () => {
    bench = await PluginBench.open();
  });
  afterAll(() => bench.close());
  afterEach(() => bench.server.reset());

  const started = async (resources: Parameters<typeof yamlProgram>[0]) => {
    const stack = await bench.stack(engine, yamlProgram(resources, lookups));
    await applied(stack);
    bench.server.requests.clear();
    const edit = (next: typeof resources) => {
      stack.setYaml(yamlProgram(next, lookups));
      return applied(stack);
    };
    return { edit, there: seen(bench.server), stack };
  };
  const production = { production: environment({ name: "production" }) };
  const edge = (connection: string, options?: object) =>
    assignment(idOf("production"), idOf(connection), options as Record<string, unknown>);

  test("an assignment is never removed, and goes when it is in no program any more", async () => {
    const { edit, there } = await started({ ...production, old: edge("gke") });
    const moved = await edit({ ...production, other: other(), renamed: edge("gke", OTHER) });
    expect(moved.messages.filter(({ text }) => KEPT.test(text)).length).toBe(1);
    expect(deletes(bench.server)).toEqual([]);
    expect(seen(bench.server)).toEqual(there);
    // What an earlier run declared keeps nothing.
    await edit({ ...production, other: other() });
    expect(seen(bench.server).environments.production?.connections).toEqual([]);
  });

  test("an environment that is adopted under the other provider is not deleted", async () => {
    const { edit, there } = await started(production);
    await edit({ other: other(), renamed: environment({ name: "production", adopt: true }, OTHER) });
    expect(deletes(bench.server)).toEqual([]);
    expect(seen(bench.server)).toEqual(there);
  });

  test("what only the old one declared goes", async () => {
    const { edit } = await started({ ...production, old: edge("gke") });
    await edit({ ...production, other: other(), renamed: edge("grafana", OTHER) });
    expect(seen(bench.server).environments.production?.connections).toEqual(["grafana"]);
  });

  test("what another organization holds keeps nothing here", async () => {
    const server = await MesheryServer.start({ world: { organizations: { one: {}, two: {} } } });
    const [one, two] = ["one", "two"].map((name) => server.store.organizations.find({ name })!.id);
    try {
      const stack = await bench.stack(
        engine,
        yamlProgram({
          first: other({ organizationId: one }),
          old: environment({ name: "a" }, { provider: "${first}" }),
        }),
        { plugins: { meshery: pluginCommand(credentials(server)) } },
      );
      await applied(stack);
      const renamed = environment({ name: "a", adopt: true }, OTHER);
      stack.setYaml(yamlProgram({ other: other({ organizationId: two }), renamed }));
      await applied(stack);
      const there = server.store.environments.list({ deletedAt: null });
      expect(there.map(({ organizationId }) => organizationId)).toEqual([two]);
    } finally {
      await server.close();
    }
  });

  test("what another Meshery holds keeps nothing here", async () => {
    const second = await MesheryServer.start({ world: { environments: { production: {} } } });
    try {
      const { edit } = await started(production);
      await edit({
        other: other({ url: second.url, token: second.token, mesheryProvider: second.mesheryProvider }),
        renamed: environment({ name: "production", adopt: true }, OTHER),
      });
      expect(seen(bench.server).environments.production).toBeUndefined();
      expect(seen(second).environments.production).toBeDefined();
    } finally {
      await second.close();
    }
  });
});

const ENVIRONMENT = `
const environment = new meshery.Environment("production", { name: "production" });
const connectionId = meshery.getConnectionOutput({ name: "prod-rds" }).id;
const provider = new meshery.MesheryProvider("other", {});
`;
const EDGE = 'new meshery.ConnectionAssignment("rds", { environmentId: environment.id, connectionId });';
const EDGE_OF_PROVIDER =
  'new meshery.ConnectionAssignment("renamed", { environmentId: environment.id, connectionId }, { provider });';
const EDGE_OF_PLUGIN = `new pulumi.CustomResource("meshery:index:ConnectionAssignment", "renamed", {
  environmentId: environment.id, connectionId, organizationId: undefined,
});`;

describe.each(
  dynamicEngines(),
)("what leaves the dynamic provider and its name in one run, on the %s", (engine: DynamicEngine) => {
  let bench: Workbench;
  beforeAll(async () => {
    bench = await Workbench.open();
  });
  afterAll(() => bench.close());
  afterEach(() => bench.server.reset());

  test.each([
    ["an explicit one", EDGE_OF_PROVIDER],
    ["the plugin", EDGE_OF_PLUGIN],
  ])("is not removed when it goes to %s", async (_, after) => {
    const folder = bench.program(ENVIRONMENT + EDGE);
    const stack = await bench.stack(engine, folder, { plugins: { meshery: pluginCommand(credentials(bench.server)) } });
    await applied(stack);
    const there = seen(bench.server);
    bench.server.requests.clear();
    bench.rewrite(folder, ENVIRONMENT + after);
    await applied(stack);
    expect(deletes(bench.server)).toEqual([]);
    expect(seen(bench.server)).toEqual(there);
    bench.rewrite(folder, ENVIRONMENT);
    await applied(stack);
    expect(seen(bench.server).environments.production?.connections).toEqual([]);
  });
});
