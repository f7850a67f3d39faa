import type { State, Values } from "../../provider/framework";
import { lifecycles } from "../../provider/resources";
import { MesheryServer, seen } from "../support/meshery";
import { type Bench, benchFor } from "../support/session";

const world = {
  organizations: { one: {}, two: {} },
  connections: { cluster: { kind: "kubernetes", type: "platform", metadata: { server: "https://a", theirs: "kept" } } },
  environments: { production: { description: "theirs" } },
  workspaces: { team: { description: "theirs" } },
};

let server: MesheryServer;
let organizationId: string;
let bench: Bench;
const run = (env: NodeJS.ProcessEnv = {}) => benchFor(server, { organizationId, env });
beforeEach(async () => {
  server = await MesheryServer.start({ world });
  organizationId = server.organizationId;
  bench = run();
});
afterEach(() => server.close());

const existing: [string, Values, () => { id: string }][] = [
  ["Environment", { name: "production" }, () => server.store.environments.find({ name: "production" })!],
  ["Workspace", { name: "team" }, () => server.store.workspaces.find({ name: "team" })!],
  [
    "Connection",
    { name: "cluster", kind: "kubernetes", type: "platform" },
    () => server.store.connections.find({ name: "cluster" })!,
  ],
];
const differing = (type: string, state: State, inputs: Values) =>
  lifecycles
    .get(type)!
    .diff(state, inputs)
    .map(({ field }) => field);

describe.each(existing)("%s: what exists already", (type, inputs, row) => {
  test("is refused with the three ways out, its id, and the field", async () => {
    const before = seen(server);
    await expect(bench.create(type, inputs)).rejects.toMatchObject({
      code: "exists",
      details: {
        resource: type,
        field: "name",
        importId: row().id,
        what: expect.stringContaining(`"${inputs.name}" (id ${row().id})`),
        hint: expect.stringMatching(
          /^Import it.*renamed in the program\?.*`aliases`.*`moved`.*adopt = true.*MESHERY_ADOPT=1/s,
        ),
      },
    });
    expect(seen(server)).toEqual(before);
    expect(server.requests.list.filter(({ method }) => method !== "GET")).toEqual([]);
  });

  test("is taken over as it is, remembered as adopted, and let go by a destroy", async () => {
    const before = seen(server);
    const state = await bench.create(type, { ...inputs, adopt: true });
    expect(state).toMatchObject({ id: row().id, adopted: true });
    // The flag may go: what was adopted stays adopted.
    expect(differing(type, state, inputs)).toEqual([]);
    const later = run();
    expect(await later.read(type, state)).toEqual(state);
    await later.remove(type, state);
    expect(seen(server)).toEqual(before);
    expect(later.warnings).toEqual([
      expect.objectContaining({ detail: expect.stringMatching(/adopted it.*adopt = false before the destroy/s) }),
    ]);
  });

  test("is deleted by a destroy after adopt = false was applied", async () => {
    const state = await bench.create(type, { ...inputs, adopt: true });
    expect(differing(type, state, { ...inputs, adopt: false })).toEqual(["adopt"]);
    const owned = await run().update(type, state, { ...inputs, adopt: false });
    expect(owned).toMatchObject({ id: state.id, adopt: false, adopted: false });
    expect(differing(type, owned, { ...inputs, adopt: false })).toEqual([]);
    await run().remove(type, owned);
    expect(await run().read(type, state)).toBeUndefined();
  });

  test("is taken over for one run by MESHERY_ADOPT=1", async () => {
    expect(await run({ MESHERY_ADOPT: "1" }).create(type, inputs)).toMatchObject({ id: row().id, adopted: true });
  });

  test("is not taken over twice in one run", async () => {
    const adopt = { ...inputs, adopt: true };
    const results = await Promise.allSettled([bench.create(type, adopt), bench.create(type, adopt)]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(results.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "declared-twice" } });
  });

  test("cannot be declared twice by two that are new either", async () => {
    const fresh = { ...inputs, name: "fresh" };
    const results = await Promise.allSettled([bench.create(type, fresh), bench.create(type, fresh)]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(results.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "declared-twice" } });
  });

  test("several of one name are not chosen from", async () => {
    const { id: _, ...twin } = row() as { id: string };
    const table = { Environment: "environments", Workspace: "workspaces", Connection: "connections" } as const;
    const { id } = server.store[table[type as keyof typeof table]].insert(twin as never);
    await expect(bench.create(type, { ...inputs, adopt: true })).rejects.toMatchObject({
      code: "ambiguous",
      details: { hint: expect.stringContaining(id) },
    });
  });

  test("has a name that nothing is renamed to", async () => {
    const other = await bench.create(type, { ...inputs, name: "other" });
    const before = seen(server);
    await expect(run().update(type, other, inputs)).rejects.toMatchObject({
      code: "exists",
      details: { field: "name", what: expect.stringContaining(`in use (id ${row().id})`) },
    });
    expect(seen(server)).toEqual(before);
  });
});

describe("names change hands within one run", () => {
  test.each(existing)("%s: in a swap", async (type, inputs) => {
    const [a, b] = await Promise.all(["a", "b"].map((name) => bench.create(type, { ...inputs, name })));
    const next = run();
    const [x, y] = await Promise.all([
      next.update(type, a!, { ...inputs, name: "b" }),
      next.update(type, b!, { ...inputs, name: "a" }),
    ]);
    expect([x, y]).toMatchObject([
      { id: a!.id, name: "b" },
      { id: b!.id, name: "a" },
    ]);
    expect(await Promise.all([run().read(type, x), run().read(type, y)])).toEqual([x, y]);
  });

  test.each(existing)("%s: along a chain, the last link being new", async (type, inputs) => {
    const [a, b] = await Promise.all(["a", "b"].map((name) => bench.create(type, { ...inputs, name })));
    const next = run();
    const [fresh, ...renamed] = await Promise.all([
      next.create(type, { ...inputs, name: "a" }),
      next.update(type, a!, { ...inputs, name: "b" }),
      next.update(type, b!, { ...inputs, name: "c" }),
    ]);
    expect(renamed).toMatchObject([
      { id: a!.id, name: "b" },
      { id: b!.id, name: "c" },
    ]);
    expect(fresh).toMatchObject({ name: "a", adopted: false });
    expect([a!.id, b!.id]).not.toContain(fresh!.id);
  });
});

describe("a name whose holder the plan removes", () => {
  /** An object and the holder of the name it is to get, in a run that knows from its plan that the holder goes. */
  async function planned() {
    const [other, holder] = await Promise.all(
      ["other", "holder"].map((name) => bench.create("Environment", { name, organizationId: server.organizationId })),
    );
    const next = run();
    next.session.context(() => undefined).run.markForDeletion("Environment", holder!.id);
    return { next, other: other!, holder: holder! };
  }

  test("is free once the holder is gone", async () => {
    const { next, other, holder } = await planned();
    const [renamed] = await Promise.all([
      next.update("Environment", other, { name: "holder" }),
      next.remove("Environment", holder),
    ]);
    expect(renamed).toMatchObject({ id: other.id, name: "holder" });
  });

  test("is passed on before that where the engine waits for it", async () => {
    const { next, other, holder } = await planned();
    expect(await next.update("Environment", other, { name: "holder" })).toMatchObject({ name: "holder" });
    await next.remove("Environment", holder);
    expect(server.store.environments.get(other.id)?.name).toBe("holder");
  });

  test("stays in use where the holder was adopted, and is released", async () => {
    const { next, other, holder } = await planned();
    const [renamed] = await Promise.allSettled([
      next.update("Environment", other, { name: "holder" }),
      next.remove("Environment", { ...holder, adopted: true }),
    ]);
    expect(renamed).toMatchObject({ status: "rejected", reason: { code: "exists" } });
    expect(server.store.environments.get(holder.id)?.deletedAt).toBeNull();
  });

  test("stays in use where others hold the holder", async () => {
    const { next, other, holder } = await planned();
    const connectionId = server.store.connections.find({ name: "cluster" })!.id;
    server.store.environmentConnections.insert({ environmentId: holder.id, connectionId });
    const [renamed, removed] = await Promise.allSettled([
      next.update("Environment", other, { name: "holder" }),
      next.remove("Environment", holder),
    ]);
    expect(removed).toMatchObject({ status: "rejected", reason: { code: "in-use" } });
    expect(renamed).toMatchObject({ status: "rejected", reason: { code: "exists" } });
    expect(server.store.environments.get(other.id)?.name).toBe("other");
  });
});

describe.each([403, 409] as const)("on a server that answers %i to a name in use", (duplicateNames) => {
  let strict: MesheryServer;
  let strictBench: Bench;
  beforeEach(async () => {
    strict = await MesheryServer.start({ duplicateNames });
    strictBench = benchFor(strict, { organizationId: strict.organizationId });
  });
  afterEach(() => strict.close());

  const renamed = async (type: string, wishes: Record<string, string>, fresh?: string) => {
    const made = await Promise.all(Object.keys(wishes).map((name) => strictBench.create(type, { name })));
    const next = benchFor(strict, { organizationId: strict.organizationId });
    const results = await Promise.all([
      ...Object.values(wishes).map((name, i) => next.update(type, made[i]!, { name })),
      ...(fresh === undefined ? [] : [next.create(type, { name: fresh })]),
    ]);
    const table = type === "Environment" ? "environments" : "workspaces";
    const names = made.map(({ id }) => strict.store[table].get(id)?.name);
    return { results: results.map(({ name }) => name), names };
  };

  test.each([
    "Environment",
    "Workspace",
  ])("%s: names are swapped, passed along a circle, and along a chain", async (type) => {
    const rounds: Record<string, string>[] = [
      { a: "b", b: "a" },
      { c: "d", d: "e", e: "c" },
      { f: "g", g: "h" },
    ];
    for (const wishes of rounds) {
      const wanted = Object.values(wishes);
      expect(await renamed(type, wishes)).toEqual({ results: wanted, names: wanted });
    }
    expect(await renamed(type, { i: "j", j: "k" }, "i")).toEqual({ results: ["j", "k", "i"], names: ["j", "k"] });
  });

  test("one that cannot have its new name in the end has its old one again", async () => {
    const [a, b] = await Promise.all(["a", "b"].map((name) => strictBench.create("Environment", { name })));
    const refused = { kind: "status", status: 400 } as const;
    strict.faults.add({
      method: "PUT",
      path: `/api/environments/${b!.id}`,
      effect: refused,
      times: Number.POSITIVE_INFINITY,
    });
    const next = benchFor(strict, { organizationId: strict.organizationId });
    const [first, second] = await Promise.allSettled([
      next.update("Environment", a!, { name: "b" }),
      next.update("Environment", b!, { name: "a" }),
    ]);
    expect([first.status, second.status]).toEqual(["rejected", "rejected"]);
    expect([a, b].map((it) => strict.store.environments.get(it!.id)?.name)).toEqual(["a", "b"]);
  });
});

describe("adopting", () => {
  test("brings a description that is declared, and leaves one that is not", async () => {
    const left = await bench.create("Environment", { name: "production", adopt: true });
    expect(left.description).toBeUndefined();
    expect(seen(server).environments.production?.description).toBe("theirs");
    const brought = await run().create("Environment", { name: "production", description: "ours", adopt: true });
    expect(brought).toMatchObject({ description: "ours", adopted: true });
    expect(seen(server).environments.production?.description).toBe("ours");
    await run().create("Environment", { name: "production", description: "", adopt: true });
    expect(seen(server).environments.production?.description).toBe("");
  });

  test("keeps metadata of others", async () => {
    const inputs = { name: "cluster", kind: "kubernetes", type: "platform", metadata: { server: "https://b" } };
    const state = await bench.create("Connection", { ...inputs, adopt: true });
    expect(state.metadata).toEqual({ server: "https://b" });
    expect(server.store.connections.get(state.id)?.metadata).toEqual({ server: "https://b", theirs: "kept" });
  });

  test("minds nothing of the name in another organization or of another kind", async () => {
    const two = server.store.organizations.find({ name: "two" })!.id;
    const environment = await bench.create("Environment", { name: "production", organizationId: two });
    expect(environment).toMatchObject({ organizationId: two, adopted: false });
    const connection = await bench.create("Connection", { name: "cluster", kind: "github", type: "collaboration" });
    expect(connection.adopted).toBe(false);
  });

  test("is not asked for an assignment: one that exists is taken over, and whoever destroys it removes it", async () => {
    const environmentId = server.store.environments.find({ name: "production" })!.id;
    const connectionId = server.store.connections.find({ name: "cluster" })!.id;
    server.store.environmentConnections.insert({ environmentId, connectionId });
    const state = await bench.create("ConnectionAssignment", { environmentId, connectionId });
    expect(server.requests.count("POST /api/environments/{id}/connections/{connectionId}")).toBe(0);
    await run().remove("ConnectionAssignment", state);
    expect(server.store.environmentConnections.count()).toBe(0);
  });
});
