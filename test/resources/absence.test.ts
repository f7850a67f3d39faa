import type { State } from "../../provider/framework";
import { eraNames } from "../../provider/server";
import { MesheryServer } from "../support/meshery";
import { benchFor } from "../support/session";

const world = {
  users: { alice: {}, bob: {}, outsider: { organizations: [] } },
  connections: {
    theirs: { kind: "kubernetes" },
    shared: { kind: "kubernetes", owner: "bob" },
  },
  environments: { foreign: {} },
};
type Owned = Record<"Environment" | "Workspace" | "Connection" | "ConnectionAssignment" | "WorkspaceBinding", State>;

/** One of each, as Alice's program made them. */
async function owned(server: MesheryServer): Promise<Owned> {
  const alice = benchFor(server, { token: server.tokenFor("alice") });
  const [Environment, Workspace, Connection] = await Promise.all([
    alice.create("Environment", { name: "production", description: "x" }),
    alice.create("Workspace", { name: "team" }),
    alice.create("Connection", { name: "cluster", kind: "kubernetes", type: "platform" }),
  ]);
  const [ConnectionAssignment, WorkspaceBinding] = await Promise.all([
    alice.create("ConnectionAssignment", { environmentId: Environment.id, connectionId: Connection.id }),
    alice.create("WorkspaceBinding", { workspaceId: Workspace.id, environmentId: Environment.id }),
  ]);
  return { Environment, Workspace, Connection, ConnectionAssignment, WorkspaceBinding };
}

/** What a refresh makes of each state: "kept" as it is (with how many warnings), "dropped", or an error. */
async function refreshed(states: Owned, server: MesheryServer, options: Parameters<typeof benchFor>[1]) {
  const results = await Promise.all(
    Object.entries(states).map(async ([type, state]) => {
      const bench = benchFor(server, options);
      const result = await bench.read(type, state).then(
        (live) => {
          if (!live) return "dropped";
          expect(live).toEqual(state);
          return bench.warnings.length > 0 ? `kept, ${bench.warnings.length} warning` : "kept";
        },
        (error: { code: string }) => `error ${error.code}`,
      );
      return [type, result];
    }),
  );
  return Object.fromEntries(results) as Record<keyof Owned, string>;
}

describe("a state is kept while a list of many pages", () => {
  const many = { environments: Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`n${1000 + i}`, {}])) };
  let server: MesheryServer;
  let state: State;
  beforeEach(async () => {
    server = await MesheryServer.start({ world: many });
    // The first one of its second page: one row less before it, and it is on the first.
    state = await benchFor(server).import("Environment", "name:n1100");
  });
  afterEach(() => server.close());

  const duringSecondPage = (run: () => void) =>
    server.faults.add({ route: "/api/environments", effect: { kind: "call", run }, skip: 1 });
  const removeFirst = () => server.store.environments.delete(server.store.environments.find({ name: "n1000" })!.id);

  test("grows shorter while it is read", async () => {
    duringSecondPage(() => removeFirst());
    expect(await benchFor(server).read("Environment", state)).toEqual(state);
  });

  test("loses one row and gains another while it is read", async () => {
    duringSecondPage(() => {
      removeFirst();
      server.store.environments.insert({ name: "zzz", organizationId: server.organizationId });
    });
    expect(await benchFor(server).read("Environment", state)).toEqual(state);
  });

  test("ends before its own total", async () => {
    const page = { environments: [{ id: "a", name: "a" }], totalCount: 250 };
    const body = JSON.stringify(page);
    server.faults.add({
      route: "/api/environments",
      effect: { kind: "status", status: 200, body },
      times: Number.POSITIVE_INFINITY,
    });
    await expect(benchFor(server).read("Environment", state)).rejects.toMatchObject({ code: "incomplete-list" });
  });
});

const UNJUDGED = expect.stringMatching(/^(kept, 1 warning|error organization)$/);

test("on a server with every quirk, a state is kept where the token or the server is another", async () => {
  const server = await MesheryServer.start({ era: "E1", quirks: true, world });
  const other = await MesheryServer.start({ era: "E1", quirks: true, world });
  try {
    const states = await owned(server);
    const [alice, bob, outsider, elsewhere] = await Promise.all([
      refreshed(states, server, { token: server.tokenFor("alice") }),
      refreshed(states, server, { token: server.tokenFor("bob") }),
      refreshed(states, server, { token: server.tokenFor("outsider") }),
      refreshed(states, other, { token: other.tokenFor("alice") }),
    ]);
    expect(new Set(Object.values(alice))).toEqual(new Set(["kept"]));
    for (const results of [bob, outsider, elsewhere])
      expect(Object.values(results)).toEqual(Object.values(results).map(() => UNJUDGED));
  } finally {
    await server.close();
    await other.close();
  }
});

describe.each(eraNames)("in %s, a state is kept", (era) => {
  let server: MesheryServer;
  let states: Owned;
  beforeEach(async () => {
    server = await MesheryServer.start({ era, world });
    states = await owned(server);
  });
  afterEach(() => server.close());

  test("by its owner's token", async () => {
    expect(new Set(Object.values(await refreshed(states, server, { token: server.tokenFor("alice") })))).toEqual(
      new Set(["kept"]),
    );
  });

  test.each(["bob", "outsider"])("where the token of %s does not see it", async (user) => {
    const results = await refreshed(states, server, { token: server.tokenFor(user) });
    for (const [type, result] of Object.entries(results)) expect([type, result]).toEqual([type, UNJUDGED]);
  });

  test("where the organization is no longer seen", async () => {
    server.forgetOrganization(server.organizationId);
    const results = await refreshed(states, server, { token: server.tokenFor("alice") });
    for (const [type, result] of Object.entries(results))
      expect([type, result]).toEqual([type, expect.stringMatching(/^(kept|kept, 1 warning|error organization)$/)]);
  });

  test("where the url is that of another Meshery", async () => {
    const other = await MesheryServer.start({ era, world });
    try {
      const results = await refreshed(states, other, { token: other.tokenFor("alice") });
      for (const [type, result] of Object.entries(results)) expect([type, result]).toEqual([type, UNJUDGED]);
    } finally {
      await other.close();
    }
  });

  test.each([
    "bob",
    "outsider",
  ])("and nothing is deleted or forgotten by a destroy with the token of %s", async (user) => {
    const edges = server.store.environmentConnections.count();
    for (const [type, state] of Object.entries(states).reverse()) {
      const removed = benchFor(server, { token: server.tokenFor(user) }).remove(type, state);
      await expect(removed.then(() => type)).rejects.toThrow();
    }
    expect(server.store.environmentConnections.count()).toBe(edges);
  });

  test("and nothing is forgotten by a destroy where the organization is no longer seen", async () => {
    server.forgetOrganization(server.organizationId);
    for (const [type, state] of Object.entries(states).reverse()) {
      if (type === "Connection") continue; // belongs to no organization
      const removed = benchFor(server, { token: server.tokenFor("alice") }).remove(type, state);
      await expect(removed.then(() => type)).rejects.toThrow();
    }
  });

  test("until it is really gone", async () => {
    const alice = { token: server.tokenFor("alice") };
    const { Environment, Workspace, Connection } = states;
    server.store.environmentConnections.deleteWhere({ environmentId: Environment.id });
    server.store.workspaceEnvironments.deleteWhere({ workspaceId: Workspace.id });
    expect(await refreshed(states, server, alice)).toMatchObject({
      Environment: "kept",
      ConnectionAssignment: "dropped",
      WorkspaceBinding: "dropped",
    });
    for (const table of ["environments", "workspaces", "connections"] as const)
      for (const { id } of [Environment, Workspace, Connection])
        if (server.store[table].get(id)) server.store[table].update(id, { deletedAt: server.store.now() });
    expect(await refreshed(states, server, alice)).toMatchObject({
      Environment: "dropped",
      Workspace: "dropped",
      Connection: "dropped",
    });
    for (const [type, state] of Object.entries(states).reverse()) await benchFor(server, alice).remove(type, state);
  });
});
