import { MesheryServer } from "../../../provider/server";
import { engines, exampleWorld, Workbench } from "./support/workbench";

let bench: Workbench;
beforeAll(async () => {
  bench = await Workbench.open();
});
afterAll(() => bench.close());
afterEach(() => bench.server.reset());

describe.each(engines())("lookups in a program, on the %s", (engine) => {
  test("share what they read, in previews too, and come as promises and as outputs", async () => {
    const source = `
const names = ["prod-rds", "prod-grafana", "staging-eks", "dev-k3s-local"];
const ids = names.map((name) => meshery.getConnectionOutput({ name }).id);
export const connections = pulumi.all(ids).apply((all) => new Set(all).size);
export const kubernetes = meshery.getConnections({ kind: "kubernetes" }).then((found) => found.connections.length);
export const workspaces = meshery.getWorkspacesOutput().workspaces.apply((all) => all.map(({ name }) => name));
export const organization = meshery.getOrganization().then(({ id }) => id);
export const nested = meshery.getWorkspaceOutput({ name: pulumi.output("platform-team") }).environments.length;
`;
    const stack = await bench.stack(engine, bench.program(source));
    const preview = await stack.preview();
    expect(preview.error).toBeUndefined();
    const asked = bench.server.requests.list.map(({ method, route }) => `${method} ${route}`).sort();
    // What a workspace holds is nothing, and an empty list is read twice.
    const twice = ["environments", "teams"].map((held) => `GET /api/workspaces/{id}/${held}`);
    expect(asked).toEqual([...new Set(asked), ...twice].sort());
    expect(asked).toContain("GET /api/integrations/connections");
    const up = await stack.up({ skipPreview: true });
    expect(up.outputs).toEqual({
      connections: 4,
      kubernetes: 10,
      workspaces: ["app-team-alpha", "app-team-beta", "platform-team"],
      organization: bench.server.organizationId,
      nested: 0,
    });
  });

  test("of what the run itself creates are unknown in the preview and found in the update", async () => {
    const source = `
const environment = new meshery.Environment("e", { name: "made here" });
meshery.getEnvironments().then(() => undefined);
export const byId = meshery.getEnvironmentOutput({ id: environment.id }).name;
`;
    const stack = await bench.stack(engine, bench.program(source));
    const up = await stack.up();
    expect(up.error).toBeUndefined();
    expect(up.preview!.outputs.byId).toBe("[unknown]");
    expect(up.outputs.byId).toBe("made here");
  });

  test.each([
    [
      'meshery.getConnection({ name: "prod-rdz" })',
      /no connection has name "prod-rdz"\. .*use its `id` instead.*\[missing\]/,
    ],
    ["meshery.getConnection({})", /Give name or id or kind\..*\[invalid-input\]/],
    ['meshery.getConnection({ kind: "kubernetes" })', /10 connections match.*\[ambiguous\]/],
    ['meshery.getWorkspace({ nam: "x" } as never)', /has no field "nam".*It has: id, name, organizationId/],
    ['meshery.getEnvironmentOutput({ name: "nowhere" })', /no environment has name "nowhere".*\[missing\]/],
  ])("%s says what is wrong and what to do, without a stack", async (call, message) => {
    const stack = await bench.stack(engine, bench.program(`export const found = ${call};`));
    const preview = await stack.preview();
    expect(preview.ok).toBe(false);
    expect(preview.error).toMatch(message);
    expect(preview.error).not.toMatch(/\n\s+at /);
  });

  test("an error of a lookup carries no stack, which some versions of Node take half a minute to format", async () => {
    const source = 'export const stack = meshery.getConnection({ name: "x" }).catch((error) => error.stack);';
    const stack = await bench.stack(engine, bench.program(source));
    const up = await stack.up({ skipPreview: true });
    expect(up.outputs.stack).toMatch(/^Error: getConnection: no connection has name "x"/);
    expect(up.outputs.stack).not.toMatch(/\n/);
  });

  test("a refused token and a missing address are told in the preview", async () => {
    const program = bench.program("export const found = meshery.getEnvironments();");
    const refused = await bench.stack(engine, program, { env: { ...bench.environment(), MESHERY_TOKEN: "no-such" } });
    expect((await refused.preview()).error).toMatch(/token from the environment variable MESHERY_TOKEN was refused/);
    const nowhere = await bench.stack(engine, program, { env: { ...bench.environment(), MESHERY_URL: undefined } });
    expect((await nowhere.preview()).error).toMatch(/url is missing.*pulumi config set meshery:url/);
  });
});

test("of several connections of one name the one in use is taken, with a warning", async () => {
  const world = exampleWorld();
  const old = { kind: "kubernetes", name: "prod-k8s", status: "not found" as const };
  const server = await MesheryServer.start({ world: { ...world, connections: { ...world.connections, old } } });
  const source = 'export const status = meshery.getConnection({ name: "prod-k8s" }).then((found) => found.status);';
  const env = { ...bench.environment(), MESHERY_URL: server.url, MESHERY_TOKEN: server.token };
  try {
    const stack = await bench.stack("test engine", bench.program(source), { env });
    const up = await stack.up({ skipPreview: true });
    expect(up.outputs.status).toBe("connected");
    expect(up.messages.filter(({ severity }) => severity === "warning").map(({ text }) => text)).toEqual([
      expect.stringMatching(/^getConnection: 2 connections match; .* was taken\. It is the only one in use/),
    ]);
  } finally {
    await server.close();
  }
});
