import type { State, Values } from "../../provider/framework";
import { lifecycles, lookups } from "../../provider/resources";
import { front } from "../support/front";
import { MesheryServer } from "../support/meshery";
import { benchFor, openSession } from "../support/session";

// An object stays in the organization that was recorded for it, whatever the provider's default is by now.

let server: MesheryServer;
let one: string;
let two: string;
beforeEach(async () => {
  server = await MesheryServer.start({
    world: {
      organizations: { one: {}, two: {} },
      connections: { cluster: { kind: "kubernetes" }, grafana: { kind: "grafana" } },
      environments: { there: { organization: "two" }, here: { organization: "one" } },
      workspaces: { team: { organization: "two" }, crew: { organization: "two" } },
    },
  });
  one = server.store.organizations.find({ name: "one" })!.id;
  two = server.store.organizations.find({ name: "two" })!.id;
});
afterEach(() => server.close());

/** A new run, whose provider has this organization as its default. */
const run = (organizationId?: string) => benchFor(server, organizationId === undefined ? {} : { organizationId });
const idOf = (table: "connections" | "environments" | "workspaces", name: string) =>
  server.store[table].find({ name, deletedAt: null })!.id;

const kinds: [string, () => Values, () => Values][] = [
  ["Environment", () => ({ name: "ours" }), () => ({ name: "renamed" })],
  ["Workspace", () => ({ name: "ours" }), () => ({ name: "renamed" })],
  [
    "ConnectionAssignment",
    () => ({ environmentId: idOf("environments", "there"), connectionId: idOf("connections", "cluster") }),
    () => ({ environmentId: idOf("environments", "there"), connectionId: idOf("connections", "grafana") }),
  ],
  [
    "WorkspaceBinding",
    () => ({ workspaceId: idOf("workspaces", "team"), environmentId: idOf("environments", "there") }),
    () => ({ workspaceId: idOf("workspaces", "crew"), environmentId: idOf("environments", "there") }),
  ],
];

describe.each(kinds)("%s in an organization that is not the provider's", (type, inputs, changed) => {
  let state: State;
  beforeEach(async () => {
    state = await run(one).create(type, { ...inputs(), organizationId: two });
  });

  test("is made there, and recorded there", () => {
    expect(state.organizationId).toBe(two);
  });

  test("is found there by a refresh", async () => {
    expect(await run(one).read(type, state)).toEqual(state);
    expect(await run().read(type, state)).toEqual(state);
  });

  test("is changed there, where the program leaves the organization out", async () => {
    const next = await run(one).update(type, state, changed());
    expect(next.organizationId).toBe(two);
    expect(await run(one).read(type, next)).toEqual(next);
  });

  test("keeps what is recorded through an update that changes nothing of it", async () => {
    const next = await run(one).update(type, state, inputs());
    expect(next.organizationId).toBe(two);
    expect(next.id).toBe(state.id);
  });

  test("is removed there", async () => {
    await run(one).remove(type, state);
    const left = { Environment: "environments", Workspace: "workspaces" } as const;
    const table = left[type as keyof typeof left];
    if (table) expect(server.store[table].find({ name: "ours", deletedAt: null })).toBeUndefined();
    else expect(server.store.environmentConnections.count() + server.store.workspaceEnvironments.count()).toBe(0);
    expect(await run(one).read(type, state)).toBeUndefined();
  });

  test("is imported from there by its organization, and not from the provider's own", async () => {
    const imported = await run(one).import(type, `${two}/${state.id}`);
    expect(imported).toMatchObject({ id: state.id, organizationId: two });
    await expect(run(one).import(type, state.id)).rejects.toMatchObject({ code: "missing" });
    expect(await run(two).import(type, state.id)).toMatchObject({ id: state.id, organizationId: two });
  });
});

test("what holds an assignment is looked for in its own organization before it is judged", async () => {
  const environmentId = idOf("environments", "there");
  const connectionId = idOf("connections", "cluster");
  const state = await run(one).create("ConnectionAssignment", { environmentId, connectionId, organizationId: two });
  server.store.environmentConnections.deleteWhere({});
  server.store.connections.delete(connectionId);
  const refresh = run(one);
  // Neither the assignment nor its connection is to be seen: nobody knows.
  expect(await refresh.read("ConnectionAssignment", state)).toEqual(state);
  expect(refresh.warnings).toHaveLength(1);
});

describe("on a server that lists rows of every organization", () => {
  test.each([false, true])("a name in another one is neither refused nor taken over (adopt: %s)", async (adopt) => {
    const all = await front(server, (answer, { method, path }) => {
      if (method !== "GET" || path !== "/api/environments") return answer;
      const rows = server.store.environments.list({ deletedAt: null });
      const environments = rows.map(({ id, name, description, organizationId, owner }) => ({
        id,
        name,
        description,
        organizationId,
        owner,
      }));
      return { ...answer, text: JSON.stringify({ environments, totalCount: environments.length }) };
    });
    try {
      const { token, mesheryProvider } = server;
      const session = openSession({ url: all.url, token, mesheryProvider, organizationId: one, origins: {} });
      const context = session.context(() => undefined);
      const state = await lifecycles.get("Environment")!.create(context, { name: "there", adopt });
      expect(state).toMatchObject({ organizationId: one, adopted: false });
      expect(state.id).not.toBe(server.store.environments.find({ name: "there", organizationId: two })!.id);
    } finally {
      await all.close();
    }
  });
});

describe("one organization's", () => {
  test("ends do not make an edge of another one", async () => {
    const inputs = { environmentId: idOf("environments", "there"), connectionId: idOf("connections", "cluster") };
    await expect(run(one).create("ConnectionAssignment", inputs)).rejects.toMatchObject({
      code: "missing",
      details: { field: "environmentId" },
    });
    const binding = { workspaceId: idOf("workspaces", "team"), environmentId: idOf("environments", "here") };
    await expect(run(two).create("WorkspaceBinding", binding)).rejects.toMatchObject({
      code: "missing",
      details: { field: "environmentId" },
    });
    expect(server.store.environmentConnections.count() + server.store.workspaceEnvironments.count()).toBe(0);
  });

  test("name is free in another one, also for a rename", async () => {
    const state = await run(one).create("Environment", { name: "ours" });
    expect(await run(one).update("Environment", state, { name: "there" })).toMatchObject({ name: "there" });
    await expect(run(one).create("Environment", { name: "here" })).rejects.toMatchObject({ code: "exists" });
  });

  test("objects are what a lookup finds: those of the lookup's own, else of the provider's", async () => {
    const found = (lookup: string, inputs: Values, organizationId?: string) =>
      lookups
        .find(({ name }) => name === lookup)!
        .read(
          run(organizationId).session.context(() => undefined),
          inputs,
        );
    expect(await found("getEnvironment", { name: "there", organizationId: two }, one)).toMatchObject({
      organizationId: two,
    });
    await expect(found("getEnvironment", { name: "there" }, one)).rejects.toMatchObject({ code: "missing" });
    await expect(found("getWorkspace", { name: "team" }, one)).rejects.toMatchObject({ code: "missing" });
    expect(await found("getWorkspaces", { organizationId: two }, one)).toMatchObject({
      organizationId: two,
      workspaces: [{ name: "crew" }, { name: "team" }],
    });
    expect(await found("getEnvironments", {}, one)).toMatchObject({ environments: [{ name: "here" }] });
    await expect(found("getEnvironments", {})).rejects.toMatchObject({
      code: "organization",
      details: { field: "organizationId", hint: expect.stringMatching(/one \(.*two \(/) },
    });
  });
});
