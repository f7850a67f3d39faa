import { rules } from "../../provider/review/rules";
import { assign, bind, type ChangeGiven, findingsOf, id, type Scene, terraformPlan, unassign } from "./support";

const scene: Scene = {
  workspaces: { "dev-team": ["dev"], ops: ["prod"], app: [] },
  environments: { prod: ["prod-gke"], dev: ["dev-k3s"], old: [], shared: ["github"] },
  values: { old: { archived: true } },
};
const found = (changes: ChangeGiven[], settings: unknown = {}, given: Scene | undefined = scene) =>
  findingsOf([terraformPlan(changes)], given, settings).map(
    ({ rule, severity, message }) => `${severity} ${rule}: ${message}`,
  );

const environment = (name: string, actions: string[], more: Partial<ChangeGiven> = {}): ChangeGiven => ({
  address: `meshery_environment.${name.replace(/\W/g, "_")}`,
  actions,
  before: actions.includes("create") && actions.length === 1 ? null : { id: id.environment(name), name },
  after:
    actions.includes("delete") && actions.length === 1
      ? null
      : {
          name,
          description: "said",
          ...(actions.length === 1 && actions[0] !== "create" && { id: id.environment(name) }),
        },
  unknown: actions.includes("create") ? { id: true } : {},
  ...more,
});

test.each<[string, ChangeGiven[], string | undefined]>([
  [
    "production from a workspace of development",
    [assign("dev", "prod-gke")],
    'error production-from-elsewhere: workspace "dev-team" (development) reaches production connection "prod-gke" through "dev"',
  ],
  ["production from a workspace without a level", [bind("app", "prod")], undefined],
  [
    "an environment that others use",
    [environment("prod", ["delete"])],
    'error environment-deleted-while-bound: environment "prod" is deleted, and others still use it: connection "prod-gke", workspace "ops"; the apply will be refused',
  ],
  [
    "a replacement with edges of others",
    [environment("prod", ["delete", "create"])],
    'error replacement-drops-access: environment "prod" is replaced, and with it what others have there: connection "prod-gke", workspace "ops"',
  ],
  [
    "an archived environment, bound",
    [bind("app", "old")],
    'error archived-bound: environment "old" is archived, and is bound to workspace "app"',
  ],
  [
    "the last environment of a connection",
    [unassign("prod", "prod-gke")],
    'warning connection-without-environment: connection "prod-gke" leaves its last environment, "prod"',
  ],
  [
    "levels mixed",
    [assign("prod", "dev-k3s")],
    'warning levels-mixed: environment "prod" holds connections of development ("dev-k3s") and production ("prod-gke")',
  ],
  ["what is shared has no level", [assign("prod", "github")], undefined],
  [
    "a name that says nothing",
    [environment("test123", ["create"])],
    'warning name-says-nothing: environment "test123" has a name that says nothing',
  ],
  [
    "an empty environment",
    [environment("quiet", ["create"])],
    'info environment-empty: environment "quiet" holds no connection',
  ],
  [
    "an environment without description",
    [environment("mute", ["create"], { after: { name: "mute", description: "" } })],
    'info environment-without-description: environment "mute" has no description',
  ],
  [
    "edges that no program declares",
    [environment("prod", ["no-op"])],
    'info edge-not-declared: environment "prod" has edges that these programs do not declare: connection "prod-gke", workspace "ops"',
  ],
  [
    "an adoption that overwrites",
    [environment("dev", ["create"], { after: { name: "dev", adopt: true, description: "mine" } })],
    'warning adoption-changes: environment "dev" is adopted, and changed: description from "for dev" to "mine"',
  ],
])("%s", (_, changes, expected) => {
  const all = found(changes);
  if (expected !== undefined) expect(all).toContain(expected);
  else expect(all.filter((one) => !one.startsWith("info"))).toEqual([]);
});

test.each(["environment1", "test123", "my-env", "env", "Environment 2", "tmp"])("%s says nothing", (name) => {
  expect(found([environment(name, ["create"])]).join()).toMatch(/name-says-nothing/);
});
test.each([
  "prod",
  "us-east-production",
  "monitoring-shared",
  "team-alpha-dev",
  "testing-eu",
])("%s says something", (name) => {
  expect(found([environment(name, ["create"])]).join()).not.toMatch(/name-says-nothing/);
});

const members = ["a", "b", "c", "d", "e"];
const set = (after: string[]): ChangeGiven => ({
  address: "meshery_connection_assignments_exclusive.s",
  actions: ["update"],
  before: { environment_id: id.environment("big"), connection_ids: members.map(id.connection) },
  after: { environment_id: id.environment("big"), connection_ids: after.map(id.connection) },
});
const big: Scene = { environments: { big: members } };

test("a set that shrinks, with a limit to tune", () => {
  expect(found([set(["a"])], {}, big).join()).toMatch(
    /exclusive-set-shrinks: environment "big" loses 4 connections at once/,
  );
  expect(found([set(["a", "b"])], {}, big).join()).not.toMatch(/exclusive-set-shrinks/);
  expect(found([set(["a", "b"])], { rules: { "exclusive-set-shrinks": { limit: 1 } } }, big).join()).toMatch(/loses 3/);
});

test("a connection in many environments", () => {
  const many: Scene = { environments: { prod: [], ...Object.fromEntries(members.map((name) => [name, ["x"]])) } };
  expect(found([assign("prod", "x")], {}, many).join()).toMatch(/connection "x" is in 6 environments/);
});

test("severities are tuned, and rules turned off", () => {
  const change = [assign("prod", "dev-k3s")];
  expect(found(change, { rules: { "levels-mixed": "error" } }).join()).toMatch(/error levels-mixed/);
  expect(found(change, { rules: { "levels-mixed": "off" } }).join()).not.toMatch(/levels-mixed/);
  const levels = { levels: { production: { names: ["nothing"] } } };
  expect(found([assign("dev", "prod-gke")], levels).join()).not.toMatch(/production-from-elsewhere/);
});

test("rules look at everything that is there when asked to", () => {
  const all = findingsOf([], { ...scene, workspaces: { "dev-team": ["prod"] } }, {}, true);
  expect(all.map(({ rule }) => rule)).toEqual(
    expect.arrayContaining(["production-from-elsewhere", "environment-empty"]),
  );
});

test("a finding has the same fingerprint in every run, and another one for another subject", () => {
  const of = (name: string) =>
    findingsOf([terraformPlan([assign("dev", name)])], {
      ...scene,
      environments: { ...scene.environments, more: ["prod-eks"] },
    });
  const [first, again, other] = [of("prod-gke"), of("prod-gke"), of("prod-eks")].map((all) => all[0]!.fingerprint);
  expect(first).toBe(again);
  expect(first).not.toBe(other);
});

test("each rule has a name of its own, and says why and what to do", () => {
  expect(new Set(rules.map(({ id: name }) => name)).size).toBe(rules.length);
  for (const { why, remedy, title } of rules)
    for (const said of [why, remedy, title]) expect(said.length).toBeGreaterThan(20);
});
