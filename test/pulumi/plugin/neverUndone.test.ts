import { changes, type StackDriver, summary, type TestStack } from "../../pulumi-engine";
import { seen } from "../../support/meshery";
import {
  applied,
  assignment,
  binding,
  type EngineName,
  engines,
  environment,
  idOf,
  lookUp,
  PluginBench,
  type YamlStack,
  yamlProgram,
} from "./support/bench";

interface Names {
  environment?: string;
  edge?: string;
  binding?: string;
}

const lookups = {
  gke: lookUp("getConnection", "gke"),
  grafana: lookUp("getConnection", "grafana"),
  team: lookUp("getWorkspace", "platform"),
};

/** An environment, an edge and a binding, under any logical names. */
const topology = (
  names: Names = {},
  { connection = "gke", more = {}, options }: { connection?: string; more?: object; options?: object } = {},
) => {
  const { environment: e = "production", edge = "edge", binding: b = "binding" } = names;
  return yamlProgram(
    {
      [e]: environment({ name: "production", ...more }, options as Record<string, unknown>),
      [edge]: assignment(idOf(e), idOf(connection)),
      [b]: binding(idOf("team"), idOf(e)),
    },
    lookups,
  );
};

const KEPT = /was kept\. It is declared elsewhere in this program/;
const writes = (bench: PluginBench) =>
  bench.server.requests.list.filter(({ method }) => method !== "GET").map(({ method, route }) => `${method} ${route}`);

async function unchanged(stack: StackDriver) {
  expect(changes(await applied(stack))).toEqual([]);
}

describe.each(engines())("what a program declares is never undone, on the %s", (engine: EngineName) => {
  let bench: PluginBench;
  beforeAll(async () => {
    bench = await PluginBench.open();
  });
  afterAll(() => bench.close());
  afterEach(() => bench.server.reset());

  const started = async (yaml: string) => {
    const stack = await bench.stack(engine, yaml);
    await applied(stack);
    const there = seen(bench.server);
    bench.server.requests.clear();
    return { stack, there };
  };
  const edit = async (stack: YamlStack, yaml: string, options?: Parameters<StackDriver["up"]>[0]) => {
    stack.setYaml(yaml);
    return applied(stack, options);
  };

  test("a life: created, found unchanged, refreshed, updated, destroyed", async () => {
    const before = seen(bench.server);
    const { stack } = await started(topology());
    await unchanged(stack);
    expect(changes(await stack.refresh({ skipPreview: true }))).toEqual([]);
    const updated = await edit(stack, topology({}, { more: { description: "live" } }), {});
    expect(summary(changes(updated))).toEqual(["update production"]);
    expect(summary(changes(updated.preview!))).toEqual(["update production"]);
    expect(updated.steps.find(({ op }) => op === "update")?.detailedDiff).toEqual({ description: "add" });
    expect(seen(bench.server).environments.production).toEqual({ description: "live", connections: ["gke"] });
    // A description that leaves the program is not managed any more, and stays.
    expect(changes(await edit(stack, topology()))).toEqual([]);
    expect(seen(bench.server).environments.production?.description).toBe("live");
    expect((await stack.destroy({ skipPreview: true })).ok).toBe(true);
    expect(seen(bench.server)).toEqual(before);
  });

  test("edges keep while all their logical names change, and only their records move", async () => {
    const { stack, there } = await started(topology());
    const result = await edit(stack, topology({ edge: "edge2", binding: "binding2" }));
    expect(summary(changes(result))).toEqual(["create binding2", "create edge2", "delete binding", "delete edge"]);
    expect(result.messages.filter(({ text }) => KEPT.test(text)).length).toBe(2);
    expect(writes(bench)).toEqual([]);
    expect(seen(bench.server)).toEqual(there);
    await unchanged(stack);
    expect(changes(await stack.refresh({ skipPreview: true }))).toEqual([]);
  });

  test("an environment renamed in the program is not seized, and not deleted when it is adopted", async () => {
    const { stack, there } = await started(topology());
    stack.setYaml(topology({ environment: "renamed" }));
    const refused = await stack.up({ skipPreview: true });
    expect(refused.error).toMatch(
      /already has "production".*`pulumi import meshery:index:Environment <name> \S+`.*aliases.*adopt: true/s,
    );
    expect(writes(bench)).toEqual([]);

    await edit(stack, topology({ environment: "renamed" }, { more: { adopt: true } }));
    expect(writes(bench)).toEqual([]);
    expect(seen(bench.server)).toEqual(there);
    await unchanged(stack);
    // What was adopted is released in the end.
    expect((await stack.destroy({ skipPreview: true })).ok).toBe(true);
    expect(Object.keys(seen(bench.server).environments)).toEqual(["production"]);
  });

  test("with aliases a rename is no change at all", async () => {
    const { stack, there } = await started(topology());
    await edit(stack, topology({ environment: "renamed" }, { options: { aliases: [{ name: "production" }] } }));
    expect(writes(bench)).toEqual([]);
    expect(seen(bench.server)).toEqual(there);
    await unchanged(stack);
  });

  test("a forced replacement of edges keeps them, and the next run has nothing to do", async () => {
    const { stack, there } = await started(topology());
    const edges = (await stack.resources()).filter(({ type }) => /ConnectionAssignment|WorkspaceBinding/.test(type));
    const result = await applied(stack, { skipPreview: true, replace: edges.map(({ urn }) => urn) });
    expect(result.steps.filter(({ op }) => op === "delete-replaced").length).toBe(2);
    expect(writes(bench)).toEqual([]);
    expect(seen(bench.server)).toEqual(there);
    await unchanged(stack);
  });

  test("an edge whose end changes is there before the old one goes", async () => {
    const { stack } = await started(topology());
    const result = await edit(stack, topology({}, { connection: "grafana" }));
    expect(summary(changes(result))).toEqual(["create-replacement edge", "delete-replaced edge", "replace edge"]);
    expect(writes(bench)).toEqual([
      "POST /api/environments/{id}/connections/{connectionId}",
      "DELETE /api/environments/{id}/connections/{connectionId}",
    ]);
    expect(seen(bench.server).environments.production?.connections).toEqual(["grafana"]);
  });

  test("two edges that change places keep their pairs", async () => {
    const pair = (first: string, second: string) =>
      yamlProgram(
        {
          production: environment({ name: "production" }),
          one: assignment(idOf("production"), idOf(first)),
          two: assignment(idOf("production"), idOf(second)),
        },
        lookups,
      );
    const { stack, there } = await started(pair("gke", "grafana"));
    await edit(stack, pair("grafana", "gke"));
    expect(seen(bench.server)).toEqual(there);
    expect(writes(bench)).toEqual([]);
    await unchanged(stack);
  });

  test("a replacement that the user asks for deletes first, since the name can be had only once", async () => {
    const options = { replaceOnChanges: ["description"] };
    const only = (description: string) =>
      yamlProgram({ production: environment({ name: "production", description }, options) });
    const { stack } = await started(only("one"));
    const [first] = bench.server.store.environments.list().filter((row) => row.deletedAt === null);
    await edit(stack, only("two"));
    const [second, ...others] = bench.server.store.environments.list().filter((row) => row.deletedAt === null);
    expect(second).toMatchObject({ name: "production", description: "two" });
    expect(second?.id).not.toBe(first?.id);
    expect(others).toEqual([]);
    await unchanged(stack);
  });

  test("what leaves the program goes, also when the run refreshes first", async () => {
    const { stack } = await started(topology());
    await edit(stack, yamlProgram({ production: environment({ name: "production" }) }), {
      skipPreview: true,
      refresh: true,
    });
    expect(seen(bench.server).environments).toEqual({ production: { description: "", connections: [] } });
    expect(seen(bench.server).workspaces.platform?.environments).toEqual([]);
  });

  test("drift is found by a refresh and put right by the next run", async () => {
    const { stack, there } = await started(topology({}, { more: { description: "live" } }));
    const [row] = bench.server.store.environments.list().filter((entry) => entry.deletedAt === null);
    bench.server.store.environments.update(row!.id, { description: "changed by hand" });
    for (const edge of bench.server.store.environmentConnections.list()) {
      bench.server.store.environmentConnections.delete(edge.id);
    }
    const refreshed = await stack.refresh({ skipPreview: true });
    expect(
      refreshed.steps.filter(({ op }) => op !== "same").map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`),
    ).toEqual(expect.arrayContaining(["update production", "delete edge"]));
    expect(summary(changes(await applied(stack)))).toEqual(["create edge", "update production"]);
    expect(seen(bench.server)).toEqual(there);
  });
});

describe("a run that is cut off between creating and deleting", () => {
  let bench: PluginBench;
  beforeAll(async () => {
    bench = await PluginBench.open();
  });
  afterAll(() => bench.close());
  afterEach(() => bench.server.reset());

  const started = async () => {
    const stack = (await bench.stack("test engine", topology())) as TestStack;
    await applied(stack);
    const there = seen(bench.server);
    bench.server.requests.clear();
    return { stack, there };
  };
  const deletes = () => writes(bench).filter((line) => line.startsWith("DELETE"));

  test("keeps edges that were renamed or replaced, when the next run does the deletes", async () => {
    const { stack, there } = await started();
    stack.setYaml(topology({ edge: "edge2" }));
    const bindings = (await stack.resources()).filter(({ type }) => type.endsWith(":WorkspaceBinding"));
    const replace = bindings.map(({ urn }) => urn);
    expect((await stack.up({ skipPreview: true, crash: { beforeDeletes: true }, replace })).ok).toBe(false);
    const next = await applied(stack);
    expect(next.steps.filter(({ op }) => op.startsWith("delete")).length).toBe(2);
    expect(deletes()).toEqual([]);
    expect(seen(bench.server)).toEqual(there);
    await unchanged(stack);
  });

  test("keeps an object that was adopted under another name, though nothing creates it again", async () => {
    const { stack, there } = await started();
    stack.setYaml(topology({ environment: "renamed" }, { more: { adopt: true } }));
    expect((await stack.up({ skipPreview: true, crash: { beforeDeletes: true } })).ok).toBe(false);
    const next = await applied(stack);
    expect(next.steps.some(({ op, urn }) => op === "delete" && urn.endsWith("::production"))).toBe(true);
    expect(deletes()).toEqual([]);
    expect(seen(bench.server)).toEqual(there);
    await unchanged(stack);
  });
});
