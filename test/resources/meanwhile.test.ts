import type { State, Values } from "../../provider/core";
import { lookups } from "../../provider/resources";
import { MesheryServer, seen } from "../support/meshery";
import { type Bench, benchFor } from "../support/session";

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

/** The object is deleted when somebody asks what it holds. */
function goesWhenAsked(table: Table, name: string, children: string): void {
  const id = idOf(table, name);
  const run = () => server.store[table].update(id, { deletedAt: server.store.now() });
  server.faults.add({ method: "GET", path: `/api/${table}/${id}/${children}`, effect: { kind: "call", run } });
}
/** The server denies, for one request, that it has the object. */
function deniedWhenAsked(table: Table, name: string, children: string): void {
  const path = `/api/${table}/${idOf(table, name)}/${children}`;
  server.faults.add({ method: "GET", path, effect: { kind: "status", status: 404 } });
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
    ["Environment", { name: "production" }, "workspaces", "leaving", "environments"],
    ["Connection", { name: "p", kind: "prometheus", type: "observability" }, "environments", "going", "connections"],
  ] as const)("one that is still listed stops the delete of the %s", async (type, inputs, table, name, children) => {
    const state = await bench.create(type, inputs);
    if (type === "Connection")
      server.store.environmentConnections.insert({ environmentId: idOf("environments", name), connectionId: state.id });
    const before = seen(server);
    deniedWhenAsked(table, name, children);
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

  test("is an error where it is the one that was asked for", async () => {
    goesWhenAsked("environments", "theirs", "connections");
    await expect(look("getEnvironment", { name: "theirs" })).rejects.toMatchObject({ code: "not-found" });
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

test("a list that two providers of one run shorten at once is read whole in the end", async () => {
  const made = await Promise.all(Array.from({ length: 600 }, (_, i) => bench.create("Environment", { name: `e${i}` })));
  const providers = [benchFor(server), benchFor(server)];
  // Ten at a time each, as engines do.
  const queues = providers.map((provider, k) => ({ provider, left: made.filter((_, i) => i % 2 === k) }));
  const workers = queues.flatMap((queue) => Array.from({ length: 10 }, () => queue));
  await Promise.all(
    workers.map(async ({ provider, left }) => {
      for (let state = left.pop(); state; state = left.pop()) await provider.remove("Environment", state);
    }),
  );
  expect(environments()).toEqual(["going", "theirs"]);
});
