import type { State, Values } from "../../provider/framework";
import { lookups } from "../../provider/resources";
import type { FaultEffect } from "../../provider/server";
import { MesheryServer, seen } from "../support/meshery";
import { type Bench, benchFor } from "../support/session";
import { typed } from "../support/typedMeshery";

// While a run works, others change what it looks at: people, other tools, another provider of the same run.

const world = {
  connections: { cluster: { kind: "kubernetes" } },
  environments: { theirs: {}, going: {} },
  workspaces: { team: {}, leaving: {} },
};
type Table = "environments" | "workspaces";

let server: MesheryServer;
let bench: Bench;
beforeEach(async () => {
  server = await MesheryServer.start({ world });
  bench = benchFor(server);
});
afterEach(() => server.close());

const idOf = (table: Table | "connections", name: string) => server.store[table].find({ name, deletedAt: null })!.id;

/** What happens when somebody asks for the first time what an object holds. */
const whenAsked = (table: Table, name: string, children: string, effect: FaultEffect) =>
  server.faults.add({ method: "GET", path: `/api/${table}/${idOf(table, name)}/${children}`, effect });
/** The object is deleted. */
function goesWhenAsked(table: Table, name: string, children: string): void {
  const id = idOf(table, name);
  const run = () => server.store[table].update(id, { deletedAt: server.store.now() });
  whenAsked(table, name, children, { kind: "call", run });
}
/** In a later run: none removes what it made itself. */
const remove = (type: string, state: State) => benchFor(server).remove(type, state);
const environments = () => Object.keys(seen(server).environments).sort();
const look = (name: string, inputs: Values) =>
  lookups
    .find((lookup) => lookup.name === name)!
    .read(
      bench.session.context(() => undefined),
      inputs,
    );

describe("an object that goes while another one is deleted", () => {
  test("a workspace, while an environment looks for who holds it", async () => {
    const state = await bench.create("Environment", { name: "production" });
    goesWhenAsked("workspaces", "leaving", "environments");
    await remove("Environment", state);
    expect(environments()).toEqual(["going", "theirs"]);
  });

  test("an environment, while a connection looks for who holds it", async () => {
    const state = await bench.create("Connection", { name: "prometheus", kind: "prometheus", type: "observability" });
    server.store.environmentConnections.insert({
      environmentId: idOf("environments", "going"),
      connectionId: state.id,
    });
    goesWhenAsked("environments", "going", "connections");
    await remove("Connection", state);
    expect(seen(server).connections).toEqual(["cluster"]);
  });

  test.each([
    ["Environment", "environments", "connections"],
    ["Workspace", "workspaces", "environments"],
  ] as const)("the one itself, while it looks for who holds it: %s", async (type, table, children) => {
    const state = await bench.create(type, { name: "production" });
    goesWhenAsked(table, "production", children);
    await remove(type, state);
    expect(server.store[table].find({ name: "production", deletedAt: null })).toBeUndefined();
    expect(server.requests.list.filter(({ method }) => method === "DELETE")).toEqual([]);
  });

  test.each([
    ["Environment", { name: "production" }, "workspaces", "leaving", "environments"],
    ["Connection", { name: "p", kind: "prometheus", type: "observability" }, "environments", "going", "connections"],
  ] as const)("one that is still listed stops the delete of the %s", async (type, inputs, table, name, children) => {
    const state = await bench.create(type, inputs);
    if (type === "Connection")
      server.store.environmentConnections.insert({ environmentId: idOf("environments", name), connectionId: state.id });
    const before = seen(server);
    whenAsked(table, name, children, { kind: "status", status: 404 });
    await expect(remove(type, state)).rejects.toMatchObject({ code: "not-found" });
    expect(seen(server)).toEqual(before);
  });
});

describe("an object that goes while all are looked up", () => {
  test.each([
    ["environments", "going", "connections", { environments: [{ name: "theirs" }] }],
    ["workspaces", "leaving", "environments", { environments: [{ name: "going" }, { name: "theirs" }] }],
  ] as const)("is not among them: %s", async (table, name, children, expected) => {
    goesWhenAsked(table, name, children);
    expect(await look("getEnvironments", {})).toMatchObject({ ...expected, assignments: [], bindings: [] });
  });

  test("does not keep an environment from being found", async () => {
    goesWhenAsked("workspaces", "leaving", "environments");
    expect(await look("getEnvironment", { name: "theirs" })).toMatchObject({ name: "theirs", workspaces: [] });
  });

  test.each([
    ["getEnvironment", "environments", "theirs", "connections"],
    ["getWorkspace", "workspaces", "team", "environments"],
  ] as const)("is missing where %s asked for it, and found where it was made anew", async (name, table, called, children) => {
    goesWhenAsked(table, called, children);
    await expect(look(name, { name: called })).rejects.toMatchObject({ code: "missing" });
    const [first, second] = [benchFor(server), benchFor(server)]; // Two runs: none removes what it made.
    const type = name === "getEnvironment" ? "Environment" : "Workspace";
    const old = await first.create(type, { name: called });
    // Known by name, and not yet asked for what it holds.
    await typed(bench.session.client)[table](server.organizationId).read("now");
    await second.remove(type, old);
    const next = await second.create(type, { name: called });
    expect(await look(name, { name: called })).toMatchObject({ id: next.id });
  });
});

describe("what changes after a list was read", () => {
  const assignment = (environmentId: string, connection: string) => ({
    environmentId,
    connectionId: idOf("connections", connection),
  });

  test("does not stand in the way of a delete where another provider of the run removes it", async () => {
    server.store.connections.insert({ name: "grafana", kind: "grafana" });
    const environment = await bench.create("Environment", { name: "production" });
    const own = await bench.create("ConnectionAssignment", assignment(environment.id, "cluster"));
    const theirs = await bench.create("ConnectionAssignment", assignment(environment.id, "grafana"));
    const [one, other] = [benchFor(server), benchFor(server)];
    // The one still sees the assignment of the other when it removes its own.
    await one.remove("ConnectionAssignment", own);
    await other.remove("ConnectionAssignment", theirs);
    await one.remove("Environment", environment);
    expect(environments()).toEqual(["going", "theirs"]);
  });

  test.each([
    ["getConnection", { name: "late" }, () => server.store.connections.insert({ name: "late", kind: "github" })],
    ["getEnvironment", { name: "late" }, () => benchFor(server).create("Environment", { name: "late" })],
    ["getWorkspace", { name: "late" }, () => benchFor(server).create("Workspace", { name: "late" })],
  ])("is found by a lookup when it is there: %s", async (name, inputs, come) => {
    await expect(look(name, inputs)).rejects.toMatchObject({ code: "missing" });
    await come();
    expect(await look(name, inputs)).toMatchObject(inputs);
  });

  test("is found by a lookup that knew only what is out of use", async () => {
    const [row] = server.store.connections.list({ name: "cluster" });
    server.store.connections.update(row!.id, { status: "not found" });
    expect(await look("getConnection", { name: "cluster" })).toMatchObject({ id: row!.id });
    const { id } = server.store.connections.insert({ name: "cluster", kind: "kubernetes", status: "connected" });
    expect(await look("getConnection", { name: "cluster" })).toMatchObject({ id });
  });

  test("is a holder, although the environment came later", async () => {
    const state = await bench.create("Connection", { name: "prometheus", kind: "prometheus", type: "observability" });
    const run = benchFor(server);
    await typed(run.session.client).environments(server.organizationId).read("cached");
    const { id } = await bench.create("Environment", { name: "late" });
    server.store.environmentConnections.insert({ environmentId: id, connectionId: state.id });
    await expect(run.remove("Connection", state)).rejects.toMatchObject({ code: "in-use" });
  });

  test("a refused delete asks again only what held the object", async () => {
    const environment = await bench.create("Environment", { name: "production" });
    const teams = Array.from({ length: 20 }, (_, i) =>
      server.store.workspaces.insert({ name: `team ${i}`, organizationId: server.organizationId }),
    );
    server.store.workspaceEnvironments.insert({ workspaceId: teams[0]!.id, environmentId: environment.id });
    server.requests.clear();
    await expect(remove("Environment", environment)).rejects.toMatchObject({ code: "in-use" });
    const bound = server.requests.list.filter(({ path }) => /^\/api\/workspaces\/[^/]+\/environments$/.test(path));
    const workspaces = server.store.workspaces.list({ deletedAt: null }).length;
    // One of them has the environment and is asked again; the others are empty, and each was read twice.
    expect(bound.length).toBe(1 + 1 + 2 * (workspaces - 1));
  });

  test("a name that somebody else took is still refused", async () => {
    const { id } = server.store.environments.find({ name: "theirs" })!;
    await typed(bench.session.client).environments(server.organizationId).read("cached");
    server.store.environments.update(id, { name: "given away" });
    const taken = server.store.environments.insert({ name: "theirs", organizationId: server.organizationId });
    await expect(bench.create("Environment", { name: "theirs" })).rejects.toMatchObject({
      code: "exists",
      message: expect.stringContaining(taken.id),
    });
    expect(server.requests.list.filter(({ method }) => method === "POST")).toEqual([]);
  });

  test("what keeps a complaint from being judged again does not replace it", async () => {
    await expect(look("getEnvironment", { name: "nobody" })).rejects.toMatchObject({ code: "missing" });
    server.faults.add({ route: "/api/environments", effect: { kind: "status", status: 403 }, times: Infinity });
    await expect(look("getEnvironment", { name: "nobody" })).rejects.toMatchObject({ code: "missing" });
  });

  test("makes a lookup clear that was not", async () => {
    const twin = server.store.connections.insert({ name: "cluster", kind: "kubernetes" });
    await expect(look("getConnection", { name: "cluster" })).rejects.toMatchObject({ code: "ambiguous" });
    server.store.connections.update(twin.id, { deletedAt: server.store.now() });
    expect(await look("getConnection", { name: "cluster" })).toMatchObject({ name: "cluster" });
  });

  test.each([
    ["Environment", { name: "theirs" }, { name: "ours" }],
    ["Connection", { name: "cluster", kind: "kubernetes" }, { name: "ours", kind: "kubernetes" }],
  ] as const)("gives a name away to what is created and to what is renamed: %s", async (type, inputs, other) => {
    const table = ({ Environment: "environments", Connection: "connections" } as const)[type];
    const more = type === "Connection" ? { type: "platform" } : {};
    const state = await bench.create(type, { ...other, ...more });
    const { id } = server.store[table].find({ name: inputs.name })!;
    const giveAway = () => server.store[table].update(id, { name: "given away" });
    const takeBack = () => server.store[table].update(id, { name: inputs.name });
    await expect(bench.update(type, state, { ...state, ...inputs })).rejects.toMatchObject({ code: "exists" });
    giveAway();
    const renamed = await bench.update(type, state, { ...state, ...inputs });
    expect(renamed).toMatchObject(inputs);
    await bench.update(type, renamed, { ...renamed, ...other });
    takeBack();
    const next = benchFor(server);
    await expect(next.create(type, { ...inputs, ...more })).rejects.toMatchObject({ code: "exists" });
    giveAway();
    expect(await next.create(type, { ...inputs, ...more })).toMatchObject(inputs);
  });
});

describe.each([
  ["Environment", { name: "shared" }, "environments"],
  ["Workspace", { name: "shared" }, "workspaces"],
  ["Connection", { name: "shared", kind: "kubernetes", type: "platform" }, "connections"],
] as const)("what others made since the list was read: %s", (type, inputs, table) => {
  beforeEach(async () => {
    await bench.create(type, { ...inputs, name: "first" });
    await benchFor(server).create(type, inputs);
  });
  const named = () => server.store[table].list({ name: "shared", deletedAt: null });

  test("gets no twin", async () => {
    await expect(bench.create(type, inputs)).rejects.toMatchObject({ code: "exists" });
    expect(named()).toHaveLength(1);
  });

  test("is not taken for what a refused create made", async () => {
    server.faults.add({ method: "POST", effect: { kind: "status", status: 409 } });
    await expect(bench.create(type, inputs)).rejects.toMatchObject({ code: "exists" });
  });
});
