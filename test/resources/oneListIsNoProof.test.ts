import type { State } from "../../provider/framework";
import { MesheryServer, seen } from "../support/meshery";
import { type Bench, benchFor } from "../support/session";

// One list that does not hold something, or one 404, proves nothing: rows move between pages, proxies answer for others.

const ENVIRONMENTS = "/api/environments";
const WORKSPACES = "/api/workspaces";
const always = { times: Number.POSITIVE_INFINITY };

let server: MesheryServer;
let bench: Bench;
beforeEach(async () => {
  server = await MesheryServer.start({
    world: {
      users: { alice: {}, bob: {} },
      connections: { cluster: { kind: "kubernetes", owner: "alice" } },
      environments: { production: { owner: "alice" }, other: { owner: "alice" } },
      workspaces: { team: { owner: "alice" }, "other team": { owner: "alice" } },
    },
  });
  bench = as("alice");
});
afterEach(() => server.close());

/** A new run with the token of a user. */
const as = (user: string) => benchFor(server, { token: server.tokenFor(user) });
const idOf = (table: "connections" | "environments" | "workspaces", name: string) =>
  server.store[table].find({ name, deletedAt: null })!.id;
const edge = () =>
  bench.create("ConnectionAssignment", {
    environmentId: idOf("environments", "production"),
    connectionId: idOf("connections", "cluster"),
  });
const binding = () =>
  bench.create("WorkspaceBinding", {
    workspaceId: idOf("workspaces", "team"),
    environmentId: idOf("environments", "production"),
  });
const kinds = [
  ["ConnectionAssignment", edge, `${ENVIRONMENTS}/{id}/connections`, "connections"],
  ["WorkspaceBinding", binding, `${WORKSPACES}/{id}/environments`, "environments"],
] as const;
const edges = () => server.store.environmentConnections.count() + server.store.workspaceEnvironments.count();

/** The next reading of a list leaves one row out, whose total says nothing of it: the row moved to a page that was read already. */
function oneListWithout(route: string, key: "environments" | "workspaces", name: string): void {
  const rows = server.store[key].list({ deletedAt: null }).filter((row) => row.name !== name);
  const shown = rows.map(({ id, name, owner, organizationId }) => ({
    id,
    name,
    owner,
    ownerId: owner,
    organizationId,
  }));
  server.faults.add({
    method: "GET",
    path: route,
    effect: { kind: "status", status: 200, body: JSON.stringify({ [key]: shown, totalCount: shown.length }) },
  });
}

describe.each(kinds)("the delete of a %s that answers 404, with an empty list beside it", (type, make, route, key) => {
  const answered = (body: string) => {
    server.faults.add({ method: "DELETE", effect: { kind: "status", status: 404 }, ...always });
    server.faults.add({ method: "GET", route, effect: { kind: "status", status: 200, body }, ...always });
  };

  test.each([
    ["with its key", JSON.stringify({ [key]: [], totalCount: 0 })],
    ["as some servers leave out what is zero", "{}"],
  ])("is no success while the token does not see what holds it: %s", async (_, body) => {
    const state = await make();
    const before = edges();
    answered(body);
    await expect(as("bob").remove(type, state)).rejects.toThrow();
    expect(edges()).toBe(before);
  });

  test("is one where the edge is gone and what held it is still seen", async () => {
    const state = await make();
    server.store.environmentConnections.deleteWhere({});
    server.store.workspaceEnvironments.deleteWhere({});
    server.faults.add({ method: "DELETE", effect: { kind: "status", status: 404 }, ...always });
    await as("alice").remove(type, state);
  });
});

describe("what holds an edge, missing from one list only", () => {
  test.each([
    ["ConnectionAssignment", edge, ENVIRONMENTS, "environments", "production", `${ENVIRONMENTS}/{id}/connections`],
    ["WorkspaceBinding", binding, WORKSPACES, "workspaces", "team", `${WORKSPACES}/{id}/environments`],
  ] as const)("is not gone: a refresh keeps the %s", async (type, make, route, key, name, held) => {
    const state: State = await make();
    server.faults.add({
      method: "GET",
      route: held,
      effect: { kind: "call", run: () => oneListWithout(route, key, name) },
    });
    server.faults.add({ method: "GET", route: held, effect: { kind: "status", status: 404 } });
    const live = await as("alice")
      .read(type, state)
      .catch(() => "an error");
    expect(live).toBeDefined();
    expect(await as("alice").read(type, state)).toEqual(state);
  });

  test("is not gone: an object of its own is not deleted unasked whether it holds it", async () => {
    const ours = await bench.create("Environment", { name: "ours" });
    server.store.workspaceEnvironments.insert({ workspaceId: idOf("workspaces", "team"), environmentId: ours.id });
    const path = `${WORKSPACES}/${idOf("workspaces", "team")}/environments`;
    const run = () => oneListWithout(WORKSPACES, "workspaces", "team");
    server.faults.add({ method: "GET", path, effect: { kind: "call", run } });
    server.faults.add({ method: "GET", path, effect: { kind: "status", status: 404 } });
    await expect(as("alice").remove("Environment", ours)).rejects.toThrow();
    expect(Object.keys(seen(server).environments)).toContain("ours");
  });

  test("is not gone: an environment that holds a connection", async () => {
    const ours = await bench.create("Connection", { name: "ours", kind: "github", type: "collaboration" });
    const environmentId = idOf("environments", "production");
    server.store.environmentConnections.insert({ environmentId, connectionId: ours.id });
    const path = `${ENVIRONMENTS}/${environmentId}/connections`;
    const run = () => oneListWithout(ENVIRONMENTS, "environments", "production");
    server.faults.add({ method: "GET", path, effect: { kind: "call", run } });
    server.faults.add({ method: "GET", path, effect: { kind: "status", status: 404 } });
    await expect(as("alice").remove("Connection", ours)).rejects.toThrow();
    expect(seen(server).connections).toContain("ours");
  });
});

describe.each(kinds)("what the list of a %s answers where it cannot be read", (type, make, route) => {
  const answered = (status: number, body: string) =>
    server.faults.add({ method: "GET", route, effect: { kind: "status", status, body }, ...always });
  const table = type === "ConnectionAssignment" ? "environments" : "workspaces";
  const asked = () => server.requests.list.filter((request) => request.route === route).length;

  test('a 502 with "record not found" sends to the list of what could hold it, and is not asked again and again', async () => {
    const state = await make();
    const parent = state.id.split("/")[0]!;
    answered(502, '{"error":"failed to fetch: record not found"}');
    server.requests.clear();
    await expect(as("alice").read(type, state)).rejects.toThrow();
    server.store[table].update(parent, { deletedAt: server.store.now() });
    expect(await as("alice").read(type, state)).toBeUndefined();
    // Once or a few times for each refresh, and never as often as a list that may get better.
    expect(asked()).toBeLessThan(10);
  });

  test("a refusal is an error, even where nothing could hold it any more", async () => {
    const state = await make();
    const parent = state.id.split("/")[0]!;
    server.store[table].update(parent, { deletedAt: server.store.now() });
    answered(400, "no such thing");
    await expect(as("alice").read(type, state)).rejects.toThrow();
  });
});

describe("an object that one list does not hold", () => {
  test.each([
    ["Environment", ENVIRONMENTS, "environments"],
    ["Workspace", WORKSPACES, "workspaces"],
  ] as const)("stays in the state, and is not taken for deleted by a destroy: %s", async (type, route, key) => {
    const state = await bench.create(type, { name: "ours" });
    oneListWithout(route, key, "ours");
    expect(await as("alice").read(type, state)).toEqual(state);
    oneListWithout(route, key, "ours");
    await as("alice").remove(type, state);
    expect(server.store[key].find({ name: "ours", deletedAt: null })).toBeUndefined();
  });
});

// These look again for a while before they give up, so they do it side by side.
test.each([
  ["accepts and does not carry out", 200, "unconfirmed"],
  ["cannot find although it lists it", 404, expect.any(String)],
])("a delete of what the server %s is no success, and nothing is forgotten", async (_, status, code) => {
  const made: [string, State][] = [
    ["Environment", await bench.create("Environment", { name: "ours" })],
    ["Workspace", await bench.create("Workspace", { name: "ours" })],
    ["Connection", await bench.create("Connection", { name: "ours", kind: "github", type: "collaboration" })],
    ["ConnectionAssignment", await edge()],
    ["WorkspaceBinding", await binding()],
  ];
  const before = seen(server);
  server.faults.add({ method: "DELETE", effect: { kind: "status", status, body: "{}" }, ...always });
  const ends = await Promise.allSettled(made.map(([type, state]) => as("alice").remove(type, state)));
  expect(ends).toMatchObject(made.map(() => ({ status: "rejected", reason: { code } })));
  expect(seen(server)).toEqual(before);
});
