import { changes } from "../../pulumi-engine";
import { seen } from "../../support/meshery";
import { deletes, writes } from "../dynamic/support/requests";
import { type EngineName, engines, Workbench } from "../dynamic/support/workbench";
import { applied } from "./support/bench";
import { credentials, pluginCommand } from "./support/plugin";

const DYNAMIC = `
const environment = new meshery.Environment("production", { name: "production", description: "live" });
const team = meshery.getWorkspaceOutput({ name: "platform-team" });
const connectionId = meshery.getConnectionOutput({ name: "prod-rds" }).id;
new meshery.ConnectionAssignment("rds", { environmentId: environment.id, connectionId });
new meshery.WorkspaceBinding("team", { workspaceId: team.id, environmentId: environment.id });
export const name = environment.name;
`;

/** The same with the classes of an SDK, which are thin: a token, the arguments, and the aliases of the schema. */
const PLUGIN = `
class Resource extends pulumi.CustomResource {
  constructor(type: string, name: string, args: Record<string, unknown>) {
    const aliases = [{ type: "pulumi-nodejs:dynamic/meshery:" + type }];
    super("meshery:index:" + type, name, { name: undefined, organizationId: undefined, ...args }, { aliases });
  }
}
const found = (lookup: string, name: string) =>
  pulumi.output(pulumi.runtime.invoke("meshery:index:" + lookup, { name })).apply(({ id }) => id);
const environment = new Resource("Environment", "production", { name: "production", description: "live" });
new Resource("ConnectionAssignment", "rds", {
  environmentId: environment.id, connectionId: found("getConnection", "prod-rds"), name: undefined,
});
new Resource("WorkspaceBinding", "team", {
  workspaceId: found("getWorkspace", "platform-team"), environmentId: environment.id,
});
export const name = (environment as unknown as { name: pulumi.Output<string> }).name;
`;

describe.each(
  engines(),
)("a stack of the dynamic providers that moves to the plugin, on the %s", (engine: EngineName) => {
  let bench: Workbench;
  beforeAll(async () => {
    bench = await Workbench.open();
  });
  afterAll(() => bench.close());

  test("keeps what it has made, and nothing is written", async () => {
    const before = seen(bench.server);
    const folder = bench.program(DYNAMIC);
    const stack = await bench.stack(engine, folder, { plugins: { meshery: pluginCommand(credentials(bench.server)) } });
    await applied(stack);
    const there = seen(bench.server);
    const made = (await stack.resources()).filter(({ custom, type }) => custom && !type.startsWith("pulumi:"));
    bench.server.requests.clear();

    bench.rewrite(folder, PLUGIN);
    const moved = await applied(stack, {});
    expect(changes(moved.preview!)).toEqual([]);
    expect(changes(moved)).toEqual([]);
    expect(writes(bench.server)).toEqual([]);
    expect(moved.outputs).toEqual({ name: "production" });
    const records = (await stack.resources()).filter(({ type }) => type.startsWith("meshery:index:"));
    expect(records.map(({ id }) => id).sort()).toEqual(made.map(({ id }) => id).sort());

    expect(changes(await stack.refresh({ skipPreview: true }))).toEqual([]);
    const refreshed = (await stack.resources()).filter(({ type }) => type.startsWith("meshery:index:"));
    for (const { inputs, outputs } of refreshed)
      expect([inputs.__provider, outputs.__provider]).toEqual([undefined, undefined]);
    // The outputs of both doors are the same.
    for (const { id, outputs } of refreshed) {
      const { __provider: _, ...once } = made.find((record) => record.id === id)!.outputs;
      expect(outputs).toEqual(once);
    }
    expect(changes(await applied(stack))).toEqual([]);

    bench.rewrite(folder, PLUGIN.replace('description: "live"', 'description: "changed"'));
    expect(changes(await applied(stack)).map(({ op }) => op)).toEqual(["update"]);
    expect(deletes(bench.server)).toEqual([]);
    expect(seen(bench.server).environments.production).toEqual({
      ...there.environments.production,
      description: "changed",
    });
    expect((await stack.destroy({ skipPreview: true })).error).toBeUndefined();
    expect(seen(bench.server)).toEqual(before);
  });
});
