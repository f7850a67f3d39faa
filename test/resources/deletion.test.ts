import type { State } from "../../provider/framework";
import { MesheryServer, seen } from "../support/meshery";
import { type Bench, benchFor } from "../support/session";

const world = {
  connections: { cluster: { kind: "kubernetes" }, grafana: { kind: "grafana" } },
  environments: { theirs: {} },
  workspaces: { team: {}, other: {} },
};
const idOf = (table: "connections" | "environments" | "workspaces", name: string) =>
  server.store[table].find({ name, deletedAt: null })!.id;

let server: MesheryServer;
let bench: Bench;
beforeEach(async () => {
  server = await MesheryServer.start({ world });
  bench = benchFor(server);
});
afterEach(() => server.close());

const assign = (environmentId: string, connectionId: string) =>
  server.store.environmentConnections.insert({ environmentId, connectionId });
const bind = (workspaceId: string, environmentId: string) =>
  server.store.workspaceEnvironments.insert({ workspaceId, environmentId });
const deletes = () => server.requests.list.filter(({ method }) => method === "DELETE").map(({ route }) => route);

interface Held {
  type: string;
  make(): Promise<State>;
  /** Others take hold of it. */
  hold(id: string): void;
  holders: RegExp;
  /** What stands afterwards. */
  released: object;
}
const held: Held[] = [
  {
    type: "Environment",
    make: () => bench.create("Environment", { name: "production" }),
    hold: (id) => {
      assign(id, idOf("connections", "cluster"));
      assign(id, idOf("connections", "grafana"));
      bind(idOf("workspaces", "team"), id);
    },
    holders: /workspace "team", connection "cluster" \(kubernetes\), connection "grafana" \(grafana\)/,
    released: { environments: ["theirs"], connections: ["cluster", "grafana"], workspaces: ["other", "team"] },
  },
  {
    type: "Workspace",
    make: () => bench.create("Workspace", { name: "ours" }),
    hold: (id) => {
      bind(id, idOf("environments", "theirs"));
    },
    holders: /environment "theirs"/,
    released: { environments: ["theirs"], workspaces: ["other", "team"] },
  },
  {
    type: "Connection",
    make: () => bench.create("Connection", { name: "prometheus", kind: "prometheus", type: "observability" }),
    hold: (id) => {
      assign(idOf("environments", "theirs"), id);
    },
    holders: /environment "theirs"/,
    released: { environments: ["theirs"], connections: ["cluster", "grafana"] },
  },
];
const names = () => {
  const { environments, workspaces, connections } = seen(server);
  return { environments: Object.keys(environments).sort(), workspaces: Object.keys(workspaces).sort(), connections };
};

describe.each(held)("deleting what others use: $type", ({ type, make, hold, holders, released }) => {
  test("is refused, names who uses it and says how to go on", async () => {
    const state = await make();
    hold(state.id);
    const before = seen(server);
    await expect(benchFor(server).remove(type, state)).rejects.toMatchObject({
      code: "in-use",
      details: {
        resource: type,
        what: expect.stringMatching(holders),
        hint: expect.stringMatching(
          /removed already.*applying the program again.*forceDestroy = true before the destroy/s,
        ),
      },
    });
    expect(seen(server)).toEqual(before);
    expect(deletes()).toEqual([]);
  });

  test("is done with forceDestroy, which lets go of all of them first", async () => {
    const state = await make();
    hold(state.id);
    await benchFor(server).remove(type, { ...state, forceDestroy: true });
    expect(names()).toMatchObject(released);
    expect(server.store.environmentConnections.list().filter((pair) => Object.values(pair).includes(state.id))).toEqual(
      [],
    );
    expect(server.store.workspaceEnvironments.list().filter((pair) => Object.values(pair).includes(state.id))).toEqual(
      [],
    );
  });

  test("is done without, once nobody uses it", async () => {
    const state = await make();
    await benchFor(server).remove(type, state);
    expect(names()).toMatchObject(released);
  });

  test("of something that is gone already succeeds", async () => {
    const state = await make();
    const gone = benchFor(server);
    await gone.remove(type, state);
    await benchFor(server).remove(type, state);
    expect(deletes().length).toBe(1);
    expect(gone.warnings).toEqual([]);
  });

  test("of something that goes at that very moment succeeds", async () => {
    const state = await make();
    const table = { Environment: "environments", Workspace: "workspaces", Connection: "connections" } as const;
    server.faults.add({
      method: "DELETE",
      effect: {
        kind: "call",
        run: () => server.store[table[type as keyof typeof table]].update(state.id, { deletedAt: server.store.now() }),
      },
    });
    await benchFor(server).remove(type, state);
    expect(names()).toMatchObject(released);
  });
});

test("of many users of an environment, the first dozen are named and the others counted", async () => {
  const state = await bench.create("Environment", { name: "production" });
  for (let i = 0; i < 20; i++) assign(state.id, server.store.connections.insert({ name: `c${i}`, kind: "github" }).id);
  await expect(benchFor(server).remove("Environment", state)).rejects.toThrow(/connection "c0".*and 8 more/);
});

test("a connection is not deleted while an environment of another organization holds it", async () => {
  const other = server.store.organizations.insert({ name: "other" });
  const there = server.store.environments.insert({ name: "there", organizationId: other.id });
  const state = await bench.create("Connection", { name: "prometheus", kind: "prometheus", type: "observability" });
  assign(there.id, state.id);
  await expect(benchFor(server, { organizationId: server.organizationId }).remove("Connection", state)).rejects.toThrow(
    /environment "there"/,
  );
});

describe("a run never undoes its own work", () => {
  const edge = () => ({ environmentId: idOf("environments", "theirs"), connectionId: idOf("connections", "cluster") });

  test("what it created is not deleted by an older record of it", async () => {
    const old = await bench.create("ConnectionAssignment", edge());
    const next = benchFor(server);
    await next.create("ConnectionAssignment", edge());
    await next.remove("ConnectionAssignment", old);
    expect(deletes()).toEqual([]);
    expect(next.warnings).toEqual([
      { summary: expect.stringContaining("was kept"), detail: expect.stringMatching(/aliases.*moved/s) },
    ]);
    await benchFor(server).remove("ConnectionAssignment", old);
    expect(server.store.environmentConnections.count()).toBe(0);
  });

  test("also where both begin at the same time", async () => {
    const old = await bench.create("ConnectionAssignment", edge());
    const next = benchFor(server);
    await Promise.all([next.create("ConnectionAssignment", edge()), next.remove("ConnectionAssignment", old)]);
    expect(deletes()).toEqual([]);
    expect(server.store.environmentConnections.count()).toBe(1);
  });

  test("what it adopted is not deleted by an older record of it", async () => {
    const old = await bench.create("Environment", { name: "production" });
    const next = benchFor(server);
    await next.create("Environment", { name: "production", adopt: true });
    await next.remove("Environment", old);
    expect(Object.keys(seen(server).environments)).toContain("production");
  });

  test("two edges that change places leave both pairs where they are", async () => {
    const [a, b] = [edge(), { ...edge(), connectionId: idOf("connections", "grafana") }];
    const [one, two] = [await bench.create("ConnectionAssignment", a), await bench.create("ConnectionAssignment", b)];
    const next = benchFor(server);
    // As an engine does that shows the whole program before it applies any of it.
    const { run } = next.session.context(() => undefined);
    for (const { environmentId, connectionId } of [a, b])
      run.declare("environment-connection", `${environmentId}/${connectionId}`);
    await Promise.all([next.update("ConnectionAssignment", one, b), next.update("ConnectionAssignment", two, a)]);
    expect(deletes()).toEqual([]);
    expect(server.store.environmentConnections.count()).toBe(2);
  });

  test("a moved edge is added and confirmed before the old one goes", async () => {
    const state = await bench.create("ConnectionAssignment", edge());
    server.requests.clear();
    const next = { ...edge(), connectionId: idOf("connections", "grafana") };
    await benchFor(server).update("ConnectionAssignment", state, next);
    const writes = server.requests.list.filter(({ method }) => method !== "GET");
    expect(writes.map(({ method, path }) => `${method} ${path.split("/").at(-1)}`)).toEqual([
      `POST ${next.connectionId}`,
      `DELETE ${state.connectionId}`,
    ]);
  });

  test("an edge that cannot be added at its new place stays at the old one", async () => {
    const state = await bench.create("ConnectionAssignment", edge());
    const next = { ...edge(), connectionId: "6b1e8f60-0000-4000-8000-000000000000" };
    await expect(benchFor(server).update("ConnectionAssignment", state, next)).rejects.toMatchObject({
      code: "missing",
      details: { field: "connectionId" },
    });
    expect(deletes()).toEqual([]);
    expect(server.store.environmentConnections.count()).toBe(1);
  });
});

describe("an edge whose delete is answered with 404", () => {
  let edge: State;
  beforeEach(async () => {
    const environment = await bench.create("Environment", { name: "production" });
    const connectionId = idOf("connections", "cluster");
    edge = await bench.create("ConnectionAssignment", { environmentId: environment.id, connectionId });
    server.faults.add({ method: "DELETE", effect: { kind: "status", status: 404 } });
  });
  const held = "/api/environments/{id}/connections";
  const rows = () => server.store.environmentConnections.count();

  test("is not gone because one list of its environment is empty", async () => {
    server.faults.add({ method: "GET", route: held, effect: { kind: "status", status: 200, body: "{}" } });
    await benchFor(server).remove("ConnectionAssignment", edge);
    expect(rows()).toBe(0);
  });

  test("is not gone because one list does not hold its environment", async () => {
    server.faults.add({ method: "GET", route: held, effect: { kind: "status", status: 404 } });
    server.faults.add({
      method: "GET",
      route: "/api/environments",
      effect: { kind: "status", status: 200, body: "{}" },
    });
    await benchFor(server).remove("ConnectionAssignment", edge);
    expect(rows()).toBe(0);
  });

  test("is not gone where its environment is out of sight", async () => {
    server.forgetOrganization(server.organizationId);
    await expect(benchFor(server).remove("ConnectionAssignment", edge)).rejects.toMatchObject({ code: "organization" });
    expect(rows()).toBe(1);
  });
});

test("an object whose delete is answered with an error is not gone because one list does not hold it", async () => {
  const environment = await bench.create("Environment", { name: "production" });
  const later = benchFor(server);
  await later.read("Environment", environment);
  const failed = { kind: "status", status: 500 } as const;
  const empty = { kind: "status", status: 200, body: "{}" } as const;
  const nothing = () => void server.faults.add({ method: "GET", route: "/api/environments", effect: empty });
  server.faults.add({ method: "DELETE", effect: { kind: "call", run: nothing } });
  server.faults.add({ method: "DELETE", effect: failed });
  await expect(later.remove("Environment", environment)).rejects.toMatchObject({ code: "server-error" });
});
