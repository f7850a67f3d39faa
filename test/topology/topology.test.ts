import { planTopology } from "../../provider/topology/plan";
import { checkedTopology, parseTopology } from "../../provider/topology/schema";

const whole = {
  organizationId: "acme",
  connections: {
    "prod-k8s": { kind: "kubernetes", status: "connected" },
    github: { name: "github-main", type: "collaboration", subType: "scm" },
    pinned: { id: "c-1" },
  },
  environments: {
    production: { connections: ["prod-k8s", "github", "pinned", "never-listed"], adopt: true, forceDestroy: true },
    staging: {
      name: "pre-production",
      description: "",
      tags: { stage: "staging" },
      archived: false,
      connections: ["github"],
    },
  },
  workspaces: {
    team: { environments: ["production", "staging"] },
    renamed: { name: "the other team" },
    byId: { id: "w-1", environments: ["staging"] },
  },
};

describe("a topology with an organization", () => {
  const plan = planTopology(checkedTopology(whole));

  test("is of that organization in everything that belongs to one", () => {
    expect(plan.organizationId).toBe("acme");
    expect(plan.environments.map(({ key, inputs }) => [key, inputs.organizationId])).toEqual([
      ["production", "acme"],
      ["staging", "acme"],
    ]);
    expect(plan.workspaces.map(({ key, by }) => ({ key, by }))).toEqual([
      { key: "team", by: { name: "team", organizationId: "acme" } },
      { key: "renamed", by: { name: "the other team", organizationId: "acme" } },
      { key: "byId", by: { id: "w-1", organizationId: "acme" } },
    ]);
  });

  test("looks for connections in none, since they belong to none, and by all that narrows them", () => {
    expect(plan.connections.map(({ key, by }) => ({ key, by }))).toEqual([
      { key: "prod-k8s", by: { name: "prod-k8s", kind: "kubernetes", status: "connected" } },
      { key: "github", by: { name: "github-main", type: "collaboration", subType: "scm" } },
      { key: "pinned", by: { id: "c-1" } },
      { key: "never-listed", by: { name: "never-listed" } },
    ]);
  });

  test("says how edges name what is found, and what has to be looked up, since edges cannot say all of it", () => {
    expect(plan.connections.map(({ names, needsLookup }) => ({ names, needsLookup }))).toEqual([
      { names: { connectionName: "prod-k8s", connectionKind: "kubernetes" }, needsLookup: true },
      { names: { connectionName: "github-main" }, needsLookup: true },
      { names: undefined, needsLookup: true },
      { names: { connectionName: "never-listed" }, needsLookup: false },
    ]);
    expect(plan.workspaces.map(({ names, needsLookup }) => ({ names, needsLookup }))).toEqual([
      { names: { workspaceName: "team" }, needsLookup: false },
      { names: { workspaceName: "the other team" }, needsLookup: false },
      { names: undefined, needsLookup: true },
    ]);
  });

  test("keeps flags and descriptions as they are written, and leaves out what is left out", () => {
    expect(plan.environments.map(({ inputs }) => inputs)).toEqual([
      { name: "production", organizationId: "acme", adopt: true, forceDestroy: true },
      {
        name: "pre-production",
        description: "",
        tags: { stage: "staging" },
        archived: false,
        organizationId: "acme",
      },
    ]);
  });

  test("names its edges by keys, so that a name may change", () => {
    expect(plan.assignments.map(({ child }) => child)).toEqual([
      "production/prod-k8s",
      "production/github",
      "production/pinned",
      "production/never-listed",
      "staging/github",
    ]);
    expect(plan.bindings).toEqual([
      { child: "team/production", from: "team", to: "production" },
      { child: "team/staging", from: "team", to: "staging" },
      { child: "byId/staging", from: "byId", to: "staging" },
    ]);
  });

  test("is the same from a file", () => {
    expect(planTopology(parseTopology(JSON.stringify(whole)))).toEqual(plan);
  });
});

test("a topology without one names none anywhere", () => {
  const { organizationId: _, ...rest } = whole;
  expect(JSON.stringify(planTopology(checkedTopology(rest)))).not.toContain("organizationId");
});

test("a key that every object has is a key like any other", () => {
  const topology = { environments: { e: { connections: ["constructor"] } } };
  expect(planTopology(checkedTopology(topology)).connections).toMatchObject([
    { key: "constructor", by: { name: "constructor" } },
  ]);
  expect(() => checkedTopology({ workspaces: { w: { environments: ["toString"] } } })).toThrow(
    /no such environment: toString/,
  );
});
