import type { Values } from "../../provider/framework";
import { lifecycles } from "../../provider/resources";
import { MesheryServer } from "../support/meshery";
import { benchFor } from "../support/session";

// What others change on the server shows in a refresh, field by field, and only where the program manages the field.

let server: MesheryServer;
beforeEach(async () => {
  server = await MesheryServer.start({ world: { connections: { cluster: { kind: "kubernetes" } } } });
});
afterEach(() => server.close());

const run = () => benchFor(server);
const tables = { Environment: "environments", Workspace: "workspaces", Connection: "connections" } as const;
type Type = keyof typeof tables;
const named = { name: "ours", description: "as written" };
const connection = {
  name: "ours",
  kind: "github",
  type: "collaboration",
  subType: "scm",
  metadata: { a: "1", b: "2" },
  metadataJson: '{ "ports": [443], "deep": { "x": 1 } }',
};
const metadata = { a: "1", b: "2", ports: [443], deep: { x: 1 } };

/** A change on the server, and what of it a refresh shows. */
const changes: [Type, Values, object, Values][] = [
  ["Environment", named, { name: "by hand" }, { name: "by hand" }],
  ["Environment", named, { description: "by hand" }, { description: "by hand" }],
  ["Environment", named, { description: "" }, { description: "" }],
  ["Workspace", named, { name: "by hand" }, { name: "by hand" }],
  ["Workspace", named, { description: "by hand" }, { description: "by hand" }],
  ["Connection", connection, { name: "by hand" }, { name: "by hand" }],
  ["Connection", connection, { type: "other" }, { type: "other" }],
  ["Connection", connection, { subType: "other" }, { subType: "other" }],
  ["Connection", connection, { metadata: { ...metadata, a: "9" } }, { metadata: { a: "9", b: "2" } }],
  ["Connection", connection, { metadata: { ...metadata, b: undefined } }, { metadata: { a: "1" } }],
  [
    "Connection",
    connection,
    { metadata: { ...metadata, ports: [443, 80] } },
    { metadataJson: '{"ports":[443,80],"deep":{"x":1}}' },
  ],
  [
    "Connection",
    connection,
    { metadata: { ...metadata, deep: { x: 2, y: 3 } } },
    { metadataJson: '{"ports":[443],"deep":{"x":2}}' },
  ],
];

test.each(
  changes,
)("%s: a change by hand is shown, and taken back by the next update (%#)", async (type, inputs, change, shown) => {
  const state = await run().create(type, inputs);
  server.store[tables[type as "Environment"]].update(state.id, change);
  const live = await run().read(type, state);
  expect(live).toEqual({ ...state, ...shown });
  const fields = lifecycles
    .get(type)!
    .diff(live!, inputs)
    .map(({ field }) => field);
  expect(fields).toEqual(Object.keys(shown));
  const back = await run().update(type, live!, inputs);
  expect(back).toEqual(state);
  expect(await run().read(type, back)).toEqual(state);
});

/** A change that is none of the program's business. */
const foreign: [Type, Values, object][] = [
  ["Environment", { name: "ours" }, { description: "by hand" }],
  ["Workspace", { name: "ours" }, { description: "by hand" }],
  ["Connection", connection, { status: "not found" }],
  ["Connection", connection, { metadata: { ...metadata, theirs: "x", deep: { x: 1, y: 2 } } }],
  ["Connection", { name: "ours", kind: "github", type: "collaboration" }, { subType: "by hand" }],
  ["Connection", { name: "ours", kind: "github", type: "collaboration" }, { metadata: { theirs: "x" } }],
];

test.each(foreign)("%s: a change of what is not managed shows nowhere (%#)", async (type, inputs, change) => {
  const state = await run().create(type, inputs);
  server.store[tables[type as "Environment"]].update(state.id, change);
  expect(await run().read(type, state)).toEqual(state);
  expect(lifecycles.get(type)!.diff(state, inputs)).toEqual([]);
});

test("a status is for the creation only: neither a change of it in the program nor one on the server is a difference", async () => {
  const inputs = { name: "ours", kind: "github", type: "collaboration", status: "registered" };
  const state = await run().create("Connection", inputs);
  server.store.connections.update(state.id, { status: "connected" });
  expect(await run().read("Connection", state)).toEqual(state);
  expect(lifecycles.get("Connection")!.diff(state, { ...inputs, status: "maintenance" })).toEqual([]);
});

test("an edge that others removed is gone", async () => {
  const environment = await run().create("Environment", { name: "ours" });
  const connectionId = server.store.connections.find({ name: "cluster" })!.id;
  const state = await run().create("ConnectionAssignment", { environmentId: environment.id, connectionId });
  server.store.environmentConnections.deleteWhere({ connectionId });
  expect(await run().read("ConnectionAssignment", state)).toBeUndefined();
});

describe("a create in an organization that is not there", () => {
  test.each([
    ["Environment", { name: "new" }],
    ["Workspace", { name: "new" }],
  ])("says so, and names the field: %s", async (type, inputs) => {
    const organizationId = "6b1e8f60-0000-4000-8000-000000000000";
    await expect(run().create(type, { ...inputs, organizationId })).rejects.toMatchObject({
      message: expect.stringContaining(organizationId),
    });
    expect(server.store[tables[type as "Environment"]].list({ name: "new", deletedAt: null })).toEqual([]);
  });
});

describe("an import id with an empty part", () => {
  test.each([
    ["Environment", "/x"],
    ["Environment", "name:"],
    ["ConnectionAssignment", "/a/b"],
    ["ConnectionAssignment", "a//b"],
    ["ConnectionAssignment", "a/ "],
    ["WorkspaceBinding", "o//b"],
  ])("is none: %s by %j", async (type, id) => {
    server.requests.clear();
    await expect(run().import(type, id)).rejects.toMatchObject({ code: "invalid-input" });
    expect(server.requests.list).toEqual([]);
  });
});

test("a kind that was changed by hand is not brought back by an update of something else", async () => {
  const state = await run().create("Connection", connection);
  server.store.connections.update(state.id, { kind: "prometheus" });
  const next = await run().update("Connection", state, { ...connection, type: "other" });
  expect(server.store.connections.find({ id: state.id })).toMatchObject({ kind: "prometheus", type: "other" });
  // The next refresh shows it, and a plan replaces the connection.
  const live = await run().read("Connection", next);
  expect(lifecycles.get("Connection")!.diff(live!, connection)).toContainEqual({ field: "kind", change: "replace" });
});

describe.each(["Environment", "Workspace"] as const)("%s: blanks at the ends of a description", (type) => {
  const stored = (id: string) => server.store[tables[type]].find({ id })!.description;

  test("reach a server that keeps them", async () => {
    const state = await run().create(type, named);
    const next = await run().update(type, state, { ...named, description: "as written\n" });
    expect(stored(state.id)).toBe("as written\n");
    expect(next.description).toBe("as written\n");
  });

  test("are brought to what is adopted, and the plan says so", async () => {
    const { id } = server.store[tables[type]].insert(named);
    const inputs = { ...named, description: "as written\n", adopt: true };
    const bench = run();
    const [notice] = await lifecycles.get(type)!.plannedNotices(
      bench.session.context(() => undefined),
      inputs,
    );
    expect(notice!.detail).toContain('description: "as written" becomes "as written\\n"');
    await bench.create(type, inputs);
    expect(stored(id)).toBe("as written\n");
  });
});
