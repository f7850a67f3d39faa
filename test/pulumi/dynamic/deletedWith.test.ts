import { seen } from "../../support/meshery";
import { type EngineName, engines, Workbench } from "./support/workbench";

const program = (options = "{ deletedWith: environment }") => `
const environment = new meshery.Environment("production", { name: "production" });
const team = meshery.getWorkspaceOutput({ name: "platform-team" });
const connectionId = meshery.getConnectionOutput({ name: "prod-rds" }).id;
new meshery.ConnectionAssignment("rds", { environmentId: environment.id, connectionId }, ${options});
new meshery.WorkspaceBinding("team", { workspaceId: team.id, environmentId: environment.id }, ${options});
`;

describe.each(engines())("edges with the option deletedWith, on the %s", (engine: EngineName) => {
  let bench: Workbench;
  beforeAll(async () => {
    bench = await Workbench.open();
  });
  afterAll(() => bench.close());
  afterEach(() => bench.server.reset());

  test("go with their environment, and those of others still stop it", async () => {
    const before = seen(bench.server);
    const stack = await bench.stack(engine, bench.program(program()));
    expect((await stack.up({ skipPreview: true })).error).toBeUndefined();
    const { store } = bench.server;
    const environmentId = store.environments.find({ name: "production", deletedAt: null })!.id;
    const connectionId = store.connections.find({ name: "prod-grafana" })!.id;
    const theirs = store.environmentConnections.insert({ environmentId, connectionId });

    const refused = await stack.destroy({ skipPreview: true });
    expect(refused.error).toMatch(/"production".* was not deleted.*prod-grafana/s);
    expect(seen(bench.server).environments.production?.connections).toEqual(["prod-grafana"]);

    store.environmentConnections.delete(theirs.id);
    expect((await stack.destroy({ skipPreview: true })).error).toBeUndefined();
    expect(seen(bench.server)).toEqual(before);
  });

  test("stay where what they go with is nothing of Meshery", async () => {
    const source = `class Cluster extends pulumi.ComponentResource {
  constructor(name: string) { super("test:index:Cluster", name); }
}
const cluster = new Cluster("cluster");${program("{ deletedWith: cluster }")}`;
    const stack = await bench.stack(engine, bench.program(source));
    expect((await stack.up({ skipPreview: true })).error).toBeUndefined();
    const edges = (await stack.resources()).filter(({ type }) => /ConnectionAssignment|WorkspaceBinding/.test(type));
    expect(edges.map(({ deletedWith }) => deletedWith)).toEqual([
      expect.stringContaining("::cluster"),
      expect.stringContaining("::cluster"),
    ]);
  });
});
