import { MesheryServer } from "../support/meshery";
import { ProviderProcess, UNKNOWN } from "./support/process";

// What the built provider answers to single requests, in Terraform's words.

const ENVIRONMENTS = "/api/environments";
const always = { times: Number.POSITIVE_INFINITY };
const [ERROR, WARNING] = [1, 2];
const world = {
  connections: { cluster: { kind: "kubernetes", type: "platform", subType: "orchestration" } },
  environments: { production: { description: "live", connections: ["cluster"] } },
  workspaces: { team: { environments: ["production"] } },
};

let server: MesheryServer;
let provider: ProviderProcess;
beforeAll(async () => {
  server = await MesheryServer.start({ world });
  provider = await ProviderProcess.on(server);
});
afterAll(async () => {
  await provider.end();
  await server.close();
});
afterEach(() => server.faults.clear());

const idOf = (table: "connections" | "environments" | "workspaces", name: string) =>
  server.store[table].find({ name })!.id;

test("a data source answers with what was asked, and rows in Terraform's spelling", async () => {
  const { state, diagnostics } = await provider.look("getEnvironments", {});
  expect(diagnostics).toEqual([]);
  expect(state).toMatchObject({
    organization_id: server.organizationId,
    assignments: [
      {
        environment_id: idOf("environments", "production"),
        environment_name: "production",
        connection_id: idOf("connections", "cluster"),
        connection_name: "cluster",
        connection_kind: "kubernetes",
      },
    ],
    bindings: [{ workspace_id: idOf("workspaces", "team"), workspace_name: "team", environment_name: "production" }],
  });
  const connections = await provider.look("getConnections", { kind: "kubernetes" });
  expect(connections.state).toMatchObject({ kind: "kubernetes", type: null, status: null });
  expect(connections.state?.connections).toMatchObject([{ name: "cluster", sub_type: "orchestration" }]);
});

test("a lookup that finds nothing is an error at its attribute, and has no state", async () => {
  const { state, diagnostics } = await provider.look("getEnvironment", { name: "nobody" });
  expect(state ?? null).toBeNull();
  expect(diagnostics).toMatchObject([
    {
      severity: ERROR,
      summary: expect.stringContaining("meshery_environment"),
      attribute: { steps: [{ attributeName: "name" }] },
    },
  ]);
});

test("what is taken with a word of doubt is taken, with a warning", async () => {
  server.store.connections.insert({ name: "again", kind: "kubernetes", status: "not found" });
  const { id } = server.store.connections.insert({ name: "again", kind: "kubernetes", status: "connected" });
  const { state, diagnostics } = await provider.look("getConnection", { name: "again" });
  expect(state).toMatchObject({ id });
  expect(diagnostics).toMatchObject([{ severity: WARNING, detail: expect.stringContaining("not found") }]);
});

test.each([400, 403, 500])("a refresh that the server answers %i is an error that keeps the state", async (status) => {
  const { states } = await provider.import("Environment", idOf("environments", "production"));
  const [state] = states;
  const next = await ProviderProcess.on(server);
  try {
    server.faults.add({ route: ENVIRONMENTS, effect: { kind: "status", status }, ...always });
    const answer = await next.read("Environment", state!);
    expect(answer.state).toEqual(state);
    expect(answer.diagnostics).toMatchObject([
      { severity: ERROR, summary: expect.stringContaining('Environment "production"') },
    ]);
  } finally {
    await next.end();
  }
});

test("a change that fails leaves the state as it was", async () => {
  const [state] = (await provider.import("Environment", idOf("environments", "production"))).states;
  server.faults.add({ method: "PUT", effect: { kind: "status", status: 400, body: "no" }, ...always });
  const next = await ProviderProcess.on(server);
  try {
    const { state: after, diagnostics } = await next.apply("Environment", state!, { name: "renamed" });
    expect(after).toEqual(state);
    expect(diagnostics).toMatchObject([{ severity: ERROR }]);
  } finally {
    await next.end();
  }
});

test("a removal that fails leaves the state as it was", async () => {
  const [state] = (await provider.import("Environment", idOf("environments", "production"))).states;
  const next = await ProviderProcess.on(server);
  try {
    const { state: after, diagnostics } = await next.apply("Environment", state!, null);
    expect(after).toEqual(state);
    expect(diagnostics).toMatchObject([{ severity: ERROR, summary: expect.stringContaining('workspace "team"') }]);
    expect(diagnostics[0]?.detail).toContain("force_destroy");
  } finally {
    await next.end();
  }
});

test("a state of another version is read: what is unknown is dropped, what is new is null", async () => {
  const stored = { id: "e", name: "old", organization_id: "o", updated_at: "2025-01-01", adopted: false };
  const { state, diagnostics } = await provider.upgrade("Environment", stored);
  expect(diagnostics).toEqual([]);
  expect(state).toMatchObject({ id: "e", name: "old", organization_id: "o", description: null, owner: null });
  expect(state).not.toHaveProperty("updated_at");
});

test.each<[string, () => string, Record<string, unknown>]>([
  ["Environment", () => idOf("environments", "production"), { name: "production", adopted: false, adopt: false }],
  ["Workspace", () => "name:team", { name: "team", force_destroy: false }],
  ["Connection", () => "name:cluster", { sub_type: "orchestration", kind: "kubernetes" }],
  [
    "ConnectionAssignment",
    () => "name:production/cluster",
    { environment_name: "production", connection_name: "cluster", connection_kind: "kubernetes" },
  ],
  ["WorkspaceBinding", () => "name:team/production", { workspace_name: "team", environment_name: "production" }],
])("an import of %s gives a state that a refresh leaves as it is", async (type, id, expected) => {
  const { states, diagnostics } = await provider.import(type, id());
  expect(diagnostics).toEqual([]);
  expect(states).toMatchObject([expected]);
  expect((await provider.read(type, states[0]!)).state).toEqual(states[0]);
});

test("an import of nothing is an error, and imports nothing", async () => {
  const { states, diagnostics } = await provider.import("Environment", "6b1e8f60-0000-4000-8000-000000000000");
  expect(states).toEqual([]);
  expect(diagnostics).toMatchObject([{ severity: ERROR }]);
});

test("a provider block with a value that is not known yet plans, and names it where Meshery is needed", async () => {
  const next = await ProviderProcess.on(server, {}, { organization_id: UNKNOWN });
  try {
    const { planned, diagnostics } = await next.plan("Environment", null, { name: "later" });
    expect(diagnostics).toEqual([]);
    expect(planned).toMatchObject({ id: UNKNOWN, name: "later" });
    const looked = await next.look("getEnvironment", { name: "production" });
    expect(looked.diagnostics).toMatchObject([
      {
        severity: ERROR,
        summary: expect.stringContaining("organization_id"),
        detail: expect.stringContaining("-target"),
      },
    ]);
  } finally {
    await next.end();
  }
});
