import { ApiError } from "../../provider/client";
import type { State, Values } from "../../provider/framework";
import { lifecycles } from "../../provider/resources";
import { MesheryServer } from "../support/meshery";
import { openSession } from "../support/session";

// After a write the lists tell what it did: that look is part of the write.

let server: MesheryServer;
beforeEach(async () => {
  server = await MesheryServer.start({
    world: {
      connections: { theirs: { kind: "kubernetes" } },
      environments: { production: {} },
      workspaces: { team: {} },
    },
  });
});
afterEach(() => server.close());

const idOf = (name: string): string => {
  const { environments, workspaces, connections } = server.store;
  return [environments, workspaces, connections].flatMap((table) => table.find({ name })?.id ?? [])[0]!;
};

const writes: Record<string, { route: string; lists: string; inputs: () => Values }> = {
  Environment: {
    route: "/api/environments",
    lists: "/api/environments",
    inputs: () => ({ name: "new", description: "" }),
  },
  Workspace: { route: "/api/workspaces", lists: "/api/workspaces", inputs: () => ({ name: "new", description: "" }) },
  Connection: {
    route: "/api/integrations/connections",
    lists: "/api/integrations/connections",
    inputs: () => ({ name: "new", kind: "github", type: "collaboration" }),
  },
  Credential: {
    route: "/api/integrations/credentials",
    lists: "/api/integrations/credentials",
    inputs: () => ({ name: "new", type: "token", secret: { token: "s" } }),
  },
  ConnectionAssignment: {
    route: "/api/environments/{id}/connections/{connectionId}",
    lists: "/api/environments/{id}/connections",
    inputs: () => ({ environmentId: idOf("production"), connectionId: idOf("theirs") }),
  },
  WorkspaceBinding: {
    route: "/api/workspaces/{id}/environments/{environmentId}",
    lists: "/api/workspaces/{id}/environments",
    inputs: () => ({ workspaceId: idOf("team"), environmentId: idOf("production") }),
  },
};
const kinds = Object.keys(writes);

function session(stopping = new AbortController()) {
  const opened = openSession(
    { url: server.url, token: server.token, mesheryProvider: server.mesheryProvider, origins: {} },
    { env: {}, signal: stopping.signal },
  );
  const context = opened.context(() => undefined);
  return {
    stopping,
    create: (kind: string): Promise<State> => lifecycles.get(kind)!.create(context, writes[kind]!.inputs()),
    remove: (kind: string, state: State): Promise<void> => lifecycles.get(kind)!.delete(context, state),
  };
}

/** Ids of what is there and was not before. */
const made = () => {
  const { store } = server;
  return [
    ...store.environments.list({ deletedAt: null }),
    ...store.workspaces.list({ deletedAt: null }),
    ...store.connections.list({ deletedAt: null }),
    ...store.credentials.list({ deletedAt: null }),
    ...store.environmentConnections.list(),
    ...store.workspaceEnvironments.list(),
  ].length;
};

describe("a look that is answered strangely is followed by the next", () => {
  const answers: [string, number, string][] = [
    ["cut JSON", 200, '{"page":0,"page_si'],
    ["an error with 200", 200, '{"error":"try again"}'],
    ["401", 401, "token is expired"],
    ["403", 403, "forbidden"],
    ["409", 409, "conflict"],
    ["499", 499, "client closed request"],
  ];
  test.each(
    kinds.flatMap((kind) => answers.map((answer) => [kind, ...answer] as const)),
  )("%s, whose list answers with %s once", async (kind, _, status, body) => {
    const { route, lists } = writes[kind]!;
    const odd = () => server.faults.add({ method: "GET", route: lists, effect: { kind: "status", status, body } });
    server.faults.add({ method: "POST", route, effect: { kind: "call", run: odd } });
    server.faults.add({ method: "POST", route, effect: { kind: "status", status: 401, when: "after" } });
    const before = made();
    const state = await session().create(kind);
    expect(state.id).toBeTruthy();
    expect(made()).toBe(before + 1);
    expect(server.faults.list).toEqual([]);
  });
});

describe("an answer that speaks of an error", () => {
  test.each(kinds)("is no success of %s", async (kind) => {
    const { route } = writes[kind]!;
    const body = '{"error":"try again"}';
    server.faults.add({ method: "POST", route, effect: { kind: "status", status: 200, body } });
    const before = made();
    await expect(session().create(kind)).rejects.toThrow(ApiError);
    expect(made()).toBe(before);
  });

  test.each(kinds)("does not hide what was made: %s", async (kind) => {
    const { route } = writes[kind]!;
    const body = '{"error":"try again"}';
    server.faults.add({ method: "POST", route, effect: { kind: "status", status: 200, body, when: "after" } });
    const before = made();
    expect((await session().create(kind)).id).toBeTruthy();
    expect(made()).toBe(before + 1);
  });
});

describe("a write that is under way when the run is told to stop", () => {
  test.each(kinds)("is known to have been carried out: %s", async (kind) => {
    const { route } = writes[kind]!;
    const { create, stopping } = session();
    server.faults.add({ method: "POST", route, effect: { kind: "call", run: () => stopping.abort() } });
    // Some servers answer with nothing: only the list knows the id.
    server.faults.add({ method: "POST", route, effect: { kind: "status", status: 200, body: "", when: "after" } });
    const before = made();
    expect((await create(kind)).id).toBeTruthy();
    expect(made()).toBe(before + 1);
    // Nothing else begins.
    await expect(create(kind === "Environment" ? "Workspace" : "Environment")).rejects.toMatchObject({
      code: "stopped",
    });
  });

  test.each(kinds)("is known to have removed: %s", async (kind) => {
    const state = await session().create(kind);
    const { remove, stopping } = session();
    server.faults.add({ method: "DELETE", effect: { kind: "call", run: () => stopping.abort() } });
    const before = made();
    await remove(kind, state);
    expect(made()).toBe(before - 1);
  });
});
