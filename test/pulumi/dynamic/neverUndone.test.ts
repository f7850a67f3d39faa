import { changes, type StackDriver, summary, type TestStack } from "../../pulumi-engine";
import { seen } from "../../support/meshery";
import { deletes, writes } from "./support/requests";
import { type EngineName, engines, Workbench } from "./support/workbench";

/** Two environments, three edges and a binding; `mark` goes into every logical name. */
const topology = (mark: string, options = "{}", environmentArgs = "") => `
const team = meshery.getWorkspaceOutput({ name: "platform-team" });
for (const [stage, names] of Object.entries({ production: ["prod-rds", "prod-grafana"], staging: ["staging-eks"] })) {
  const environment = new meshery.Environment("${mark}" + stage, { name: stage, ${environmentArgs} }, ${options});
  new meshery.WorkspaceBinding("${mark}team/" + stage, { workspaceId: team.id, environmentId: environment.id });
  for (const name of names) {
    const connectionId = meshery.getConnectionOutput({ name }).id;
    new meshery.ConnectionAssignment("${mark}" + stage + "/" + name, { environmentId: environment.id, connectionId });
  }
}
`;

const KEPT = /was kept\. It is declared elsewhere in this program/;

async function applied(stack: StackDriver, options: Parameters<StackDriver["up"]>[0] = { skipPreview: true }) {
  const result = await stack.up(options);
  expect(result.error).toBeUndefined();
  return result;
}

async function unchanged(stack: StackDriver) {
  expect(changes(await applied(stack))).toEqual([]);
}

describe.each(engines())("what a program declares is never undone, on the %s", (engine: EngineName) => {
  let bench: Workbench;
  beforeAll(async () => {
    bench = await Workbench.open();
  });
  afterAll(() => bench.close());
  afterEach(() => bench.server.reset());

  const started = async (source: string) => {
    const folder = bench.program(source);
    const stack = await bench.stack(engine, folder);
    await applied(stack);
    const there = seen(bench.server);
    bench.server.requests.clear();
    return { folder, stack, there };
  };

  test("edges keep while all their logical names change, and only their records move", async () => {
    const { folder, stack, there } = await started(topology(""));
    // Environments say that they moved; edges do not, as everybody forgets to.
    bench.rewrite(
      folder,
      topology("").replaceAll('("team/', '("new-team/').replaceAll('stage + "/" + name', '"new/" + stage + "/" + name'),
    );
    const result = await applied(stack);
    expect(summary(changes(result)).filter((line) => line.startsWith("create")).length).toBe(5);
    expect(result.messages.filter(({ text }) => KEPT.test(text)).length).toBe(5);
    expect(writes(bench.server)).toEqual([]);
    expect(seen(bench.server)).toEqual(there);
    await unchanged(stack);
    expect(changes(await stack.refresh({ skipPreview: true }))).toEqual([]);
  });

  test("an environment renamed in the program is not seized, and not deleted when it is adopted", async () => {
    const { folder, stack, there } = await started(topology(""));
    bench.rewrite(folder, topology("new-"));
    const refused = await stack.up({ skipPreview: true });
    expect(refused.ok).toBe(false);
    expect(refused.error).toMatch(/already has "(production|staging)".*aliases.*adopt: true.*\[exists\]/s);
    expect(writes(bench.server)).toEqual([]);

    bench.rewrite(folder, topology("new-", "{}", "adopt: true"));
    await applied(stack);
    expect(deletes(bench.server)).toEqual([]);
    expect(seen(bench.server)).toEqual(there);
    await unchanged(stack);
    // What was adopted is released in the end.
    expect((await stack.destroy({ skipPreview: true })).ok).toBe(true);
    expect(Object.keys(seen(bench.server).environments).sort()).toEqual(["production", "staging"]);
  });

  test("with aliases a rename is no change at all", async () => {
    const { folder, stack, there } = await started(topology(""));
    bench.rewrite(folder, topology("new-", "{ aliases: [{ name: stage }] }"));
    await applied(stack);
    expect(writes(bench.server)).toEqual([]);
    expect(seen(bench.server)).toEqual(there);
  });

  test("a forced replacement of an edge keeps the edge, and the next run has nothing to do", async () => {
    const { stack, there } = await started(topology(""));
    const edges = (await stack.resources()).filter(({ type }) => /ConnectionAssignment|WorkspaceBinding/.test(type));
    expect(edges.length).toBe(5);
    const result = await applied(stack, { skipPreview: true, replace: edges.map(({ urn }) => urn) });
    expect(result.steps.filter(({ op }) => op === "delete-replaced").length).toBe(5);
    expect(writes(bench.server)).toEqual([]);
    expect(seen(bench.server)).toEqual(there);
    await unchanged(stack);
  });

  test("edges move into a component, and objects too where it is told that they stood alone", async () => {
    const { folder, stack, there } = await started(topology("").replaceAll('"team/"', '"platform-team/"'));
    const component = (moved: boolean) => `
new meshery.EnvironmentTopology("all", {
  environments: {
    production: { connections: ["prod-rds", "prod-grafana"] },
    staging: { connections: ["staging-eks"] },
  },
  workspaces: { "platform-team": { environments: ["production", "staging"] } },
  movedFromRoot: ${moved},
});
`;
    bench.rewrite(folder, component(false));
    const refused = await stack.up({ skipPreview: true });
    expect(refused.error).toMatch(/\[exists\]/);
    expect(writes(bench.server)).toEqual([]);

    bench.rewrite(folder, component(true));
    await applied(stack);
    expect(writes(bench.server)).toEqual([]);
    expect(seen(bench.server)).toEqual(there);
    await unchanged(stack);
  });

  test("an edge whose end changes is there before the old one goes", async () => {
    const { folder, stack } = await started(topology(""));
    bench.rewrite(
      folder,
      topology("")
        .replace('"prod-grafana"', '"prod-prometheus"')
        .replace('stage + "/" + name', 'stage + "/" + name.replace("prometheus", "grafana")'),
    );
    const result = await applied(stack);
    expect(summary(changes(result)).filter((line) => line.includes("replace"))).toEqual([
      "create-replacement production/prod-grafana",
      "delete-replaced production/prod-grafana",
      "replace production/prod-grafana",
    ]);
    expect(writes(bench.server)).toEqual([
      "POST /api/environments/{id}/connections/{connectionId}",
      "DELETE /api/environments/{id}/connections/{connectionId}",
    ]);
    expect(seen(bench.server).environments.production!.connections).toEqual(["prod-prometheus", "prod-rds"]);
  });

  test("an edge that leaves the program goes, also when the run refreshes first", async () => {
    const { folder, stack } = await started(topology(""));
    bench.rewrite(folder, topology("").replace('"prod-rds", ', "").replace(', staging: ["staging-eks"]', ""));
    await applied(stack, { skipPreview: true, refresh: true });
    expect(seen(bench.server).environments).toEqual({ production: { description: "", connections: ["prod-grafana"] } });
    expect(seen(bench.server).workspaces["platform-team"]!.environments).toEqual(["production"]);
  });
});

describe("a run that is cut off between creating and deleting", () => {
  let bench: Workbench;
  beforeAll(async () => {
    bench = await Workbench.open();
  });
  afterAll(() => bench.close());
  afterEach(() => bench.server.reset());

  const started = async (source: string) => {
    const folder = bench.program(source);
    const stack = (await bench.stack("test engine", folder)) as TestStack;
    await applied(stack);
    return { folder, stack, there: seen(bench.server) };
  };

  test("keeps edges that were renamed or replaced, when the next run does the deletes", async () => {
    const { folder, stack, there } = await started(topology(""));
    bench.rewrite(folder, topology("").replaceAll('stage + "/" + name', '"new/" + stage + "/" + name'));
    const bindings = (await stack.resources()).filter(({ type }) => type.endsWith(":WorkspaceBinding"));
    const cut = await stack.up({
      skipPreview: true,
      crash: { beforeDeletes: true },
      replace: bindings.map(({ urn }) => urn),
    });
    expect(cut.ok).toBe(false);
    expect((await stack.resources()).filter((record) => record.delete).length).toBe(bindings.length);
    const next = await applied(stack);
    expect(next.steps.filter(({ op }) => op.startsWith("delete")).length).toBe(5);
    expect(deletes(bench.server)).toEqual([]);
    expect(seen(bench.server)).toEqual(there);
  });

  test("keeps an object that was adopted under another name, though nothing creates it again", async () => {
    const { folder, stack, there } = await started(topology(""));
    bench.rewrite(folder, topology("new-", "{}", "adopt: true"));
    expect((await stack.up({ skipPreview: true, crash: { beforeDeletes: true } })).ok).toBe(false);
    const next = await applied(stack);
    expect(next.steps.some(({ op, urn }) => op === "delete" && urn.endsWith("::production"))).toBe(true);
    expect(deletes(bench.server)).toEqual([]);
    expect(seen(bench.server)).toEqual(there);
    await unchanged(stack);
  });

  test("still deletes what left the program", async () => {
    const { folder, stack } = await started(topology(""));
    bench.rewrite(folder, topology("").replace(', staging: ["staging-eks"]', ""));
    expect((await stack.up({ skipPreview: true, crash: { beforeDeletes: true } })).ok).toBe(false);
    await applied(stack, { skipPreview: true, refresh: true });
    expect(Object.keys(seen(bench.server).environments)).toEqual(["production"]);
  });

  test("finds what it had made before it could record it", async () => {
    const folder = bench.program(topology(""));
    const stack = (await bench.stack("test engine", folder)) as TestStack;
    expect((await stack.up({ skipPreview: true, crash: { unrecorded: 3 } })).ok).toBe(false);
    const stopped = await stack.up({ skipPreview: true });
    // An object that was made and not recorded is not taken over without being asked; edges are facts and need no asking.
    if (!stopped.ok) {
      expect(stopped.error).toMatch(/MESHERY_ADOPT=1/);
      stack.env = { ...stack.env, MESHERY_ADOPT: "1" };
      await applied(stack);
    }
    expect(Object.keys(seen(bench.server).environments).sort()).toEqual(["production", "staging"]);
  });
});
