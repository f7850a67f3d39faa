import type { State, Values } from "../../provider/framework";
import { lifecycles, lookups } from "../../provider/resources";
import type { MesheryServerOptions } from "../../provider/server";
import { FaultyProxy, type Habits } from "../support/faultyProxy";
import { MesheryServer } from "../support/meshery";
import { benchFor } from "../support/session";
import { typed } from "../support/typedMeshery";

let closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.reverse()) await close();
  closing = [];
});

async function serverOf(options: MesheryServerOptions, habits?: Habits) {
  const server = await MesheryServer.start(options);
  closing.push(() => server.close());
  if (!habits) return { server, run: (given = {}) => benchFor(server, given) };
  const proxy = await FaultyProxy.start(server.url, habits);
  closing.push(() => proxy.close());
  return { server, run: (given = {}) => benchFor(server, { url: proxy.url, ...given }) };
}
type Run = Awaited<ReturnType<typeof serverOf>>["run"];
type Bench = ReturnType<Run>;

const asked = (bench: Bench, name: string, inputs: Values) =>
  (lookups.find((lookup) => lookup.name === name)!.read as (context: unknown, inputs: Values) => Promise<Values>)(
    bench.session.context(() => {}),
    inputs,
  );

describe("a server that lists the rows of every organization", () => {
  const world: MesheryServerOptions["world"] = {
    organizations: { one: {}, two: {} },
    connections: { cluster: { kind: "kubernetes" } },
    environments: { ours: { organization: "one" }, theirs: { organization: "one", connections: ["cluster"] } },
    workspaces: { team: { organization: "one" }, "their team": { organization: "one", environments: ["theirs"] } },
  };
  /** Whichever organization is asked for, all rows come. */
  const everything: Habits = {
    url: (url) => url.replaceAll(two, one),
    answer: (body) => {
      if (!body.startsWith("{")) return body;
      const theirs = (value: { id?: string } | null) =>
        value && foreign.has(String(value.id)) ? { ...value, organizationId: two } : value;
      return JSON.stringify(JSON.parse(body, (_, value) => theirs(value)));
    },
  };
  let server: MesheryServer;
  let run: Run;
  let one: string;
  let two: string;
  let foreign: Set<string>;
  beforeEach(async () => {
    ({ server, run } = await serverOf({ world }, everything));
    one = server.store.organizations.find({ name: "one" })!.id;
    two = server.store.organizations.find({ name: "two" })!.id;
    foreign = new Set([idOf("environments", "theirs"), idOf("workspaces", "their team")]);
  });
  const bench = () => run({ organizationId: one });
  const idOf = (table: "environments" | "workspaces", name: string) => server.store[table].find({ name })!.id;
  const otherOrganization = () => ({
    code: "organization",
    details: { field: "organizationId", what: expect.stringMatching(new RegExp(`"two" \\(${two}\\), not to ${one}`)) },
  });

  test("shows them, to begin with", async () => {
    expect((await typed(bench().session.client).environments(one).read("cached")).size).toBe(2);
  });

  test.each(["id", "name"])("an import by %s names the right organization", async (by) => {
    for (const [type, table, name] of [
      ["Environment", "environments", "theirs"],
      ["Workspace", "workspaces", "their team"],
    ] as const) {
      const id = by === "id" ? idOf(table, name) : `name:${name}`;
      await expect(bench().import(type, id)).rejects.toMatchObject(otherOrganization());
      expect(await run({ organizationId: two }).import(type, id)).toMatchObject({ organizationId: two });
    }
    expect(await bench().import("Environment", "name:ours")).toMatchObject({ organizationId: one });
  });

  test("neither an edge nor its import takes an end of another organization", async () => {
    const connectionId = server.store.connections.find({ name: "cluster" })!.id;
    const environmentId = idOf("environments", "theirs");
    await expect(bench().import("ConnectionAssignment", `${environmentId}/${connectionId}`)).rejects.toMatchObject(
      otherOrganization(),
    );
    await expect(bench().create("ConnectionAssignment", { environmentId, connectionId })).rejects.toMatchObject(
      otherOrganization(),
    );
  });

  test("a lookup names the right organization, and lists hold ours alone", async () => {
    await expect(asked(bench(), "getEnvironment", { name: "theirs" })).rejects.toMatchObject(otherOrganization());
    await expect(asked(bench(), "getWorkspace", { id: idOf("workspaces", "their team") })).rejects.toMatchObject(
      otherOrganization(),
    );
    expect(await asked(bench(), "getEnvironments", {})).toMatchObject({
      environments: [{ name: "ours" }],
      assignments: [],
      bindings: [],
    });
    expect(await asked(bench(), "getWorkspaces", {})).toMatchObject({ workspaces: [{ name: "team" }] });
  });

  test("their names are free, and theirs is not adopted", async () => {
    const state = await bench().create("Environment", { name: "theirs", adopt: true });
    expect(state).toMatchObject({ adopted: false, organizationId: one });
    expect(server.store.environments.list({ name: "theirs" })).toHaveLength(2);
  });
});

describe("a server that refuses an empty text", () => {
  const refusal = { status: 400, body: "description cannot be empty" };
  const habits: Habits = {
    instead: (method, _, body) => (method === "PUT" && body.description === "" ? refusal : undefined),
  };

  test("renames a workspace without description, and clears one", async () => {
    const { server, run } = await serverOf({}, habits);
    const bare = await run().create("Workspace", { name: "team" });
    const renamed = await run().update("Workspace", bare, { name: "renamed" });
    expect(server.store.workspaces.get(bare.id)).toMatchObject({ name: "renamed" });
    expect(await run().read("Workspace", renamed)).toEqual(renamed);
    const described = await run().create("Workspace", { name: "other", description: "x" });
    const cleared = await run().update("Workspace", described, { name: "other", description: "" });
    expect(await run().read("Workspace", cleared)).toEqual(cleared);
    expect(cleared.description).toBe("");
  });
});

describe("a server that cuts blanks at the ends of texts", () => {
  const habits: Habits = {
    body: (body) => (typeof body.description === "string" ? { ...body, description: body.description.trim() } : body),
  };
  const differing = (state: State, inputs: Values) => lifecycles.get("Environment")!.diff(state, inputs);

  test("shows no difference, and keeps what was written", async () => {
    const { server, run } = await serverOf({}, habits);
    const inputs = { name: "production", description: " for people \n" };
    const state = await run().create("Environment", inputs);
    expect(server.store.environments.get(state.id)!.description).toBe("for people");
    const read = await run().read("Environment", state);
    expect(read).toEqual(state);
    expect(differing(read!, inputs)).toEqual([]);
    const changed = { ...inputs, description: "other " };
    const next = await run().update("Environment", state, changed);
    expect(await run().read("Environment", next)).toEqual(next);
    expect(differing(next, changed)).toEqual([]);
  });

  test("nor in front of tags, where only the beginning is cut", async () => {
    const { server, run } = await serverOf({}, habits);
    const inputs = { name: "production", description: " for people ", tags: { a: "b " } };
    const state = await run().create("Environment", inputs);
    expect(server.store.environments.get(state.id)!.description).toBe("for people \n[meshery-iac] a=b%20");
    expect(await run().read("Environment", state)).toEqual(state);
    expect(differing(state, inputs)).toEqual([]);
  });

  test("and a text that others cut otherwise is still a difference", async () => {
    const { server, run } = await serverOf({});
    const state = await run().create("Environment", { name: "production", description: " a b " });
    for (const text of ["a b ", "a", "A B"]) {
      server.store.environments.update(state.id, { description: text });
      expect(await run().read("Environment", state)).toMatchObject({ description: text });
    }
  });

  test("finds what it made although the answer was lost", async () => {
    const { server, run } = await serverOf({}, habits);
    server.faults.add({
      method: "POST",
      route: "/api/environments",
      effect: { kind: "status", status: 500, when: "after" },
    });
    expect(await run().create("Environment", { name: "production", description: "x " })).toMatchObject({
      description: "x ",
      adopted: false,
    });
    expect(server.store.environments.list({ name: "production" })).toHaveLength(1);
  });
});

describe("what was deleted meanwhile", () => {
  const made: [string, Values, "environments" | "workspaces" | "connections"][] = [
    ["Environment", { name: "new", description: "x" }, "environments"],
    ["Workspace", { name: "new", description: "x" }, "workspaces"],
    ["Connection", { name: "new", kind: "github", type: "collaboration" }, "connections"],
  ];
  test.each(made)("is not revived by an update: %s", async (type, inputs, table) => {
    const { server, run } = await serverOf({});
    const state = await run().create(type, inputs);
    const bench = run();
    await bench.read(type, state);
    server.store[table].delete(state.id);
    server.requests.clear();
    for (const changed of [
      { ...inputs, name: "newer" },
      { ...inputs, description: "y", type: "other" },
    ]) {
      await expect(bench.update(type, state, changed)).rejects.toMatchObject({
        code: "missing",
        message: expect.stringMatching(/was deleted meanwhile.*Nothing was sent.*Plan again/s),
      });
    }
    expect(server.requests.list.filter(({ method }) => method !== "GET")).toEqual([]);
  });

  test.each(made)("is not revived by an adoption: %s", async (type, inputs, table) => {
    const { server, run } = await serverOf({});
    const { id } = await run().create(type, inputs);
    const bench = run();
    const client = typed(bench.session.client);
    const { organizationId } = server;
    await Promise.all(
      [client.environments(organizationId), client.workspaces(organizationId)].map((l) => l.read("cached")),
    );
    await client.connections().read("cached");
    server.store[table].delete(id);
    server.requests.clear();
    const other = type === "Connection" ? { type: "other" } : { description: "other" };
    const adopted = bench.create(type, { ...inputs, ...other, adopt: true });
    await expect(adopted).rejects.toMatchObject({ code: "missing" });
    expect(server.requests.list.filter(({ method }) => method !== "GET")).toEqual([]);
  });
});

test("a subType is not cleared where servers keep it, and nothing is sent", async () => {
  const { server, run } = await serverOf({});
  const inputs = { name: "new", kind: "github", type: "collaboration", subType: "x" };
  const state = await run().create("Connection", inputs);
  server.requests.clear();
  await expect(run().update("Connection", state, { ...inputs, subType: "" })).rejects.toMatchObject({
    code: "invalid-input",
    details: { field: "subType", what: expect.stringContaining("cannot be cleared") },
  });
  expect(server.requests.list.filter(({ method }) => method !== "GET")).toEqual([]);
});

describe("with the provider Local, whose lists hold everything", () => {
  const world: MesheryServerOptions["world"] = {
    connections: { cluster: { kind: "kubernetes" } },
    environments: { production: { connections: ["cluster"] } },
  };
  const id = (server: MesheryServer, table: "environments" | "connections") => server.store[table].list()[0]!.id;

  test.each([
    ["Local", undefined, []],
    [
      "a remote provider",
      "kept",
      [expect.objectContaining({ summary: expect.stringContaining("could not be verified") })],
    ],
  ])("an assignment of a connection that is not listed is gone: %s", async (provider, outcome, warnings) => {
    const { server, run } = await serverOf({ world });
    const bench = provider === "Local" ? run({ mesheryProvider: "Local" }) : run();
    const state = await bench.import(
      "ConnectionAssignment",
      `${id(server, "environments")}/${id(server, "connections")}`,
    );
    server.store.connections.delete(id(server, "connections"));
    const later = provider === "Local" ? run({ mesheryProvider: "Local" }) : run();
    const read = await later.read("ConnectionAssignment", state);
    expect(read).toEqual(outcome && state);
    expect(later.warnings).toEqual(warnings);
  });
});

test("a binding of an environment that a teammate deleted is gone, without advice", async () => {
  const { server, run } = await serverOf({ world: { workspaces: { team: {} } } });
  const environment = await run().create("Environment", { name: "production" });
  const workspaceId = server.store.workspaces.find({ name: "team" })!.id;
  const binding = await run().create("WorkspaceBinding", { workspaceId, environmentId: environment.id });
  server.store.environments.update(environment.id, { deletedAt: server.store.now() });
  server.store.workspaceEnvironments.deleteWhere({ workspaceId });
  const bench = run();
  expect(await bench.read("WorkspaceBinding", binding)).toBeUndefined();
  expect(bench.warnings).toEqual([]);
});

describe("teams", () => {
  test.each(["E1", "E2", "E3"] as const)("a self-hosted server has none, and it is said: %s", async (era) => {
    const { run } = await serverOf({ era });
    for (const [name, inputs] of [
      ["getTeam", { name: "operators" }],
      ["getTeams", {}],
    ] as const) {
      await expect(asked(run(), name, inputs)).rejects.toMatchObject({
        code: "missing",
        message: expect.stringMatching(/Teams are Meshery Cloud's/),
      });
    }
  });

  test("a token that is refused everywhere is another matter", async () => {
    const { server, run } = await serverOf({});
    const { organizationId } = server;
    await expect(asked(run({ token: "wrong", organizationId }), "getTeams", {})).rejects.toMatchObject({
      code: "not-authenticated",
    });
  });
});

describe("an import gives the state that a create recorded", () => {
  test.each<Values>([
    { kind: "github", type: "collaboration" },
    { kind: "github", type: "collaboration", status: "registered" },
    { kind: "github", type: "collaboration", subType: "x", metadata: { a: "1" } },
    { kind: "kubernetes", type: "platform", metadata: { a: "1" }, metadataJson: '{"ports":[443]}' },
  ])("%j", async (inputs) => {
    const { run } = await serverOf({});
    const state = await run().create("Connection", { name: "new", ...inputs });
    const imported = await run().import("Connection", state.id);
    const held = (values: Values) =>
      Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
    expect(held(imported)).toEqual(held(state));
    expect(held((await run().read("Connection", imported))!)).toEqual(held(state));
  });
});
