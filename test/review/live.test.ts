import { declareRelation } from "../../provider/resources/shared/relation";
import { teams } from "../../provider/resources/team";
import { workspaces } from "../../provider/resources/workspace";
import { explained } from "../../provider/review/explain";
import type { Plan } from "../../provider/review/plans/plan";
import { reportOf } from "../../provider/review/report/build";
import { reviewOf } from "../../provider/review/report/review";
import { worldOf } from "../../provider/review/world/session";
import { MesheryServer, type MesheryServerOptions } from "../../provider/server";
import { accessLines, type ChangeGiven, terraformPlan } from "./support";

declareRelation({
  name: "workspace-team",
  resource: "WorkspaceTeam",
  parent: workspaces,
  child: teams,
  childrenSeenWithParent: false,
});

const world: NonNullable<MesheryServerOptions["world"]> = {
  connections: { gke: { kind: "kubernetes", type: "platform" }, prom: { kind: "prometheus", type: "observability" } },
  environments: { prod: { connections: ["gke"] }, dev: {} },
  workspaces: { app: { environments: ["prod"] }, ops: {} },
};

let server: MesheryServer;
afterEach(() => server.close());

const envOf = ({ url, token, mesheryProvider }: MesheryServer) => ({
  MESHERY_URL: url,
  MESHERY_TOKEN: token,
  MESHERY_PROVIDER: mesheryProvider,
});
const review = async (plans: Plan[]) => reviewOf(plans, await worldOf(plans, { env: envOf(server), offline: false }));
const idOf = (table: "environments" | "connections" | "workspaces", name: string): string =>
  server.store[table].find({ name } as never)!.id;

const assign = (environment: string, connection: string): ChangeGiven => ({
  address: "meshery_connection_assignment.a",
  actions: ["create"],
  after: { environment_id: idOf("environments", environment), connection_id: idOf("connections", connection) },
});

test("edges that no plan tells of count", async () => {
  server = await MesheryServer.start({ world });
  const report = reportOf(await review([terraformPlan([assign("prod", "prom")])]), []);
  expect(accessLines(report)).toEqual(["+ app prom (prod)"]);
  expect(report).toMatchObject({ basis: "live", verdict: "broadened" });
  expect(report.access.gained[0]).toMatchObject({
    workspace: { organization: { id: server.organizationId } },
    connection: { kind: "prometheus" },
  });
  expect(report.access.gained[0]!.workspace.organization!.name).toBeTruthy();
});

test("an edge that is there already gains nothing", async () => {
  server = await MesheryServer.start({ world });
  expect(accessLines(reportOf(await review([terraformPlan([assign("prod", "gke")])]), []))).toEqual([]);
});

test("names are those of live objects", async () => {
  server = await MesheryServer.start({ world });
  const named: ChangeGiven = {
    address: "meshery_workspace_binding.b",
    actions: ["create"],
    after: { workspace_name: "ops", environment_name: "prod" },
    unknown: { workspace_id: true, environment_id: true },
  };
  expect(accessLines(reportOf(await review([terraformPlan([named])]), []))).toEqual(["+ ops gke (prod)"]);
});

test.each(["E3", "cloud"] as const)("teams come from the server: %s", async (era) => {
  const granted = {
    ...world,
    teams: { blue: {} },
    workspaces: { app: { environments: ["prod"], teams: ["blue"] }, ops: {} },
  };
  server = await MesheryServer.start({ era, world: granted });
  const report = reportOf(await review([terraformPlan([assign("prod", "prom")])]), []);
  expect(report.access.gained[0]!.teams).toMatchObject([{ name: "blue" }]);
  expect(report.access.teams.gained).toMatchObject([
    {
      team: { name: "blue" },
      connection: { name: "prom" },
      through: [{ workspace: { name: "app" }, environment: { name: "prod" } }],
    },
  ]);
});

test("a team by its name, which is in no workspace yet", async () => {
  server = await MesheryServer.start({ era: "cloud", world: { ...world, teams: { blue: {} } } });
  const granted: ChangeGiven = {
    address: "meshery_workspace_team.t",
    actions: ["create"],
    after: { workspace_name: "app", team_name: "blue" },
    unknown: { workspace_id: true, team_id: true },
  };
  const { access } = reportOf(await review([terraformPlan([granted])]), []);
  expect(access.unknown).toEqual([]);
  expect(access.teams.gained).toMatchObject([{ team: { name: "blue" }, connection: { name: "gke" } }]);
});

test("a server that has no teams leaves them not known, and says so", async () => {
  server = await MesheryServer.start({ era: "E1", world });
  const report = reportOf(await review([terraformPlan([assign("prod", "prom")])]), []);
  expect(report.access.gained[0]!.teams).toBeNull();
  expect(report.notes.join()).toMatch(/teams of workspaces could not be read/);
});

test("explain tells every path, and where it is declared", async () => {
  server = await MesheryServer.start({ world });
  const said = (made: Awaited<ReturnType<typeof review>>, who: string, what: string) =>
    explained(made, who, what).map(({ indent, text }) => indent + text);
  const made = await review([terraformPlan([assign("prod", "prom")])]);
  expect(said(made, "app", "prom")).toEqual([
    'workspace "app" reaches connection "prom" by one path:',
    '1. through environment "prod"',
    '   workspace "app" has the environment (declared by none of these plans)',
    "   the environment holds the connection (new, declared in plan at meshery_connection_assignment.a)",
  ]);
  expect(said(made, "ops", "prom")).toEqual(['workspace "ops" does not reach connection "prom"']);
  expect(() => said(made, "nobody", "prom")).toThrow('no workspace or team is called "nobody", as far as is seen here');
});

test("without a url it says how to give one", async () => {
  server = await MesheryServer.start({ world });
  await expect(worldOf([], { env: { CI: "true" }, offline: false })).rejects.toThrow(/MESHERY_URL/);
});
