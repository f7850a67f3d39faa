import { changes, type StackDriver, summary, type TestStack } from "../../pulumi-engine";
import { seen } from "../../support/meshery";
import { deletes, writes } from "../dynamic/support/requests";
import { type Bench, type Door, doors, type Program } from "./doors";

const CONNECTIONS = { production: ["prod-rds", "prod-grafana"], staging: ["staging-eks"] };

interface Variation {
  /** Goes into every logical name. */
  mark?: string;
  /** Goes into the names of edges. */
  edgeMark?: string;
  connections?: Record<string, string[]>;
  /** Of each environment. */
  inputs?: Record<string, unknown>;
  options?: (stage: string) => Record<string, unknown>;
}

/** Two environments, three assignments and two bindings. */
function topology({ mark = "", edgeMark = mark, connections = CONNECTIONS, inputs, options }: Variation = {}): Program {
  const stages = Object.keys(connections);
  return {
    environments: Object.fromEntries(
      stages.map((stage) => [
        `${mark}${stage}`,
        { name: stage, ...inputs, ...(options && { options: options(stage) }) },
      ]),
    ),
    bindings: Object.fromEntries(
      stages.map((stage) => [`${edgeMark}platform-team/${stage}`, { environment: `${mark}${stage}` }]),
    ),
    assignments: Object.fromEntries(
      stages.flatMap((stage) =>
        connections[stage]!.map((connection) => [
          `${edgeMark}${stage}/${connection}`,
          { environment: `${mark}${stage}`, connection },
        ]),
      ),
    ),
  };
}

const KEPT = /was kept\. It is declared elsewhere in this program/;
const EDGES = /ConnectionAssignment|WorkspaceBinding/;

async function applied(stack: StackDriver, options: Parameters<StackDriver["up"]>[0] = { skipPreview: true }) {
  const result = await stack.up(options);
  expect(result.error).toBeUndefined();
  return result;
}

async function unchanged(stack: StackDriver) {
  expect(changes(await applied(stack))).toEqual([]);
}

const played = doors.flatMap((door) => door.engines.map((engine) => ({ door, engine, title: door.name })));

describe.each(played)("what a program declares is never undone: $title, on the $engine", ({ door, engine }) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await door.open();
  });
  afterAll(() => bench.close());
  afterEach(() => bench.server.reset());

  const started = async (program: Program) => {
    const opened = await bench.stack(engine, program);
    await applied(opened.stack);
    const there = seen(bench.server);
    bench.server.requests.clear();
    return { ...opened, there };
  };
  const nothingWritten = (there: unknown) => {
    expect(writes(bench.server)).toEqual([]);
    expect(seen(bench.server)).toEqual(there);
  };

  /** A scenario that one door alone can play. */
  const only = (name: Door["name"], title: string, play: () => Promise<void>) => {
    if (door.name === name) test(title, play);
  };

  test("a life: created, found unchanged, refreshed, updated, destroyed", async () => {
    const before = seen(bench.server);
    const { stack, edit } = await started(topology());
    await unchanged(stack);
    expect(changes(await stack.refresh({ skipPreview: true }))).toEqual([]);
    const described = topology();
    described.environments.production!.description = "live";
    edit(described);
    const updated = await applied(stack, {});
    expect(summary(changes(updated))).toEqual(["update production"]);
    expect(summary(changes(updated.preview!))).toEqual(["update production"]);
    expect(updated.steps.find(({ op }) => op === "update")?.detailedDiff).toEqual(door.detailedDiff);
    const live = { description: "live", connections: ["prod-grafana", "prod-rds"] };
    expect(seen(bench.server).environments.production).toEqual(live);
    // A description that leaves the program is not managed any more, and stays.
    edit(topology());
    expect(changes(await applied(stack))).toEqual([]);
    expect(seen(bench.server).environments.production?.description).toBe("live");
    expect((await stack.destroy({ skipPreview: true })).ok).toBe(true);
    expect(seen(bench.server)).toEqual(before);
  });

  test("edges keep while all their logical names change, and only their records move", async () => {
    const { stack, edit, there } = await started(topology());
    edit(topology({ edgeMark: "new-" }));
    const result = await applied(stack);
    const names = ["platform-team/production", "platform-team/staging", "production/prod-grafana"];
    const edges = [...names, "production/prod-rds", "staging/staging-eks"];
    const moved = [...edges.map((name) => `create new-${name}`), ...edges.map((name) => `delete ${name}`)];
    expect(summary(changes(result))).toEqual(moved.sort());
    expect(result.messages.filter(({ text }) => KEPT.test(text)).length).toBe(5);
    nothingWritten(there);
    await unchanged(stack);
    expect(changes(await stack.refresh({ skipPreview: true }))).toEqual([]);
  });

  test("an environment renamed in the program is not seized, and not deleted when it is adopted", async () => {
    const { stack, edit, there } = await started(topology());
    edit(topology({ mark: "new-" }));
    const refused = await stack.up({ skipPreview: true });
    expect(refused.ok).toBe(false);
    expect(refused.error).toMatch(door.refusal);
    expect(writes(bench.server)).toEqual([]);

    edit(topology({ mark: "new-", inputs: { adopt: true } }));
    await applied(stack);
    nothingWritten(there);
    await unchanged(stack);
    // What was adopted is released in the end.
    expect((await stack.destroy({ skipPreview: true })).ok).toBe(true);
    expect(Object.keys(seen(bench.server).environments).sort()).toEqual(["production", "staging"]);
  });

  test("with aliases a rename is no change at all", async () => {
    const { stack, edit, there } = await started(topology());
    edit(topology({ mark: "new-", options: (stage) => ({ aliases: [{ name: stage }] }) }));
    await applied(stack);
    nothingWritten(there);
    await unchanged(stack);
  });

  test("a forced replacement of edges keeps them, and the next run has nothing to do", async () => {
    const { stack, there } = await started(topology());
    const edges = (await stack.resources()).filter(({ type }) => EDGES.test(type));
    expect(edges.length).toBe(5);
    const result = await applied(stack, { skipPreview: true, replace: edges.map(({ urn }) => urn) });
    expect(result.steps.filter(({ op }) => op === "delete-replaced").length).toBe(5);
    nothingWritten(there);
    await unchanged(stack);
  });

  test("an edge whose end changes is there before the old one goes", async () => {
    const { stack, edit } = await started(topology());
    const other = topology();
    other.assignments["production/prod-grafana"]!.connection = "prod-prometheus";
    edit(other);
    const result = await applied(stack);
    expect(summary(changes(result))).toEqual([
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

  test("two edges that change places keep their pairs", async () => {
    const pair = (one: string, two: string): Program => ({
      environments: { production: { name: "production" } },
      assignments: {
        one: { environment: "production", connection: one },
        two: { environment: "production", connection: two },
      },
      bindings: {},
    });
    const { stack, edit, there } = await started(pair("prod-rds", "prod-grafana"));
    edit(pair("prod-grafana", "prod-rds"));
    await applied(stack);
    nothingWritten(there);
    await unchanged(stack);
  });

  // A dynamic provider cannot tell an engine which inputs changed, so that `replaceOnChanges` does nothing there.
  only(
    "plugin",
    "a replacement that the user asks for deletes first, since the name can be had only once",
    async () => {
      const only = (description: string): Program => ({
        environments: {
          production: { name: "production", description, options: { replaceOnChanges: ["description"] } },
        },
        assignments: {},
        bindings: {},
      });
      const alive = () => bench.server.store.environments.list().filter((row) => row.deletedAt === null);
      const { stack, edit } = await started(only("one"));
      const [first] = alive();
      edit(only("two"));
      await applied(stack);
      const [second, ...others] = alive();
      expect(second).toMatchObject({ name: "production", description: "two" });
      expect(second?.id).not.toBe(first?.id);
      expect(others).toEqual([]);
      await unchanged(stack);
    },
  );

  test("what leaves the program goes, also when the run refreshes first", async () => {
    const { stack, edit } = await started(topology());
    edit(topology({ connections: { production: ["prod-grafana"] } }));
    await applied(stack, { skipPreview: true, refresh: true });
    expect(seen(bench.server).environments).toEqual({ production: { description: "", connections: ["prod-grafana"] } });
    expect(seen(bench.server).workspaces["platform-team"]!.environments).toEqual(["production"]);
    edit({ ...topology({ connections: { production: [] } }), bindings: {} });
    await applied(stack, { skipPreview: true, refresh: true });
    expect(seen(bench.server).environments).toEqual({ production: { description: "", connections: [] } });
    expect(seen(bench.server).workspaces["platform-team"]!.environments).toEqual([]);
  });

  test("drift is found by a refresh and put right by the next run", async () => {
    const { stack, there } = await started(topology({ inputs: { description: "live" } }));
    const { environments, environmentConnections } = bench.server.store;
    const row = environments.list().find(({ name, deletedAt }) => name === "production" && deletedAt === null)!;
    environments.update(row.id, { description: "changed by hand" });
    for (const edge of environmentConnections.list()) environmentConnections.delete(edge.id);
    const refreshed = await stack.refresh({ skipPreview: true });
    const found = refreshed.steps.filter(({ op }) => op !== "same");
    const edges = ["production/prod-grafana", "production/prod-rds", "staging/staging-eks"];
    expect(found.map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`)).toEqual(
      expect.arrayContaining(["update production", ...edges.map((name) => `delete ${name}`)]),
    );
    expect(summary(changes(await applied(stack)))).toEqual([
      ...edges.map((name) => `create ${name}`),
      "update production",
    ]);
    expect(seen(bench.server)).toEqual(there);
  });

  // A component is written in a language; YAML programs have none of ours.
  only("dynamic", "edges move into a component, and objects too where it is told that they stood alone", async () => {
    const { stack, edit, there } = await started(topology());
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
    edit(component(false));
    const refused = await stack.up({ skipPreview: true });
    expect(refused.error).toMatch(/\[exists\]/);
    expect(writes(bench.server)).toEqual([]);

    edit(component(true));
    await applied(stack);
    nothingWritten(there);
    await unchanged(stack);
  });
});

describe.each(doors)("a run that is cut off between creating and deleting: $name", (door: Door) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await door.open();
  });
  afterAll(() => bench.close());
  afterEach(() => bench.server.reset());

  const opened = async (program: Program) => {
    const { stack, edit } = await bench.stack("test engine", program);
    return { stack: stack as TestStack, edit };
  };
  const started = async (program: Program) => {
    const { stack, edit } = await opened(program);
    await applied(stack);
    bench.server.requests.clear();
    return { stack, edit, there: seen(bench.server) };
  };
  const cutOff = async (stack: TestStack, replace: string[] = []) =>
    expect((await stack.up({ skipPreview: true, crash: { beforeDeletes: true }, replace })).ok).toBe(false);

  test("keeps edges that were renamed or replaced, when the next run does the deletes", async () => {
    const { stack, edit, there } = await started(topology());
    const { bindings } = topology();
    edit({ ...topology({ edgeMark: "new-" }), bindings });
    const replaced = (await stack.resources()).filter(({ type }) => /WorkspaceBinding$/.test(type));
    await cutOff(
      stack,
      replaced.map(({ urn }) => urn),
    );
    expect((await stack.resources()).filter((record) => record.delete).length).toBe(replaced.length);
    const next = await applied(stack);
    expect(next.steps.filter(({ op }) => op.startsWith("delete")).length).toBe(5);
    expect(deletes(bench.server)).toEqual([]);
    expect(seen(bench.server)).toEqual(there);
    await unchanged(stack);
  });

  test("keeps an object that was adopted under another name, though nothing creates it again", async () => {
    const { stack, edit, there } = await started(topology());
    edit(topology({ mark: "new-", inputs: { adopt: true } }));
    await cutOff(stack);
    const next = await applied(stack);
    expect(next.steps.some(({ op, urn }) => op === "delete" && urn.endsWith("::production"))).toBe(true);
    expect(deletes(bench.server)).toEqual([]);
    expect(seen(bench.server)).toEqual(there);
    await unchanged(stack);
  });

  test("still deletes what left the program", async () => {
    const { stack, edit } = await started(topology());
    edit(topology({ connections: { production: CONNECTIONS.production } }));
    await cutOff(stack);
    await applied(stack, { skipPreview: true, refresh: true });
    expect(Object.keys(seen(bench.server).environments)).toEqual(["production"]);
  });

  test("finds what it had made before it could record it", async () => {
    const { stack, edit } = await opened(topology());
    expect((await stack.up({ skipPreview: true, crash: { unrecorded: 3 } })).ok).toBe(false);
    const stopped = await stack.up({ skipPreview: true });
    // An object that was made and not recorded is taken over only when the user says so; edges are facts and need no word.
    if (!stopped.ok) {
      expect(stopped.error).toMatch(/MESHERY_ADOPT=1/);
      // The plugin's process was declared with its environment; there the program says it.
      if (door.name === "plugin") edit(topology({ inputs: { adopt: true } }));
      else stack.env = { ...stack.env, MESHERY_ADOPT: "1" };
      await applied(stack);
    }
    expect(Object.keys(seen(bench.server).environments).sort()).toEqual(["production", "staging"]);
  });
});
