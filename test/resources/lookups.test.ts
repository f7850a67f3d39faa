import type { Values } from "../../provider/framework";
import { lookups } from "../../provider/resources";
import { front } from "../support/front";
import { MesheryServer } from "../support/meshery";
import { type Bench, benchFor, openSession } from "../support/session";

const platform = { kind: "kubernetes", type: "platform", subType: "orchestration" } as const;
const world = {
  organizations: { acme: { name: "Acme" } },
  connections: {
    zebra: { ...platform, status: "connected" as const, metadata: { server: "https://z", ports: [443] } },
    alpha: { ...platform, status: "registered" as const },
    twin: { kind: "kubernetes", type: "platform", subType: "managed" },
    grafana: { kind: "grafana", type: "observability", subType: "monitoring", status: "connected" as const },
  },
  environments: {
    production: { description: "live", connections: ["zebra", "alpha"] },
    bare: { description: "nothing in it" },
  },
  workspaces: {
    "b team": { description: "second", environments: ["production"] },
    "a team": { description: "first", environments: ["production", "bare"] },
    "c team": {},
  },
};

let server: MesheryServer;
let bench: Bench;
beforeAll(async () => {
  server = await MesheryServer.start({ world });
  const { id: _, ...twin } = server.store.connections.find({ name: "twin" })!;
  server.store.connections.insert({ ...twin, type: "cloud", status: "connected" });
  server.store.connections.insert({ ...twin, kind: "github", status: "connected" });
});
afterAll(() => server.close());
beforeEach(() => {
  bench = benchFor(server);
});

const look = (name: string, inputs: Values = {}) =>
  lookups
    .find((lookup) => lookup.name === name)!
    .read(
      bench.session.context((warning) => bench.warnings.push(warning)),
      inputs,
    );
const idOf = (table: "connections" | "environments" | "workspaces", name: string) =>
  server.store[table].find({ name })!.id;
const names = (rows: unknown) => (rows as { name: string }[]).map(({ name }) => name);

describe("getEnvironment", () => {
  test("tells everything of one that is in use", async () => {
    expect(await look("getEnvironment", { name: "production" })).toEqual({
      id: idOf("environments", "production"),
      name: "production",
      organizationId: server.organizationId,
      description: "live",
      tags: {},
      archived: false,
      state: "active",
      connections: [
        { id: idOf("connections", "alpha"), name: "alpha", ...platform, status: "registered" },
        { id: idOf("connections", "zebra"), name: "zebra", ...platform, status: "connected" },
      ],
      workspaces: [
        { id: idOf("workspaces", "a team"), name: "a team" },
        { id: idOf("workspaces", "b team"), name: "b team" },
      ],
    });
  });

  test("calls one without connections empty", async () => {
    expect(await look("getEnvironment", { id: idOf("environments", "bare") })).toMatchObject({
      name: "bare",
      state: "empty",
      connections: [],
      workspaces: [{ name: "a team" }],
    });
  });

  test.each([
    ["getEnvironment", "environments", "production", "bare"],
    ["getWorkspace", "workspaces", "a team", "b team"],
    ["getConnection", "connections", "zebra", "alpha"],
  ] as const)("and its like mean id and name together: %s", async (lookup, table, one, other) => {
    const id = idOf(table, one);
    expect(await look(lookup, { id, name: one })).toMatchObject({ id, name: one });
    await expect(look(lookup, { id, name: other })).rejects.toMatchObject({ code: "missing" });
  });
});

describe("getEnvironments", () => {
  test("tells every pair in words, by name", async () => {
    const found = await look("getEnvironments");
    expect(found.environments).toEqual([
      {
        id: idOf("environments", "bare"),
        name: "bare",
        description: "nothing in it",
        tags: {},
        archived: false,
        state: "empty",
      },
      {
        id: idOf("environments", "production"),
        name: "production",
        description: "live",
        tags: {},
        archived: false,
        state: "active",
      },
    ]);
    expect(found.assignments).toEqual(
      ["alpha", "zebra"].map((name) => ({
        environmentId: idOf("environments", "production"),
        environmentName: "production",
        connectionId: idOf("connections", name),
        connectionName: name,
        connectionKind: "kubernetes",
      })),
    );
    expect(found.bindings).toEqual(
      [
        ["a team", "bare"],
        ["a team", "production"],
        ["b team", "production"],
      ].map(([workspace, environment]) => ({
        workspaceId: idOf("workspaces", workspace!),
        workspaceName: workspace,
        environmentId: idOf("environments", environment!),
        environmentName: environment,
      })),
    );
  });
});

describe("getConnection", () => {
  test.each([
    ["kind", { kind: "github" }],
    ["type", { kind: "kubernetes", type: "cloud" }],
    ["subType and type", { kind: "kubernetes", type: "platform", subType: "managed" }],
    ["status", { kind: "kubernetes", status: "connected" }],
  ])("is narrowed by %s", async (_, criteria) => {
    await expect(look("getConnection", { name: "twin" })).rejects.toMatchObject({ code: "ambiguous" });
    expect(await look("getConnection", { name: "twin", ...criteria })).toMatchObject({ name: "twin", ...criteria });
  });

  test.each([
    ["kind", "grafana"],
    ["type", "observability"],
    ["subType", "monitoring"],
    ["status", "registered"],
  ])("does not take one of another %s, however alone it is", async (key, value) => {
    await expect(look("getConnection", { name: "zebra", [key]: value })).rejects.toMatchObject({
      code: "missing",
      message: expect.stringContaining(`${key} "${value}"`),
    });
  });

  test("tells metadata as text where it is text, and all of it as JSON", async () => {
    const found = await look("getConnection", { name: "zebra" });
    expect(found).toMatchObject({ ...platform, status: "connected" });
    expect(found.metadata).toEqual({ server: "https://z" });
    expect(JSON.parse(String(found.metadataJson))).toEqual({ server: "https://z", ports: [443] });
  });

  test("takes the status that is asked for as it is, and does not look for a better one", async () => {
    const old = server.store.connections.insert({ name: "asked", kind: "github", status: "disconnected" });
    try {
      expect(await look("getConnection", { name: "asked", status: "disconnected" })).toMatchObject({ id: old.id });
      server.requests.clear();
      expect(await look("getConnection", { name: "asked", status: "disconnected" })).toMatchObject({ id: old.id });
      expect(await look("getConnection", { id: old.id })).toMatchObject({ status: "disconnected" });
      expect(server.requests.list).toEqual([]);
    } finally {
      server.store.connections.delete(old.id);
    }
  });
});

describe("getConnections", () => {
  test.each([
    [{}, ["alpha", "grafana", "twin", "twin", "twin", "zebra"]],
    [{ kind: "grafana" }, ["grafana"]],
    [{ type: "cloud" }, ["twin"]],
    [{ subType: "orchestration" }, ["alpha", "zebra"]],
    [{ status: "registered", subType: "orchestration" }, ["alpha"]],
    [{ kind: "none" }, []],
  ])("lists those of %j, by name", async (criteria, expected) => {
    const { connections, ...rest } = await look("getConnections", criteria);
    expect(names(connections)).toEqual(expected);
    expect(rest).toEqual(criteria);
  });
});

describe("getWorkspace and getWorkspaces", () => {
  test("tell what is bound, and what each is for", async () => {
    expect(await look("getWorkspace", { name: "a team" })).toEqual({
      id: idOf("workspaces", "a team"),
      name: "a team",
      organizationId: server.organizationId,
      description: "first",
      tags: {},
      environments: [
        { id: idOf("environments", "bare"), name: "bare" },
        { id: idOf("environments", "production"), name: "production" },
      ],
      teams: [],
    });
    const { workspaces } = await look("getWorkspaces");
    expect(workspaces).toEqual(
      [
        ["a team", "first"],
        ["b team", "second"],
        ["c team", ""],
      ].map(([name, description]) => ({ id: idOf("workspaces", name!), name, description, tags: {} })),
    );
  });
});

describe("getOrganization and getOrganizations", () => {
  test("find the only one without a word, and one by its name or id", async () => {
    const { id } = (await look("getOrganization")) as { id: string };
    const all = (await look("getOrganizations")).organizations as { id: string; name: string }[];
    expect(all.map((row) => row.id)).toContain(id);
    for (const row of all) {
      expect(await look("getOrganization", { name: row.name })).toEqual(row);
      expect(await look("getOrganization", { id: row.id })).toEqual(row);
    }
    await expect(look("getOrganization", { name: "nobody" })).rejects.toMatchObject({ code: "missing" });
  });
});

describe("getTeam and getTeams", () => {
  test("are of one organization of Meshery Cloud", async () => {
    const cloud = await MesheryServer.start({
      era: "cloud",
      world: {
        organizations: { one: {}, two: {} },
        teams: { ops: { organization: "one" }, dev: { organization: "one" }, other: { organization: "two" } },
      },
    });
    try {
      bench = benchFor(cloud);
      const organization = (name: string) => cloud.store.organizations.find({ name })!.id;
      const one = organization("one");
      const teams = (await look("getTeams", { organizationId: one })).teams;
      expect(names(teams)).toEqual(["dev", "ops"]);
      const [dev] = teams as { id: string }[];
      expect(await look("getTeam", { name: "dev", organizationId: one })).toEqual({
        id: dev!.id,
        name: "dev",
        organizationId: one,
      });
      await expect(look("getTeam", { name: "other", organizationId: one })).rejects.toMatchObject({ code: "missing" });
      expect(names((await look("getTeams", { organizationId: organization("two") })).teams)).toEqual(["other"]);
    } finally {
      await cloud.close();
    }
  });
});

test("lists are by name, also from a server that lists in another order", async () => {
  const backwards = await front(server, (answer, { method }) => {
    if (method !== "GET" || answer.status !== 200 || !answer.text.startsWith("{")) return answer;
    const body = JSON.parse(answer.text) as Record<string, unknown>;
    const turned = Object.entries(body).map(([key, value]) => [key, Array.isArray(value) ? value.reverse() : value]);
    return { ...answer, text: JSON.stringify(Object.fromEntries(turned)) };
  });
  try {
    const { token, mesheryProvider } = server;
    bench = { ...bench, session: openSession({ url: backwards.url, token, mesheryProvider, origins: {} }) };
    expect(names((await look("getConnections")).connections)).toEqual([
      "alpha",
      "grafana",
      "twin",
      "twin",
      "twin",
      "zebra",
    ]);
    expect(names((await look("getWorkspaces")).workspaces)).toEqual(["a team", "b team", "c team"]);
    expect(names((await look("getEnvironments")).environments)).toEqual(["bare", "production"]);
    expect(names((await look("getEnvironment", { name: "production" })).connections)).toEqual(["alpha", "zebra"]);
  } finally {
    await backwards.close();
  }
});

describe("what a lookup is asked by", () => {
  const check = (name: string, inputs: Values) =>
    lookups
      .find((lookup) => lookup.name === name)!
      .check?.(inputs)
      .map(({ field }) => field) ?? [];

  test.each([
    ["getEnvironment", "name", ["name", "id"]],
    ["getWorkspace", "name", ["name", "id"]],
    ["getConnection", "name", ["name", "id", "kind"]],
    ["getTeam", "name", ["name", "id"]],
  ])("is one of what tells it: %s", (lookup, field, keys) => {
    expect(check(lookup, {})).toEqual([field]);
    expect(check(lookup, { organizationId: "o", status: "connected" })).toEqual([field]);
    for (const key of keys) expect(check(lookup, { [key]: "x" })).toEqual([]);
  });
});
