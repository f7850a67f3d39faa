import type { Store } from "../../../provider/server";
import { changes, type RunResult, type StackDriver, summary } from "../../pulumi-engine";
import { heldBy, seen } from "../../support/meshery";
import { type Bench, type Declared, doors, type Inputs, type Program } from "./doors";

// Edges whose ends are given by name: a name means whoever has it when the run ends, a rename is no other object, and what stays as
// it is costs no write.

const connection = (kind: string) => ({ kind, type: "platform", status: "connected" as const });
const world = {
  connections: { gke: connection("kubernetes"), eks: connection("kubernetes") },
  environments: { theirs: {}, spare: {} },
  workspaces: { team: {} },
};

const environment = (name: string, inputs: Inputs = {}, options?: Declared["options"]): Declared => ({
  type: "Environment",
  properties: { name, ...inputs },
  ...(options && { options }),
});
const assignment = (properties: Inputs, options?: Declared["options"]): Declared => ({
  type: "ConnectionAssignment",
  properties,
  ...(options && { options }),
});
const binding = (environmentName: string): Declared => ({
  type: "WorkspaceBinding",
  properties: { workspaceName: "team", environmentName },
});
const program = (resources: Program["resources"], more: Partial<Program> = {}): Program => ({ resources, ...more });

/** An assignment alone. */
const edge = (environmentName: string, connectionName = "gke", more: Inputs = {}): Program =>
  program({ it: assignment({ environmentName, connectionName, ...more }) });
/** An environment with an edge of each kind, which name it. */
const own = (name: string, options?: Declared["options"]): Program =>
  program({
    env: environment(name, {}, options),
    it: assignment({ environmentName: "${env.name}", connectionName: "gke" }),
    bound: binding("${env.name}"),
  });
const lookups = {
  spare: { function: "getEnvironment", name: "spare" },
  gke: { function: "getConnection", name: "gke" },
};
const byId = program({ it: assignment({ environmentId: "${spare.id}", connectionId: "${gke.id}" }) }, { lookups });
const withLookups = (of: Program): Program => ({ ...of, lookups });

const alive = <Row>(rows: { find(where: object): Row | undefined }, name: string): Row =>
  rows.find({ name, deletedAt: null })!;
const rename = (store: Store, from: string, to: string) =>
  void store.environments.update(alive(store.environments, from).id, { name: to });
const twin = (store: Store, name: string, kind: string) => {
  const { id: _, ...like } = alive(store.connections, name);
  return store.connections.insert({ ...like, kind });
};

interface Scenario {
  what: string;
  before: Program;
  /** What somebody does to the server between the two runs. */
  happens?(store: Store): void;
  /** What a refresh shows of it; left out: there is none. */
  refreshed?: string[];
  after?: Program;
  /** Logical names that the user wants replaced. */
  replace?: string[];
  steps: string[];
  /** Connections by environment, environments by workspace, afterwards. */
  holds: Record<string, string[]>;
  /** Requests that write edges, in order for each kind of edge. */
  writes: string[];
}

const ADD = "POST environment's connection";
const REMOVE = "DELETE environment's connection";
const BIND = "POST workspace's environment";
const UNBIND = "DELETE workspace's environment";
const moves = (...names: string[]) =>
  names.flatMap((name) => [`create-replacement ${name}`, `delete-replaced ${name}`, `replace ${name}`]).sort();

const scenarios: Scenario[] = [
  {
    what: "the program renames the environment",
    before: own("stage"),
    after: own("production"),
    steps: ["update bound", "update env", "update it"],
    holds: { production: ["gke"], team: ["production"] },
    writes: [],
  },
  {
    what: "somebody renames the environment, which the program names by itself",
    before: edge("spare"),
    happens: (store) => rename(store, "spare", "other"),
    refreshed: [],
    steps: [],
    holds: { other: ["gke"] },
    writes: [],
  },
  {
    what: "the program follows a rename by hand",
    before: edge("spare"),
    happens: (store) => rename(store, "spare", "other"),
    after: edge("other"),
    steps: moves("it"),
    holds: { other: ["gke"] },
    writes: [],
  },
  {
    what: "the environment was deleted by hand, and is made again under its name",
    before: own("stage"),
    happens: (store) => {
      const { id } = alive(store.environments, "stage");
      store.environments.update(id, { deletedAt: store.now() });
      store.environmentConnections.deleteWhere({ environmentId: id });
      store.workspaceEnvironments.deleteWhere({ environmentId: id });
    },
    refreshed: ["delete bound", "delete env", "delete it"],
    steps: ["create bound", "create env", "create it"],
    holds: { stage: ["gke"], team: ["stage"] },
    writes: [ADD, BIND],
  },
  {
    what: "the environment is replaced in the same run",
    before: own("stage", { deleteBeforeReplace: true }),
    replace: ["env"],
    steps: moves("bound", "env", "it"),
    holds: { stage: ["gke"], team: ["stage"] },
    writes: [REMOVE, ADD, UNBIND, BIND],
  },
  {
    what: "the connection is replaced in the same run and keeps its name",
    before: program({
      con: { type: "Connection", properties: { name: "db", kind: "prometheus", type: "platform" } },
      it: assignment({ environmentName: "spare", connectionName: "${con.name}" }),
    }),
    after: program({
      con: { type: "Connection", properties: { name: "db", kind: "kubernetes", type: "platform" } },
      it: assignment({ environmentName: "spare", connectionName: "${con.name}" }),
    }),
    steps: moves("con", "it"),
    holds: { spare: ["db"] },
    writes: [ADD, REMOVE],
  },
  {
    what: "a connection came back under another id",
    before: edge("spare"),
    happens: (store) => {
      const { id } = alive(store.connections, "gke");
      twin(store, "gke", "kubernetes");
      store.connections.update(id, { deletedAt: store.now() });
    },
    refreshed: ["update it"],
    steps: moves("it"),
    holds: { spare: ["gke"] },
    writes: [ADD, REMOVE],
  },
  {
    what: "another environment took the name",
    before: edge("spare"),
    happens: (store) => {
      rename(store, "spare", "old");
      rename(store, "theirs", "spare");
    },
    refreshed: ["update it"],
    steps: moves("it"),
    holds: { spare: ["gke"], old: [] },
    writes: [ADD, REMOVE],
  },
  {
    what: "another environment of the program takes the name",
    before: program({
      env: environment("a"),
      it: assignment({ environmentName: "${env.name}", connectionName: "gke" }),
    }),
    after: program({
      env: environment("b"),
      next: environment("a", {}, { dependsOn: ["${env}"] }),
      it: assignment({ environmentName: "${next.name}", connectionName: "gke" }),
    }),
    steps: ["create next", ...moves("it"), "update env"].sort(),
    holds: { a: ["gke"], b: [] },
    writes: [ADD, REMOVE],
  },
  {
    what: "a second connection gets the name",
    before: edge("spare"),
    happens: (store) => void twin(store, "gke", "prometheus"),
    refreshed: [],
    steps: [],
    holds: { spare: ["gke"] },
    writes: [],
  },
  {
    what: "ids take the place of the names",
    before: withLookups(edge("spare")),
    after: byId,
    steps: [],
    holds: { spare: ["gke"] },
    writes: [],
  },
  {
    what: "names take the place of the ids",
    before: byId,
    after: withLookups(edge("spare")),
    steps: [],
    holds: { spare: ["gke"] },
    writes: [],
  },
  {
    what: "the edge gets another connection by name",
    before: edge("spare"),
    after: edge("spare", "eks"),
    steps: moves("it"),
    holds: { spare: ["eks"] },
    writes: [ADD, REMOVE],
  },
  {
    what: "the name of the record and of the environment change at once",
    before: program({
      env: environment("stage"),
      it: assignment({ environmentName: "${env.name}", connectionName: "gke" }),
    }),
    after: program({
      env: environment("production"),
      renamed: assignment({ environmentName: "${env.name}", connectionName: "gke" }),
    }),
    steps: ["create renamed", "delete it", "update env"],
    holds: { production: ["gke"] },
    writes: [],
  },
];

const played = doors.flatMap((door) => door.engines.map((engine) => ({ door, engine, title: door.name })));

describe.each(played)("edges by name: $title, on the $engine", ({ door, engine }) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await door.open({ world });
  });
  afterAll(() => bench.close());
  afterEach(() => bench.server.reset());

  const started = async (first: Program) => {
    const opened = await bench.stack(engine, first);
    await applied(opened.stack);
    await quiet(opened.stack);
    bench.server.requests.clear();
    return opened;
  };
  const edgeWrites = (): string[] =>
    bench.server.requests.list
      .flatMap(({ method, path }) => {
        const pair = /\/(environment|workspace)s\/[^/]+\/(connection|environment)s\/[^/]+$/.exec(path);
        return pair && method !== "GET" ? [{ method, of: `${pair[1]}'s ${pair[2]}` }] : [];
      })
      // Edges of two kinds are worked on at once.
      .sort((one, other) => (one.of < other.of ? -1 : one.of > other.of ? 1 : 0))
      .map(({ method, of }) => `${method} ${of}`);
  const holds = () => heldBy(bench.server);
  const idOf = (kind: "environments" | "connections", name: string) =>
    alive<{ id: string }>(bench.server.store[kind], name).id;

  test.each(scenarios)("$what", async ({ before, happens, refreshed, after, replace = [], steps, ...wanted }) => {
    const { stack, edit } = await started(before);
    happens?.(bench.server.store);
    if (refreshed) {
      const found = await stack.refresh({ skipPreview: true });
      expect(summary(changes(found))).toEqual(refreshed);
      bench.server.requests.clear();
    }
    if (after) edit(after);
    const urns = (await stack.resources()).map(({ urn }) => urn);
    const result = await stack.up({ replace: urns.filter((urn) => replace.includes(urn.split("::").at(-1)!)) });
    expect(result.error).toBeUndefined();
    expect(summary(changes(result))).toEqual(steps);
    expect(edgeWrites()).toEqual(wanted.writes);
    expect(holds()).toMatchObject(wanted.holds);
    await quiet(stack);
    await destroyed(stack);
    expect(Object.values(holds()).flat()).toEqual([]);
  });

  test("two connections of one name are told apart by their kind, and refused without it", async () => {
    twin(bench.server.store, "gke", "prometheus");
    const { stack, edit } = await bench.stack(engine, edge("spare"));
    const refused = await stack.up();
    expect(refused.ok).toBe(false);
    expect(refused.error).toMatch(/2 connections are named "gke": .* \(kind "kubernetes".*kind "prometheus"/s);
    expect(refused.error).toMatch(/give connectionKind, or connectionId/);
    edit(edge("spare", "gke", { connectionKind: "kubernetes" }));
    await applied(stack);
    await quiet(stack);
    edit(edge("spare", "gke", { connectionKind: "prometheus" }));
    bench.server.requests.clear();
    expect(summary(changes(await applied(stack)))).toEqual(moves("it"));
    expect(edgeWrites()).toEqual([ADD, REMOVE]);
    const [left] = bench.server.store.environmentConnections.list({ deletedAt: null });
    expect(bench.server.store.connections.get(left!.connectionId)!.kind).toBe("prometheus");
    await quiet(stack);
  });

  test("a name that is nobody's is an error that names the field", async () => {
    const { stack, edit } = await bench.stack(engine, edge("nowhere"));
    const refused = await stack.up();
    expect(refused.error).toMatch(/no environment named "nowhere"/);
    expect(refused.error).toMatch(/environmentName/);
    expect(edgeWrites()).toEqual([]);
    // Of an edge that exists too: it stays where it is.
    edit(edge("spare"));
    await applied(stack);
    edit(edge("nowhere"));
    expect((await stack.up()).error).toMatch(/no environment named "nowhere"/);
    expect(holds()).toMatchObject({ spare: ["gke"] });
    await destroyed(stack);
    expect(holds()).toMatchObject({ spare: [] });
  });

  test("a name that the same program makes is found without a reference to it", async () => {
    const { stack } = await started(
      program({ it: assignment({ environmentName: "made", connectionName: "gke" }), env: environment("made") }),
    );
    expect(holds()).toMatchObject({ made: ["gke"] });
    await quiet(stack);
  });

  test("a name that another provider of the program makes is found", async () => {
    const properties = { url: bench.server.url };
    const { stack, edit } = await started(
      program({
        other: { type: "Provider", properties },
        env: environment("made", {}, { provider: "${other}" }),
        it: assignment({ environmentName: "${env.name}", connectionName: "gke" }),
        bound: binding("made"),
      }),
    );
    expect(holds()).toMatchObject({ made: ["gke"], team: ["made"] });
    // What the other one renames, this one looks up.
    edit(
      program({
        other: { type: "Provider", properties },
        env: environment("renamed", {}, { provider: "${other}" }),
        it: assignment({ environmentName: "${env.name}", connectionName: "gke" }),
        bound: binding("renamed"),
      }),
    );
    await applied(stack);
    expect(edgeWrites()).toEqual([]);
    expect(holds()).toMatchObject({ renamed: ["gke"], team: ["renamed"] });
    await quiet(stack);
  });

  test("a name that the preview does not know yet", async () => {
    const { stack, edit } = await started(
      program({
        first: environment("first"),
        env: environment("${first.id}"),
        it: assignment({ environmentName: "${env.name}", connectionName: "gke" }),
      }),
    );
    expect(holds()).toMatchObject({ [idOf("environments", "first")]: ["gke"] });
    edit(
      program({
        first: environment("first"),
        second: environment("second"),
        env: environment("${second.id}"),
        it: assignment({ environmentName: "${env.name}", connectionName: "gke" }),
      }),
    );
    const renamed = await applied(stack, {});
    expect(summary(changes(renamed))).toEqual(["create second", "update env", "update it"]);
    expect(edgeWrites()).toEqual([]);
    await quiet(stack);
  });

  test("an id and a name that disagree are an error that names both", async () => {
    const environmentId = idOf("environments", "spare");
    const { stack, edit } = await bench.stack(engine, edge("theirs", "gke", { environmentId }));
    const refused = await stack.up();
    expect(refused.error).toMatch(/environment.*is.*"spare"/s);
    expect(refused.error).toMatch(/"theirs"/);
    expect(edgeWrites()).toEqual([]);
    edit(edge("spare", "gke", { environmentId }));
    await applied(stack);
    await quiet(stack);
    // A name that comes to stand beside the id later, too.
    edit(edge("theirs", "gke", { environmentId }));
    expect((await stack.up()).error).toMatch(/"spare".*"theirs"|"theirs".*"spare"/s);
    expect(holds()).toMatchObject({ spare: ["gke"], theirs: [] });
    // Renamed by hand: it stays, also on the way to a destroy.
    edit(edge("spare", "gke", { environmentId }));
    await applied(stack);
    rename(bench.server.store, "spare", "other");
    await quiet(stack);
    await destroyed(stack);
    expect(bench.server.store.environmentConnections.list({ deletedAt: null })).toEqual([]);
  });

  test("what a refresh found is followed too where nobody looked in between", async () => {
    const { stack } = await started(edge("spare"));
    rename(bench.server.store, "spare", "old");
    rename(bench.server.store, "theirs", "spare");
    const moved = await applied(stack, { skipPreview: true, refresh: true });
    if (engine === "pulumi") expect(holds()).toMatchObject({ spare: ["gke"], old: [] });
    else expect(moved.ok).toBe(true);
  });

  test("a get reads an edge with its names", async () => {
    const { stack, edit } = await started(edge("spare"));
    const id = `${idOf("environments", "spare")}/${idOf("connections", "gke")}`;
    edit(
      program(
        { ...edge("spare").resources, read: { type: "ConnectionAssignment", get: id } },
        { outputs: { environmentName: "${read.environmentName}", kind: "${read.connectionKind}" } },
      ),
    );
    const { outputs } = await applied(stack);
    expect(outputs).toEqual({ environmentName: "spare", kind: "kubernetes" });
    await quiet(stack);
  });

  test("a destroy with edits that were not applied leaves nothing", async () => {
    const { stack, edit } = await started(own("stage"));
    edit(
      program({
        ...own("production").resources,
        more: assignment({ environmentName: "nowhere", connectionName: "eks" }),
      }),
    );
    await destroyed(stack);
    expect(Object.values(holds()).flat()).toEqual([]);
    expect(seen(bench.server).environments).toEqual({
      spare: { description: "", connections: [] },
      theirs: { description: "", connections: [] },
    });
  });

  test("a destroy after a run that failed half-way leaves nothing", async () => {
    const { stack, edit } = await started(own("stage"));
    edit(
      program({
        ...own("production").resources,
        more: assignment({ environmentName: "nowhere", connectionName: "eks" }),
      }),
    );
    expect((await stack.up({ skipPreview: true, continueOnError: true })).ok).toBe(false);
    expect(holds()).toMatchObject({ production: ["gke"], team: ["production"] });
    await destroyed(stack);
    expect(Object.values(holds()).flat()).toEqual([]);
  });

  test("a destroy of edges whose environment and connection were renamed by hand", async () => {
    const { stack } = await started(own("stage"));
    const { store } = bench.server;
    rename(store, "stage", "other");
    store.connections.update(idOf("connections", "gke"), { name: "theirs by now" });
    store.connections.update(idOf("connections", "eks"), { name: "gke" });
    await destroyed(stack);
    expect(Object.values(holds()).flat()).toEqual([]);
  });
});

async function applied(stack: StackDriver, options: Parameters<StackDriver["up"]>[0] = { skipPreview: true }) {
  const result = await stack.up(options);
  expect(result.error).toBeUndefined();
  return result;
}

/** Nothing to do, before and after a refresh. */
async function quiet(stack: StackDriver): Promise<void> {
  expect(summary(changes(await stack.preview()))).toEqual([]);
  const refreshed: RunResult = await stack.refresh({ skipPreview: true });
  expect([refreshed.error, summary(changes(refreshed))]).toEqual([undefined, []]);
  expect(summary(changes(await stack.preview()))).toEqual([]);
}

async function destroyed(stack: StackDriver): Promise<void> {
  expect((await stack.destroy({ skipPreview: true })).error).toBeUndefined();
}
