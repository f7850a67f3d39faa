import { lookups } from "../../provider/resources";
import { MesheryServer } from "../support/meshery";
import { type Bench, benchFor } from "../support/session";
import { typed } from "../support/typedMeshery";

let server: MesheryServer;
let bench: Bench;
beforeEach(async () => {
  server = await MesheryServer.start({ world: { environments: { production: {} } } });
  bench = benchFor(server);
});
afterEach(() => server.close());

const add = (name: string, status: string, kind = "kubernetes") =>
  server.store.connections.insert({ name, status, kind, type: "platform" }).id;
const getConnection = (inputs: Record<string, string>) =>
  lookups
    .find(({ name }) => name === "getConnection")!
    .read(
      bench.session.context((warning) => bench.warnings.push(warning)),
      inputs,
    );

describe("a lookup among connections that came back", () => {
  test.each([
    "not found",
    "disconnected",
    "ignored",
  ])("takes the one in use beside one that is %s, and says so", async (status) => {
    const old = add("cluster", status);
    const now = add("cluster", "connected");
    expect(await getConnection({ name: "cluster" })).toMatchObject({ id: now });
    expect(bench.warnings).toEqual([
      { summary: expect.stringContaining(now), detail: expect.stringMatching(new RegExp(`${old}.*${status}`)) },
    ]);
  });

  test("takes the only one without a word, whatever its status", async () => {
    const only = add("cluster", "not found");
    expect(await getConnection({ name: "cluster" })).toMatchObject({ id: only, status: "not found" });
    expect(bench.warnings).toEqual([]);
  });

  test.each([
    ["several in use", "connected", "registered"],
    ["none in use", "not found", "disconnected"],
  ])("does not choose among %s, and lists id, kind and status", async (_, a, b) => {
    const ids = [add("cluster", a), add("cluster", b)];
    await expect(getConnection({ name: "cluster" })).rejects.toMatchObject({
      code: "ambiguous",
      details: {
        hint: expect.stringMatching(
          new RegExp(ids.map((id, i) => `(?=.*${id} \\(cluster, kubernetes, ${[a, b][i]}\\))`).join(""), "s"),
        ),
      },
    });
  });

  test("is narrowed by kind, type and status", async () => {
    const github = add("main", "connected", "github");
    add("main", "connected");
    const registered = add("main", "registered", "github");
    expect(await getConnection({ name: "main", kind: "github", status: "connected" })).toMatchObject({ id: github });
    expect(await getConnection({ kind: "github", status: "registered" })).toMatchObject({ id: registered });
  });

  test("does not see nameless rows, deleted ones, or parts of names", async () => {
    add("", "connected");
    const deleted = add("cluster", "connected");
    server.store.connections.update(deleted, { deletedAt: server.store.now() });
    add("cluster-2", "connected");
    await expect(getConnection({ name: "cluster" })).rejects.toThrow(
      /no connection has name "cluster".*If this run creates it, use its `id`/s,
    );
    await expect(getConnection({ kind: "github" })).rejects.toMatchObject({ details: { field: "kind" } });
    expect(await getConnection({ kind: "kubernetes" })).toMatchObject({ name: "cluster-2" });
  });
});

describe("an edge to a connection that came back", () => {
  test("moves to the new id first, and then lets go of the one that is gone", async () => {
    const old = add("cluster", "connected");
    const environmentId = server.store.environments.find({ name: "production" })!.id;
    const state = await bench.create("ConnectionAssignment", { environmentId, connectionId: old });
    server.store.connections.update(old, { deletedAt: server.store.now() });
    const now = add("cluster", "connected");

    const refresh = benchFor(server);
    expect(await refresh.read("ConnectionAssignment", state)).toEqual(state);
    expect(refresh.warnings).toHaveLength(1);
    server.requests.clear();
    const apply = benchFor(server);
    const moved = await apply.update("ConnectionAssignment", state, { environmentId, connectionId: now });
    expect(moved.id).toBe(`${environmentId}/${now}`);
    const writes = server.requests.list.filter(({ method }) => method !== "GET").map(({ method }) => method);
    expect(writes[0]).toBe("POST");
    expect((await typed(apply.session.client).assigned(server.organizationId, environmentId).read("now")).size).toBe(1);
  });

  test("can be destroyed although its connection is gone", async () => {
    const old = add("cluster", "connected");
    const environmentId = server.store.environments.find({ name: "production" })!.id;
    const state = await bench.create("ConnectionAssignment", { environmentId, connectionId: old });
    server.store.connections.delete(old);
    await benchFor(server).remove("ConnectionAssignment", state);
  });

  test("can be destroyed although environment and connection are gone", async () => {
    const old = add("cluster", "connected");
    const { id: environmentId } = await bench.create("Environment", { name: "ours" });
    const state = await bench.create("ConnectionAssignment", { environmentId, connectionId: old });
    server.store.connections.delete(old);
    server.store.environments.update(environmentId, { deletedAt: server.store.now() });
    const destroy = benchFor(server);
    expect(await destroy.read("ConnectionAssignment", state)).toBeUndefined();
    await destroy.remove("ConnectionAssignment", state);
    expect(destroy.warnings).toEqual([]);
  });
});
