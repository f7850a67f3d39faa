import { describeEngines, type Workdir } from "../support/engines";
import { MesheryServer } from "../support/meshery";
import { workdir } from "../support/terraform";

// Teams in workspaces: who actually gains access.

const membership = (team: string, more = "") =>
  `resource "meshery_workspace_team" "it" {\n  workspace_name = meshery_workspace.it.name\n  team_name = "${team}"\n${more}}\n`;
const program = (team: string) => `resource "meshery_workspace" "it" {\n  name = "platform"\n}\n${membership(team)}`;

describeEngines("teams in workspaces", (engine) => {
  let server: MesheryServer;
  let dir: Workdir;
  const start = async (era: "cloud" | "E2", main: string) => {
    server = await MesheryServer.start({ era, world: { teams: { developers: {}, operators: {} } } });
    dir = workdir(server, { "main.tf": main });
  };
  afterEach(async () => {
    dir.remove();
    await server.close();
  });
  const granted = () =>
    server.store.workspaceTeams
      .list()
      .map(({ workspaceId, teamId }) => [
        server.store.workspaces.get(workspaceId)!.name,
        server.store.teams.get(teamId)!.name,
      ]);

  test("are granted, moved, found missing and granted again, and revoked", async () => {
    await start("cloud", program("developers"));
    await dir.apply(engine);
    expect(granted()).toEqual([["platform", "developers"]]);
    expect(await dir.planned(engine)).toEqual({});
    dir.write("main.tf", program("operators"));
    expect(await dir.planned(engine)).toEqual({ "meshery_workspace_team.it": "update" });
    await dir.apply(engine);
    expect(granted()).toEqual([["platform", "operators"]]);
    server.store.workspaceTeams.deleteWhere({ workspaceId: server.store.workspaces.list()[0]!.id });
    expect(await dir.planned(engine)).toEqual({ "meshery_workspace_team.it": "create" });
    await dir.apply(engine);
    expect(granted()).toEqual([["platform", "operators"]]);
    // With something that is not applied yet.
    dir.write("main.tf", `${program("developers")}${membership("operators").replace('"it"', '"new"')}`);
    await dir.destroy(engine);
    expect(granted()).toEqual([]);
  });

  test("are imported by names and by ids, and the workspace of a team of others is not deleted", async () => {
    await start("cloud", 'resource "meshery_workspace" "it" {\n  name = "platform"\n}\n');
    await dir.apply(engine);
    const { store } = server;
    const workspaceId = store.workspaces.list()[0]!.id;
    const teamId = store.teams.find({ name: "operators" })!.id;
    store.workspaceTeams.insert({ workspaceId, teamId });
    const refused = await dir.run(engine, ["destroy", "-auto-approve", "-no-color"]);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr.replace(/[│\s]+/g, " ")).toMatch(/operators/);
    for (const id of ["name:platform/operators", `${workspaceId}/${teamId}`]) {
      dir.write("main.tf", `${program("operators")}import {\n  to = meshery_workspace_team.it\n  id = "${id}"\n}\n`);
      await dir.apply(engine);
      expect(await dir.planned(engine)).toEqual({});
      await dir.succeed(engine, ["state", "rm", "meshery_workspace_team.it"]);
    }
    await dir.apply(engine);
    await dir.destroy(engine);
    expect([granted(), store.workspaces.list().filter((row) => row.deletedAt === null)]).toEqual([[], []]);
  });

  test("are Meshery Cloud's, and another server says so in one sentence", async () => {
    await start("E2", program("developers"));
    const failed = await dir.run(engine, ["apply", "-auto-approve", "-no-color"]);
    expect(failed.code).not.toBe(0);
    expect(failed.stderr.replace(/[│\s]+/g, " ")).toMatch(/this Meshery lists no teams/);
    await dir.destroy(engine);
  });
});
