import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fits } from "../../provider/review/settings/glob";
import { loadSettings, readBaseline, writeBaseline } from "../../provider/review/settings/load";
import { assign, findingsOf, type Scene, terraformPlan } from "./support";

const scene: Scene = {
  workspaces: { "app-one": ["shared"], ops: ["prod", "shared"] },
  environments: { prod: ["prod-gke"], shared: ["prom"] },
  connections: { "prod-gke": "kubernetes", prom: "prometheus" },
  teams: { "app-one": ["blue"], ops: ["red"] },
  values: { prod: { tags: { stage: "production" } } },
};

const broken = (assertion: Record<string, unknown>, changes = [assign("shared", "prod-gke")], given: Scene = scene) =>
  findingsOf([terraformPlan(changes)], given, { assertions: [{ because: "it is so", ...assertion }] })
    .filter(({ because }) => because !== undefined)
    .map(({ rule, severity, message, because }) => `${severity} ${rule}: ${message} (${because})`);

test("deny", () => {
  expect(broken({ deny: { workspace: "app-*", connection: "prod-*" } })).toEqual([
    'error deny: workspace "app-one" reaches connection "prod-gke" through "shared": is denied: workspace app-*, connection prod-* (it is so)',
  ]);
  expect(broken({ deny: { workspace: "app-*", connection: "prod-*" } }, [])).toEqual([]);
  expect(broken({ deny: { team: "blue", kind: "kubernetes" }, severity: "warning" })).toHaveLength(1);
  expect(broken({ deny: { tag: "stage=prod*", workspace: ["app-*", "ops"] } })).toHaveLength(1);
});

test("require", () => {
  expect(broken({ require: { workspace: "ops", connection: "prod-gke" } })).toEqual([]);
  expect(broken({ require: { workspace: "app-one", connection: "nothing" } })).toEqual([
    "error require: nobody has the access that is required: workspace app-one, connection nothing (it is so)",
  ]);
});

test("only", () => {
  expect(broken({ only: { connection: "prod-*", workspace: "ops" } })).toEqual([
    'error only: workspace "app-one" reaches connection "prod-gke" through "shared": only workspace ops may reach connection prod-* (it is so)',
  ]);
  expect(broken({ only: { connection: "prod-*", team: ["red", "blue"] } })).toEqual([]);
  expect(broken({ only: { kind: "kubernetes", team: "red" } })).toHaveLength(1);
});

test("an assertion about teams that are not known says so", () => {
  const { teams: _, ...unknown } = scene;
  expect(broken({ deny: { team: "blue" } }, [], unknown)).toEqual([
    "warning deny: the assertion is about teams, and which teams a workspace has is not known here (it is so)",
  ]);
});

test.each([
  ["prod-*", "prod-gke", true],
  ["prod-*", "PROD-GKE", true],
  ["*", "", true],
  ["a*b*c", "aXXbYYc", true],
  ["a*b*c", "aXXbYY", false],
  ["prod", "prod-gke", false],
  ["a?c", "abc", true],
  ["a.c", "abc", false],
  [`${"a*".repeat(40)}b`, "a".repeat(2_000), false],
])("%s fits %s: %s", (pattern, name, expected) => {
  expect(fits(pattern, name)).toBe(expected);
});

describe("a settings file", () => {
  const folder = mkdtempSync(join(tmpdir(), "settings-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const load = (text: string) => {
    writeFileSync(join(folder, "meshery-iac.yaml"), text);
    return loadSettings(folder, undefined);
  };

  test("may be left out, and must be there where it is named", () => {
    expect(loadSettings(tmpdir(), undefined).assertions).toEqual([]);
    expect(() => loadSettings(folder, "other.yaml")).toThrow("there is no settings file other.yaml");
  });

  test.each([
    ["assertions:\n  - deny: { workspace: a }\n", /meshery-iac.yaml:2:5: assertions\[0\].*because/],
    ["assertions:\n  - because: x\n", /exactly one of deny, require and only/],
    ["assertions:\n  - { because: x, only: { workspace: a } }\n", /only must name who/],
    ["assertions:\n  - { because: x, deny: { } }\n", /at least one/],
    ["rules:\n  no-such-rule: error\n", /meshery-iac.yaml:2:3: .*no-such-rule/],
    ["rules:\n  levels-mixed: loud\n", /levels-mixed/],
  ])("with a mistake is refused, with its place: %j", (text, message) => {
    expect(() => load(text)).toThrow(message);
  });

  test("names a baseline file; what that knows is marked", () => {
    const { baselineFile } = load("baseline: known.json\n");
    expect(readBaseline(baselineFile).size).toBe(0);
    const found = findingsOf([terraformPlan([assign("shared", "prod-gke")])], scene);
    writeBaseline(baselineFile!, found);
    expect([...readBaseline(baselineFile)]).toEqual(found.map(({ fingerprint }) => fingerprint));
    writeFileSync(baselineFile!, "{");
    expect(() => readBaseline(baselineFile)).toThrow(/is not JSON/);
  });
});
