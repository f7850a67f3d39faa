import type { State } from "../../provider/framework";
import { lookups } from "../../provider/resources";
import { MesheryServer, seen } from "../support/meshery";
import { benchFor } from "../support/session";

// What one run remembers of itself, and what it must not remember.

let server: MesheryServer;
beforeEach(async () => {
  server = await MesheryServer.start({
    world: {
      connections: { cluster: { kind: "kubernetes" }, grafana: { kind: "grafana" } },
      environments: { taken: {} },
      workspaces: { taken: {} },
    },
  });
});
afterEach(() => server.close());

const run = (env: NodeJS.ProcessEnv = {}) => benchFor(server, { env });
const deletes = () => server.requests.list.filter(({ method }) => method === "DELETE");
const idOf = (table: "connections" | "environments" | "workspaces", name: string) =>
  server.store[table].find({ name, deletedAt: null })!.id;

describe("a rename that is refused", () => {
  test.each([
    ["Environment", "environments", "getEnvironment"],
    ["Workspace", "workspaces", "getWorkspace"],
  ] as const)("frees no name: %s", async (type, table, lookup) => {
    const state = await run().create(type, { name: "ours" });
    const next = run();
    await expect(next.update(type, state, { name: "taken" })).rejects.toMatchObject({ code: "exists" });
    await expect(next.create(type, { name: "ours" })).rejects.toMatchObject({ code: "exists" });
    expect(server.store[table].list({ name: "ours", deletedAt: null })).toHaveLength(1);
    const found = await lookups
      .find(({ name }) => name === lookup)!
      .read(
        next.session.context(() => undefined),
        { name: "ours" },
      );
    expect(found.id).toBe(state.id);
  });
});

describe("MESHERY_ADOPT", () => {
  const inputs = { name: "taken" };

  test.each(["1", "true", "TRUE"])("of %j takes over what has the name", async (MESHERY_ADOPT) => {
    const state = await run({ MESHERY_ADOPT }).create("Environment", inputs);
    expect(state).toMatchObject({ id: idOf("environments", "taken"), adopted: true, adopt: false });
    await run().remove("Environment", state);
    expect(Object.keys(seen(server).environments)).toContain("taken");
  });

  test("of anything else takes over nothing", async () => {
    // Each waits a while for a rename that would free the name, so they do it side by side.
    const others = ["", "0", "false", "no", "FALSE", undefined];
    const ends = await Promise.allSettled(
      others.map((MESHERY_ADOPT) => run({ MESHERY_ADOPT }).create("Environment", inputs)),
    );
    expect(ends).toMatchObject(others.map(() => ({ status: "rejected", reason: { code: "exists" } })));
  });

  test("makes nothing adopted that was not there", async () => {
    expect(await run({ MESHERY_ADOPT: "1" }).create("Environment", { name: "new" })).toMatchObject({ adopted: false });
  });
});

describe("edges that go before their turn", () => {
  const types = [
    [
      "ConnectionAssignment",
      () => ({ environmentId: idOf("environments", "ours"), connectionId: idOf("connections", "cluster") }),
    ],
    [
      "WorkspaceBinding",
      () => ({ workspaceId: idOf("workspaces", "taken"), environmentId: idOf("environments", "ours") }),
    ],
  ] as const;

  test.each(types)("are not removed a second time: %s", async (type, ends) => {
    const environment = await run().create("Environment", { name: "ours" });
    const edge: State = await run().create(type, ends());
    const next = run();
    await next.remove("Environment", { ...environment, forceDestroy: true });
    expect(deletes()).toHaveLength(2);
    await next.remove(type, edge);
    expect(deletes()).toHaveLength(2);
    expect(next.warnings).toEqual([]);
  });

  test.each(types)("are removed where the run made them anew after that: %s", async (type, ends) => {
    await run().create("Environment", { name: "ours" });
    const edge = await run().create(type, ends());
    const next = run();
    await next.remove(type, edge);
    await next.create(type, ends());
    const after = run();
    await after.remove(type, edge);
    expect(server.store.environmentConnections.count() + server.store.workspaceEnvironments.count()).toBe(0);
  });
});

describe("a pair that a server stored more than once", () => {
  test("is one edge, and gone as a whole when it is removed", async () => {
    const twice = await MesheryServer.start({
      world: { connections: { cluster: { kind: "kubernetes" } } },
      quirks: { duplicateMappings: true },
    });
    try {
      const bench = benchFor(twice);
      const environment = await bench.create("Environment", { name: "ours" });
      const connectionId = twice.store.connections.find({ name: "cluster" })!.id;
      const state = await bench.create("ConnectionAssignment", { environmentId: environment.id, connectionId });
      expect(twice.store.environmentConnections.count()).toBe(2);
      twice.store.environmentConnections.insert({ environmentId: environment.id, connectionId });
      expect(await benchFor(twice).read("ConnectionAssignment", state)).toEqual(state);
      await benchFor(twice).remove("ConnectionAssignment", state);
      expect(twice.store.environmentConnections.count()).toBe(0);
    } finally {
      await twice.close();
    }
  });
});

describe("an edge whose removal was asked for while another record declares it", () => {
  test("is not removed by the run that made it, whichever of the two comes first", async () => {
    await run().create("Environment", { name: "ours" });
    const ends = { environmentId: idOf("environments", "ours"), connectionId: idOf("connections", "cluster") };
    const old = await run().create("ConnectionAssignment", ends);
    const next = run();
    next.session.context(() => undefined).run.declare("environment-connection", old.id);
    await next.remove("ConnectionAssignment", old);
    await next.create("ConnectionAssignment", ends);
    expect(deletes()).toEqual([]);
    expect(server.store.environmentConnections.count()).toBe(1);
  });
});
