import type { CachedList, NamedRow } from "../../provider/client";
import type { State } from "../../provider/framework";
import { MesheryServer } from "../support/meshery";
import { type Bench, benchFor } from "../support/session";
import { type TypedMeshery, typed } from "../support/typedMeshery";

type Shape = (key: string) => { status?: number; body: string };
const json =
  (value: (key: string) => unknown): Shape =>
  (key) => ({ body: JSON.stringify(value(key)) });

/** Answers 2xx that are no list, and must never be taken for an empty one. */
const SHAPES: Record<string, Shape> = {
  "an error": json(() => ({ error: "the database is locked" })),
  "an error beside an empty list": json((key) => ({ error: "the database is locked", [key]: [], totalCount: 0 })),
  "an empty body": () => ({ body: "" }),
  blanks: () => ({ body: " \n" }),
  "204": () => ({ status: 204, body: "" }),
  null: () => ({ body: "null" }),
  "a text": () => ({ body: '"none"' }),
  "a number": () => ({ body: "0" }),
  "a false": () => ({ body: "false" }),
  "rows that are null": json((key) => ({ [key]: [null], totalCount: 1 })),
  "rows that are texts": json((key) => ({ [key]: ["a"], totalCount: 1 })),
  "rows that are lists": json(() => [[]]),
  "rows without an id": json((key) => ({ [key]: [{ name: "a" }], totalCount: 1 })),
  "rows with an empty id": json((key) => ({ [key]: [{ id: "", name: "a" }], totalCount: 1 })),
  "rows with a number for an id": json((key) => ({ [key]: [{ id: 7, name: "a" }], totalCount: 1 })),
  "more rows of the nil id than one": json((key) => ({
    [key]: Array.from({ length: 2 }, () => ({ id: "00000000-0000-0000-0000-000000000000" })),
    totalCount: 2,
  })),
  "a negative total": json((key) => ({ [key]: [], totalCount: -1 })),
  "a total that is a text": json((key) => ({ [key]: [], totalCount: "0" })),
  "a total that is no whole number": json((key) => ({ [key]: [], total_count: 0.5 })),
  "a total that is an object": json((key) => ({ [key]: [], totalCount: {} })),
  "a total that is not reached": json((key) => ({ [key]: [], totalCount: 3 })),
  "a total below its rows": json((key) => ({ [key]: [{ id: "a" }, { id: "b" }], totalCount: 1 })),
  "null with a total": json((key) => ({ [key]: null, page: 0, pageSize: 0, totalCount: 1 })),
  "a total without rows": json(() => ({ page: 0, pageSize: 10, totalCount: 3 })),
  "an object of another kind": json(() => ({ name: "Acme", providerUrl: "https://x.example", routes: [] })),
  "an object with an id": json(() => ({ id: "a", name: "a" })),
  "a message": json(() => ({ message: "hello" })),
  "a list under another key": json(() => ({ results: [], totalCount: 0 })),
  "an envelope of something else": json(() => ({ page: 0, pageSize: 10, totalCount: 0, items: [] })),
  "an envelope with a text": json(() => ({ page: "first" })),
  "an object for the list": json((key) => ({ [key]: {}, totalCount: 0 })),
  "a text for the list": json((key) => ({ [key]: "none", totalCount: 0 })),
  "an object for the rows under data": json(() => ({ data: {}, totalCount: 0 })),
};

const UNREACHED = new Set(["a total that is not reached", "null with a total", "a total without rows"]);

/** Answers that are empty lists, as real servers give them. */
const EMPTY: Record<string, Shape> = {
  "{}": json(() => ({})),
  "an envelope": json(() => ({ page: 0, pageSize: 10, totalCount: 0 })),
  "part of an old envelope": json(() => ({ page_size: 0, total_count: 0 })),
  "no rows": json((key) => ({ [key]: [], totalCount: 0 })),
  "null for no rows": json((key) => ({ [key]: null, totalCount: 0 })),
  "no rows under data": json(() => ({ data: [], page: 1, pageSize: 10, totalCount: 0 })),
  "a bare list": json(() => []),
};

interface Parts {
  server: MesheryServer;
  states: Record<string, State>;
}

/** Every list of the client: where it is read, the key of its rows, and the type that is looked for in it before it is made. */
const LISTS: Record<
  string,
  { route: string; key: string; type?: string; list: (client: TypedMeshery, parts: Parts) => CachedList<NamedRow> }
> = {
  organizations: {
    route: "/api/identity/orgs",
    key: "organizations",
    type: "Environment",
    list: (client) => client.organizations(),
  },
  environments: {
    route: "/api/environments",
    key: "environments",
    type: "Environment",
    list: (client, { server }) => client.environments(server.organizationId),
  },
  workspaces: {
    route: "/api/workspaces",
    key: "workspaces",
    type: "Workspace",
    list: (client, { server }) => client.workspaces(server.organizationId),
  },
  connections: {
    route: "/api/integrations/connections",
    key: "connections",
    type: "Connection",
    list: (client) => client.connections(),
  },
  teams: {
    route: "/api/identity/orgs/{id}/teams",
    key: "teams",
    list: (client, { server }) => client.teams(server.organizationId),
  },
  assigned: {
    route: "/api/environments/{id}/connections",
    key: "connections",
    type: "ConnectionAssignment",
    list: (client, { server, states }) => client.assigned(server.organizationId, states.Environment!.id),
  },
  bound: {
    route: "/api/workspaces/{id}/environments",
    key: "environments",
    type: "WorkspaceBinding",
    list: (client, { server, states }) => client.bound(server.organizationId, states.Workspace!.id),
  },
};

const INPUTS: Record<string, (states: Record<string, State>) => Record<string, unknown>> = {
  Environment: () => ({ name: "production" }),
  Workspace: () => ({ name: "team" }),
  Connection: () => ({ name: "cluster", kind: "kubernetes", type: "platform" }),
  ConnectionAssignment: (made) => ({ environmentId: made.Environment!.id, connectionId: made.Connection!.id }),
  WorkspaceBinding: (made) => ({ workspaceId: made.Workspace!.id, environmentId: made.Environment!.id }),
};

async function oneOfEach(bench: Bench): Promise<Record<string, State>> {
  const states: Record<string, State> = {};
  for (const [type, inputs] of Object.entries(INPUTS)) states[type] = await bench.create(type, inputs(states));
  return states;
}

const rowsOf = ({ store }: MesheryServer) =>
  [store.environments, store.workspaces, store.connections, store.environmentConnections, store.workspaceEnvironments]
    .map((table) => table.list().filter((row) => row.deletedAt === null).length)
    .join(" ");

const outcome = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    (value) => (value === undefined ? "gone" : "kept"),
    (error: { code: string }) => `error ${error.code}`,
  );

describe.each(Object.keys(LISTS))("an answer 2xx to the list of %s", (name) => {
  const { route, key, type: made, list } = LISTS[name]!;
  let parts: Parts;
  beforeAll(async () => {
    const server = await MesheryServer.start({ era: "cloud" });
    parts = { server, states: await oneOfEach(benchFor(server)) };
  });
  afterEach(() => parts.server.faults.clear());
  afterAll(() => parts.server.close());

  const answering = (shape: Shape, times = Number.POSITIVE_INFINITY) => {
    const { status = 200, body } = shape(key);
    parts.server.faults.add({ method: "GET", route, effect: { kind: "status", status, body }, times });
  };

  test.each(Object.keys(SHAPES))("that is %s is an error, drops nothing and makes no twin", async (shape) => {
    answering(SHAPES[shape]!);
    const read = list(typed(benchFor(parts.server).session.client), parts).read("now");
    if (name === "assigned" && UNREACHED.has(shape)) {
      // The connections themselves name their environments.
      expect([...(await read).keys()]).toEqual([parts.states.Connection!.id]);
    } else {
      const codes = /^(unreadable|incomplete-list)$/;
      const first = name === "organizations" ? /^(unreadable|incomplete-list|not-meshery)$/ : codes;
      await expect(read).rejects.toMatchObject({ code: expect.stringMatching(first) });
    }
    const reads = Object.entries(parts.states).map(async ([type, state]) => {
      expect([type, await outcome(benchFor(parts.server).read(type, state))]).not.toEqual([type, "gone"]);
    });
    await Promise.all(reads);
    if (!made) return;
    const before = rowsOf(parts.server);
    await outcome(benchFor(parts.server).create(made, INPUTS[made]!(parts.states)));
    expect(rowsOf(parts.server)).toBe(before);
  });

  test.each(Object.keys(EMPTY))("that is %s is an empty list, and read a second time", async (shape) => {
    answering(EMPTY[shape]!);
    parts.server.requests.clear();
    expect((await list(typed(benchFor(parts.server).session.client), parts).read("cached")).size).toBe(0);
    expect(parts.server.requests.count(`GET ${route}`)).toBe(2);
  });

  test.each(Object.keys(EMPTY))("that is %s once is not believed", async (shape) => {
    const client = typed(benchFor(parts.server).session.client);
    const rows = await list(client, parts).read("now");
    answering(EMPTY[shape]!, 1);
    expect([...(await list(client, parts).read("now")).keys()]).toEqual([...rows.keys()]);
  });
});
