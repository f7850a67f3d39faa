import type { State } from "../../provider/framework";
import { lifecycles } from "../../provider/resources";
import { type Front, front } from "../support/front";
import { MesheryServer, seen } from "../support/meshery";
import { openSession } from "../support/session";

// Servers whose rows leave out what ours say: the answer then has to be looked for elsewhere, or the safe thing be done.

type Row = Record<string, unknown>;
const without = (rows: Row[], ...keys: string[]) =>
  rows.map((row) => Object.fromEntries(Object.entries(row).filter(([key]) => !keys.includes(key))));

let server: MesheryServer;
let before: Front | undefined;
beforeEach(async () => {
  server = await MesheryServer.start({
    world: {
      users: { alice: {}, bob: {} },
      connections: { cluster: { kind: "kubernetes" } },
      environments: { theirs: {}, other: {} },
      workspaces: { team: {} },
    },
  });
});
afterEach(async () => {
  await before?.close();
  before = undefined;
  await server.close();
});

/** From now on rows of every list of this name come without these keys. */
async function leavingOut(list: string, ...keys: string[]): Promise<void> {
  before = await front(server, (answer, { method }) => {
    if (method !== "GET" || answer.status !== 200 || !answer.text.startsWith("{")) return answer;
    const body = JSON.parse(answer.text) as Row;
    if (!Array.isArray(body[list])) return answer;
    return { ...answer, text: JSON.stringify({ ...body, [list]: without(body[list] as Row[], ...keys) }) };
  });
}
function run(user = "alice") {
  const session = openSession({
    url: before?.url ?? server.url,
    token: server.tokenFor(user),
    mesheryProvider: server.mesheryProvider,
    origins: {},
  });
  const warnings: string[] = [];
  const context = session.context(({ summary }) => warnings.push(summary));
  return { context, warnings };
}
const create = (type: string, inputs: Row, user?: string) => lifecycles.get(type)!.create(run(user).context, inputs);
const read = (type: string, state: State, user?: string) => lifecycles.get(type)!.read(run(user).context, state);
const remove = (type: string, state: State, user?: string) => lifecycles.get(type)!.delete(run(user).context, state);
const prometheus = { name: "prometheus", kind: "prometheus", type: "observability" };

describe("a connection that environments hold, where its row names none", () => {
  let state: State;
  beforeEach(async () => {
    await leavingOut("connections", "environments");
    state = await create("Connection", prometheus);
    const mine = await create("Environment", { name: "mine" });
    server.store.environmentConnections.insert({ environmentId: mine.id, connectionId: state.id });
  });

  test("is not deleted", async () => {
    await expect(remove("Connection", state)).rejects.toMatchObject({
      code: "in-use",
      message: expect.stringContaining('environment "mine"'),
    });
    expect(seen(server).connections).toContain("prometheus");
    expect(server.store.environmentConnections.count()).toBe(1);
  });

  test("is released of first with forceDestroy", async () => {
    await remove("Connection", { ...state, forceDestroy: true });
    expect(seen(server).connections).not.toContain("prometheus");
    expect(server.store.environmentConnections.list({ connectionId: state.id })).toEqual([]);
  });

  test("is deleted once nobody holds it", async () => {
    server.store.environmentConnections.deleteWhere({ connectionId: state.id });
    await remove("Connection", state);
    expect(seen(server).connections).not.toContain("prometheus");
  });
});

describe("whose an object is, where its row does not say", () => {
  const types = [
    ["Environment", { name: "mine" }, "environments", ["owner", "ownerId", "userId"]],
    ["Workspace", { name: "mine" }, "workspaces", ["owner", "ownerId", "userId"]],
    ["Connection", prometheus, "connections", ["owner", "ownerId", "userId", "user_id"]],
  ] as const;

  test.each(types)("is remembered from before by a refresh: %s", async (type, inputs, list, keys) => {
    const state = await create(type, inputs);
    expect(state.owner).toMatch(/./);
    await leavingOut(list, ...keys);
    const live = await read(type, state);
    expect(live).toEqual(state);
    // What somebody else does not see is then still no proof that it is gone.
    expect(await read(type, live!, "bob")).toEqual(state);
    await expect(remove(type, live!, "bob")).rejects.toMatchObject({ code: "missing" });
  });

  test.each(
    types,
  )("is nobody else's as far as anyone knows: what is gone is gone: %s", async (type, inputs, list, keys) => {
    await leavingOut(list, ...keys);
    const state = await create(type, inputs);
    expect(await read(type, state)).toEqual(state);
    server.store[list].update(state.id, { deletedAt: server.store.now() });
    expect(await read(type, state)).toBeUndefined();
    await remove(type, state);
  });
});

describe("an environment whose row does not name its organization", () => {
  test("is found by its name all the same, and not made twice", async () => {
    await leavingOut("environments", "organizationId", "organization_id", "orgId");
    await expect(create("Environment", { name: "theirs" }, "alice")).resolves.toMatchObject({ adopted: false });
    await expect(create("Environment", { name: "theirs" }, "alice")).rejects.toMatchObject({ code: "exists" });
    expect(server.store.environments.list({ name: "theirs", deletedAt: null })).toHaveLength(2);
  });
});
