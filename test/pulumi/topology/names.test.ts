import { changes, summary } from "../../pulumi-engine";
import { writes } from "../dynamic/support/requests";
import { Workbench } from "../dynamic/support/workbench";

// The ends of a topology's edges have names, which a preview shows of new ones, and ids, by which they are followed.

const topology = (more = "") => `
new meshery.EnvironmentTopology("topology", {
  connections: { cluster: { name: "prod-k8s", kind: "kubernetes" } },
  environments: { production: { ${more}connections: ["cluster", "github-main"] } },
  workspaces: { "platform-team": { environments: ["production"] } },
});
`;

/** The same as the component declared it when it gave ids alone. */
const BY_ID = `
class EnvironmentTopology extends pulumi.ComponentResource {
  constructor() {
    super("meshery:index:EnvironmentTopology", "topology");
    const own = { parent: this };
    const environmentId = new meshery.Environment("production", { name: "production" }, own).id;
    const cluster = meshery.getConnectionOutput({ name: "prod-k8s", kind: "kubernetes" });
    const github = meshery.getConnectionOutput({ name: "github-main" });
    const team = meshery.getWorkspaceOutput({ name: "platform-team" });
    new meshery.ConnectionAssignment("production/cluster", { environmentId, connectionId: cluster.id }, own);
    new meshery.ConnectionAssignment("production/github-main", { environmentId, connectionId: github.id }, own);
    new meshery.WorkspaceBinding("platform-team/production", { workspaceId: team.id, environmentId }, own);
  }
}
new EnvironmentTopology();
`;

let bench: Workbench;
beforeAll(async () => {
  bench = await Workbench.open();
});
afterAll(() => bench.close());
afterEach(() => bench.server.reset());

const up = async (source: string) => {
  const folder = bench.program(source);
  const stack = await bench.stack("test engine", folder);
  expect((await stack.up({ skipPreview: true })).error).toBeUndefined();
  return { folder, stack };
};

test("a stack that was applied by ids alone has nothing to do", async () => {
  const { folder, stack } = await up(BY_ID);
  bench.server.requests.clear();
  bench.rewrite(folder, topology());
  const again = await stack.up();
  expect(again.error).toBeUndefined();
  expect([...changes(again.preview!), ...changes(again)]).toEqual([]);
  expect(writes(bench.server)).toEqual([]);
  expect((await stack.destroy({ skipPreview: true })).ok).toBe(true);
});

test("a stack whose names are of before a rename is updated once, and nothing is sent", async () => {
  const { folder, stack } = await up(BY_ID);
  bench.rewrite(folder, BY_ID.replace('name: "production"', 'name: "live"'));
  expect((await stack.up({ skipPreview: true })).error).toBeUndefined();
  bench.server.requests.clear();
  bench.rewrite(folder, topology('name: "live", '));
  const updated = await stack.up();
  expect(updated.error).toBeUndefined();
  expect(summary(changes(updated))).toEqual([
    "update platform-team/production",
    "update production/cluster",
    "update production/github-main",
  ]);
  expect(writes(bench.server)).toEqual([]);
  expect(changes(await stack.up({ skipPreview: true }))).toEqual([]);
});

test("a rename shows the edges with their new name and sends the environment's alone", async () => {
  const { folder, stack } = await up(topology());
  bench.server.requests.clear();
  bench.rewrite(folder, topology('name: "live", '));
  const renamed = await stack.up();
  expect(renamed.error).toBeUndefined();
  expect(summary(changes(renamed))).toEqual([
    "update platform-team/production",
    "update production",
    "update production/cluster",
    "update production/github-main",
  ]);
  expect(writes(bench.server)).toHaveLength(1);
  expect(changes(await stack.up({ skipPreview: true }))).toEqual([]);
});

test.each(["removed", "not found"])("a connection that came back while the old one is %s is followed", async (how) => {
  const { stack } = await up(topology());
  const { store } = bench.server;
  const { id, ...like } = store.connections.find({ name: "prod-k8s", deletedAt: null })!;
  const now = store.connections.insert(like).id;
  store.connections.update(id, how === "removed" ? { deletedAt: store.now() } : { status: how });
  const moved = await stack.up({ skipPreview: true });
  expect(moved.error).toBeUndefined();
  expect(summary(changes(moved))).toContain("replace production/cluster");
  expect(store.environmentConnections.list().map(({ connectionId }) => connectionId)).toContain(now);
});
