/** What plans can hold, one by one. */

import { declareRelation } from "../../provider/resources/shared/relation";
import { teams } from "../../provider/resources/team";
import { workspaces } from "../../provider/resources/workspace";
import { readPlan } from "../../provider/review/plans/read";
import {
  accessLines,
  assign,
  bind,
  type ChangeGiven,
  id,
  reportFor,
  type Scene,
  terraformPlan,
  unassign,
  unbind,
} from "./support";

declareRelation({
  name: "workspace-team",
  resource: "WorkspaceTeam",
  parent: workspaces,
  child: teams,
  childrenSeenWithParent: false,
});

const scene: Scene = {
  workspaces: { app: ["prod"], ops: [] },
  environments: { prod: ["gke"], dev: ["k3s", "prom"] },
  connections: { gke: "kubernetes", k3s: "kubernetes", prom: "prometheus" },
};
const lines = (changes: ChangeGiven[], more = {}, given: Scene | "offline" = scene) =>
  accessLines(reportFor([terraformPlan(changes, more)], given === "offline" ? undefined : given));

test("an edge by id opens and closes access; what another path keeps open is neither", () => {
  expect(lines([assign("prod", "k3s"), bind("app", "dev")])).toEqual(["+ app k3s (dev, prod)", "+ app prom (dev)"]);
  expect(lines([unassign("prod", "gke")])).toEqual(["- app gke (prod)"]);
  expect(lines([unassign("prod", "gke"), assign("dev", "gke"), bind("app", "dev")])).toEqual([
    "+ app k3s (dev)",
    "+ app prom (dev)",
  ]);
});

const named = (environment: string, connection: string, more = {}): ChangeGiven => ({
  address: "meshery_connection_assignment.named",
  actions: ["create"],
  after: { environment_name: environment, connection_name: connection, ...more },
  unknown: { environment_id: true, connection_id: true, id: true },
});

test("ends by name: of what exists, and of what the plan makes and renames", () => {
  expect(lines([named("prod", "k3s")])).toEqual(["+ app k3s (prod)"]);
  const renames: ChangeGiven = {
    address: "meshery_environment.prod",
    actions: ["update"],
    before: { id: id.environment("prod"), name: "prod" },
    after: { id: id.environment("prod"), name: "live" },
  };
  const makes: ChangeGiven = {
    address: "meshery_environment.new",
    actions: ["create"],
    after: { name: "prod" },
    unknown: { id: true },
  };
  expect(lines([named("live", "k3s"), renames])).toEqual(["+ app k3s (live)"]);
  // The name is handed over: it means the new one, which nobody has yet.
  expect(lines([named("prod", "k3s"), renames, makes])).toEqual([]);
});

test("a name that is nobody's, or that of several, is not known", () => {
  expect(lines([named("nowhere", "k3s")])).toEqual([
    '? meshery_connection_assignment.named gain: no environment is called "nowhere", as far as this token sees',
  ]);
  const twins: Scene = { ...scene, connections: { ...scene.connections, "k3s ": "other" } };
  expect(lines([named("prod", "k3s")], {}, twins)).toEqual(["+ app k3s (prod)"]);
});

test("the kind narrows a connection's name", () => {
  const twin: ChangeGiven = {
    address: "meshery_connection.twin",
    actions: ["create"],
    after: { name: "k3s", kind: "github" },
    unknown: { id: true },
  };
  expect(lines([named("prod", "k3s"), twin])[0]).toMatch(/2 connections are called "k3s"/);
  expect(lines([named("prod", "k3s", { connection_kind: "kubernetes" }), twin])).toEqual(["+ app k3s (prod)"]);
});

test("offline, a name that nothing tells of is an object of that name", () => {
  const environment: ChangeGiven = {
    address: "meshery_environment.e",
    actions: ["create"],
    after: { name: "stage" },
    unknown: { id: true },
  };
  const binding: ChangeGiven = {
    address: "meshery_workspace_binding.b",
    actions: ["create"],
    after: { workspace_name: "team", environment_name: "stage" },
    unknown: { workspace_id: true, environment_id: true },
  };
  const report = reportFor([terraformPlan([environment, binding, named("stage", "gke")])]);
  expect(accessLines(report)).toEqual(["+ team gke (stage)"]);
  expect(report).toMatchObject({ basis: "offline", verdict: "broadened" });
});

test("an update in place moves an edge; to an end that is not known it may move", () => {
  const move = (after: ChangeGiven["after"], unknown = {}, expressions?: ChangeGiven["expressions"]): ChangeGiven => ({
    ...unassign("prod", "gke"),
    actions: ["update"],
    after: after ?? null,
    unknown,
    ...(expressions && { expressions }),
  });
  expect(lines([move({ environment_id: id.environment("dev"), connection_id: id.connection("gke") })])).toEqual([
    "- app gke (prod)",
  ]);
  const open = move(
    { connection_id: id.connection("gke") },
    { environment_id: true },
    {
      environment_id: { references: ["local.ids", "each.key"] },
      connection_id: {},
    },
  );
  // It may stay where it is, so nothing is said to be lost.
  expect(lines([open])).toEqual([
    "? meshery_connection_assignment.a_prod_gke either: a local value stands between, and a plan does not show what it holds",
  ]);
});

describe("references that are told from others by the instances that there are", () => {
  const made = (key: string | number): ChangeGiven => ({
    address: `meshery_environment.x[${JSON.stringify(key)}]`,
    actions: ["create"],
    after: { name: `x-${key}` },
    unknown: { id: true },
  });
  const refers = (key: string | number, references: string[]): ChangeGiven => ({
    address: `meshery_workspace_binding.b[${JSON.stringify(key)}]`,
    actions: ["create"],
    after: { workspace_id: id.workspace("ops") },
    unknown: { environment_id: true },
    expressions: { workspace_id: {}, environment_id: { references } },
  });
  const fill = (key: string | number): ChangeGiven => ({
    address: `meshery_connection_assignment.c[${JSON.stringify(key)}]`,
    actions: ["create"],
    after: { connection_id: id.connection(`c-${key}`), connection_name: `c-${key}` },
    unknown: { environment_id: true },
    expressions: {
      connection_id: {},
      environment_id: { references: ["meshery_environment.x", typeof key === "number" ? "count.index" : "each.key"] },
    },
  });
  const said = (changes: ChangeGiven[]) => lines(changes).map((line) => line.replace(/ gain: .*/, ""));

  test("each.key, where each instance has its own", () => {
    const keys = ["a", "b"];
    const own = ["meshery_environment.x", "each.key"];
    expect(said([...keys.map(made), ...keys.map(fill), refers("a", own)])).toEqual(["+ ops c-a (x-a)"]);
    // With a key that is not there it is another expression, for all of them.
    expect(said([...keys.map(made), ...keys.map(fill), refers("a", own), refers("z", own)])).toEqual([
      '? meshery_workspace_binding.b["a"]',
      '? meshery_workspace_binding.b["z"]',
    ]);
  });

  test("count.index, where both have the same number", () => {
    const own = ["meshery_environment.x", "count.index"];
    const [two, three] = [
      [0, 1],
      [0, 1, 2],
    ];
    expect(said([...two.map(made), ...two.map(fill), ...two.map((n) => refers(n, own))])).toEqual([
      "+ ops c-0 (x-0)",
      "+ ops c-1 (x-1)",
    ]);
    expect(said([...three.map(made), ...three.map(fill), ...two.map((n) => refers(n, own))])).toEqual([
      "? meshery_workspace_binding.b[0]",
      "? meshery_workspace_binding.b[1]",
    ]);
  });

  test("a single instance, however it is taken", () => {
    expect(said([made(0), fill(0), refers(0, ["meshery_environment.x"])])).toEqual(["+ ops c-0 (x-0)"]);
  });

  test("more than one thing in an expression", () => {
    const references = [
      "var.which",
      'meshery_environment.x["a"].id',
      'meshery_environment.x["a"]',
      "meshery_environment.x",
    ];
    expect(said([made("a"), fill("a"), refers("a", references)])).toEqual(['? meshery_workspace_binding.b["a"]']);
  });
});

test("what is removed at one address and declared at another stays", () => {
  const same: ChangeGiven = {
    ...assign("prod", "gke", "again"),
    actions: ["no-op"],
    before: unassign("prod", "gke").before!,
  };
  expect(lines([unassign("prod", "gke"), same])).toEqual([]);
  expect(lines([unassign("prod", "gke"), assign("prod", "gke", "again")])).toEqual([]);
});

test("forgotten edges stay open, and are said to", () => {
  expect(lines([{ ...unassign("prod", "gke"), actions: ["forget"] }])).toEqual(["forgotten app gke (prod)"]);
  const moved: ChangeGiven = {
    ...unbind("app", "prod"),
    actions: ["create", "forget"],
    after: { workspace_id: id.workspace("app"), environment_id: id.environment("dev") },
  };
  expect(lines([moved])).toEqual(["+ app k3s (dev)", "+ app prom (dev)", "forgotten app gke (prod)"]);
  // Declared elsewhere, it has not left the program.
  expect(lines([{ ...unassign("prod", "gke"), actions: ["forget"] }, assign("prod", "gke", "again")])).toEqual([]);
});

const environment = (action: string[], more = {}): ChangeGiven => ({
  address: "meshery_environment.prod",
  actions: action,
  before: { id: id.environment("prod"), name: "prod", ...more },
});

test("a deleted environment closes what goes through it; one that was adopted is let go", () => {
  expect(lines([environment(["delete"])])).toEqual(["- app gke (prod)"]);
  expect(lines([environment(["delete"], { adopted: true })])).toEqual(["let go app gke (prod)"]);
  expect(lines([environment(["forget"])])).toEqual(["forgotten app gke (prod)"]);
});

test("a replaced environment is another one, although it has the same name", () => {
  const replaced: ChangeGiven = {
    ...environment(["delete", "create"]),
    after: { name: "prod" },
    unknown: { id: true },
  };
  expect(lines([replaced])).toEqual(["- app gke (prod)"]);
});

test("an adoption brings what is bound there already", () => {
  const adopt: ChangeGiven = {
    address: "meshery_environment.dev",
    actions: ["create"],
    after: { name: "dev", adopt: true },
    unknown: { id: true },
  };
  const binding: ChangeGiven = {
    address: "meshery_workspace_binding.b",
    actions: ["create"],
    after: { workspace_id: id.workspace("ops") },
    unknown: { environment_id: true },
    expressions: {
      workspace_id: {},
      environment_id: { references: ["meshery_environment.dev.id", "meshery_environment.dev"] },
    },
  };
  const report = reportFor([terraformPlan([adopt, binding])], scene);
  expect(accessLines(report)).toEqual(["+ ops k3s (dev)", "+ ops prom (dev)"]);
  expect(report.resources).toMatchObject({ adopt: 1, create: 1 });
});

const set = (actions: string[], before: string[] | undefined, after: string[] | undefined): ChangeGiven => ({
  address: "meshery_connection_assignments_exclusive.dev",
  actions,
  before: before ? { environment_id: id.environment("dev"), connection_ids: before.map(id.connection) } : null,
  after: after ? { environment_id: id.environment("dev"), connection_ids: after.map(id.connection) } : null,
});
const bound: Scene = { ...scene, workspaces: { app: ["dev"] } };

test("an exclusive set removes what it does not list, and all that it lists when it goes", () => {
  expect(lines([set(["create"], undefined, ["gke", "k3s"])], {}, bound)).toEqual([
    "+ app gke (dev)",
    "- app prom (dev)",
  ]);
  expect(lines([set(["update"], ["k3s", "prom"], [])], {}, bound)).toEqual(["- app k3s (dev)", "- app prom (dev)"]);
  expect(lines([set(["delete"], ["k3s"], undefined)], {}, bound)).toEqual(["- app k3s (dev)"]);
  expect(lines([set(["forget"], ["k3s"], undefined)], {}, bound)).toEqual(["forgotten app k3s (dev)"]);
  const named: ChangeGiven = {
    ...set(["delete"], [], undefined),
    before: { environment_id: id.environment("dev"), connection_names: ["k3s"] },
  };
  expect(lines([named], {}, bound)).toEqual(["- app k3s (dev)"]);
  // From the set to a single edge.
  expect(lines([set(["delete"], ["k3s"], undefined), assign("dev", "k3s")], {}, bound)).toEqual([]);
});

test("a set by names, and one with members that are known after the apply", () => {
  const byName: ChangeGiven = {
    address: "meshery_connection_assignments_exclusive.dev",
    actions: ["create"],
    after: { environment_name: "dev", connection_names: ["gke"] },
    unknown: { environment_id: true, connection_ids: true },
  };
  expect(lines([byName], {}, bound)).toEqual(["+ app gke (dev)", "- app k3s (dev)", "- app prom (dev)"]);
  const made: ChangeGiven = {
    address: "meshery_connection.made",
    actions: ["create"],
    after: { name: "made", kind: "github" },
    unknown: { id: true },
  };
  const partly: ChangeGiven = {
    address: "meshery_connection_assignments_exclusive.dev",
    actions: ["create"],
    after: { environment_id: id.environment("dev"), connection_ids: [id.connection("k3s"), null] },
    unknown: { connection_ids: [false, true] },
    expressions: {
      environment_id: {},
      connection_ids: {
        references: [
          "data.meshery_connection.k3s.id",
          "data.meshery_connection.k3s",
          "meshery_connection.made.id",
          "meshery_connection.made",
        ],
      },
    },
  };
  const state = {
    prior_state: {
      values: {
        root_module: {
          resources: [
            {
              address: "data.meshery_connection.k3s",
              mode: "data",
              type: "meshery_connection",
              name: "k3s",
              values: { id: id.connection("k3s"), name: "k3s" },
            },
          ],
        },
      },
    },
  };
  expect(lines([made, partly], state, bound)).toEqual(["+ app made (dev)", "- app prom (dev)"]);
  const open = { ...partly, expressions: { environment_id: {}, connection_ids: { references: ["local.ids"] } } };
  // Any connection may be the one that is not known.
  expect(lines([open], {}, bound)).toEqual([
    "? meshery_connection_assignments_exclusive.dev either: a local value stands between, and a plan does not show what it holds",
  ]);
});

test("teams gain and lose with their workspaces, and by their own edges", () => {
  const withTeams: Scene = { ...scene, teams: { app: ["blue"], ops: [] } };
  const member: ChangeGiven = {
    address: "meshery_workspace_team.t",
    actions: ["create"],
    after: { workspace_id: id.workspace("ops"), team_id: id.team("blue") },
  };
  const of = (changes: ChangeGiven[]) => reportFor([terraformPlan(changes)], withTeams).access;
  expect(of([member]).teams).toEqual({ gained: [], lost: [] });
  const gained = of([member, bind("ops", "dev")]);
  expect(
    gained.teams.gained.map(({ team, connection, through }) => [team.name, connection.name, through.length]),
  ).toEqual([
    ["blue", "k3s", 1],
    ["blue", "prom", 1],
  ]);
  expect(gained.gained[0]!.teams).toMatchObject([{ name: "blue" }]);
  expect(of([unassign("prod", "gke")]).teams.lost).toMatchObject([
    { team: { name: "blue" }, connection: { name: "gke" } },
  ]);
  // Not known is null, and never an empty list.
  expect(reportFor([terraformPlan([assign("prod", "k3s")])], scene).access.gained[0]!.teams).toBeNull();
});

test("what the engine puts off, and plans that are not whole", () => {
  const deferred = {
    deferred_changes: [{ reason: "provider_config_unknown", resource_change: { ...changeOf(assign("prod", "k3s")) } }],
  };
  const report = reportFor([terraformPlan([], deferred)], scene);
  expect(report.resources.deferred).toBe(1);
  expect(report.verdict).toBe("unknown");
  expect(report.access.gained).toEqual([]);
  expect(report.access.unknown.map(({ reason }) => reason)).toEqual([
    "the engine puts it off to a later plan",
    "the plan is not complete: another plan has to follow it",
  ]);
  expect(reportFor([terraformPlan([assign("prod", "gke")], { complete: false })], scene).verdict).toBe("unknown");
  const errored = reportFor([terraformPlan([assign("prod", "k3s")], { errored: true })], scene);
  expect(errored.verdict).toBe("unknown");
  expect(errored.plans[0]!.errored).toBe(true);
});

function changeOf({ address, actions, before = null, after = null }: ChangeGiven) {
  const [type, name] = address.split(".");
  return { address, mode: "managed", type, name, change: { actions, before, after, after_unknown: {} } };
}

test("several plans give one answer; where the order of two decides, that is not known", () => {
  const [one, two] = [terraformPlan([assign("dev", "gke")], {}, "one"), terraformPlan([bind("ops", "dev")], {}, "two")];
  expect(accessLines(reportFor([one, two], scene))).toEqual(["+ ops gke (dev)", "+ ops k3s (dev)", "+ ops prom (dev)"]);
  const [adds, removes] = [
    terraformPlan([assign("prod", "gke")], {}, "adds"),
    terraformPlan([unassign("prod", "gke")], {}, "removes"),
  ];
  for (const order of [
    [adds, removes],
    [removes, adds],
  ])
    expect(accessLines(reportFor(order, scene))).toEqual([
      "? meshery_connection_assignment.a_prod_gke either: removes removes at meshery_connection_assignment.a_prod_gke what this adds: which is applied last decides",
    ]);
});

test("offline, an edge to what exists and is not told of is not known to open nothing", () => {
  expect(lines([bind("app", "prod")], {}, "offline")).toEqual([
    "? meshery_workspace_binding.b_app_prod gain: these plans do not tell which connections the environment holds",
  ]);
});

test("offline, a team in a workspace of which nothing is told is not known to reach nothing", () => {
  const member: ChangeGiven = {
    address: "meshery_workspace_team.t",
    actions: ["create"],
    after: { workspace_id: id.workspace("app"), team_id: id.team("blue") },
  };
  expect(lines([member], {}, "offline")).toEqual([
    "? meshery_workspace_team.t gain: these plans do not tell which environments the workspace has",
  ]);
});

test("offline, data sources tell what others bound", () => {
  const state = {
    prior_state: {
      values: {
        root_module: {
          resources: [
            {
              address: "data.meshery_environment.dev",
              mode: "data",
              type: "meshery_environment",
              name: "dev",
              values: {
                id: id.environment("dev"),
                name: "dev",
                connections: [{ id: id.connection("k3s"), name: "k3s" }],
                workspaces: [],
              },
            },
            {
              address: "data.meshery_environments.all",
              mode: "data",
              type: "meshery_environments",
              name: "all",
              values: {
                environments: [],
                bindings: [
                  {
                    workspace_id: id.workspace("app"),
                    workspace_name: "app",
                    environment_id: id.environment("prod"),
                    environment_name: "prod",
                  },
                ],
                assignments: [],
              },
            },
          ],
        },
      },
    },
  };
  const report = reportFor([terraformPlan([bind("app", "dev"), assign("prod", "gke")], state)]);
  expect(accessLines(report)).toEqual(["+ app  (prod)", "+ app k3s (dev)"]);
  expect(report.access.gained[0]!.connection.id).toBe(id.connection("gke"));
});

test("an object that the plan has and Meshery does not list is said to be missing", () => {
  expect(
    lines([
      { ...environment(["no-op"]), before: { id: "elsewhere", name: "x" }, after: { id: "elsewhere", name: "x" } },
    ]),
  ).toEqual([
    "? meshery_environment.prod either: the plan says that this environment is there, and Meshery does not list it",
  ]);
});

test("an import is no change of access", () => {
  const imported: ChangeGiven = {
    ...assign("prod", "gke"),
    actions: ["no-op"],
    before: assign("prod", "gke").after!,
    more: { importing: { id: "x" } },
  };
  const report = reportFor([terraformPlan([imported])], scene);
  expect([report.verdict, report.resources.import]).toEqual(["none", 1]);
});

test("a plan of an engine that is newer than what is known is refused", () => {
  expect(() => readPlan(Buffer.from('{"format_version":"2.0","resource_changes":[]}'), "x.json")).toThrow(
    /only 1.x is known/,
  );
});
