import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { parse } from "yaml";
import { topologyJsonSchema } from "../../../provider/topology/jsonSchema";
import { planTopology } from "../../../provider/topology/plan";
import { checkedTopology, parseTopology } from "../../../provider/topology/schema";
import { changes, summary } from "../../pulumi-engine";
import { seen } from "../../support/meshery";
import { engines, root, Workbench } from "../dynamic/support/workbench";

const example = join(root, "examples", "pulumi", "topology-file", "topology.yaml");
const exampleText = readFileSync(example, "utf8");

/** What edges can name, and need not look up. */
const named = (names: Record<string, string>, found: { key: string; by: object }) => ({
  ...found,
  names,
  needsLookup: false,
});

describe("a topology file", () => {
  test("stands for these lookups and resources, whose names are permanent", () => {
    expect(planTopology(parseTopology(exampleText))).toEqual({
      environments: [
        { key: "production", inputs: { name: "production", description: "Production infrastructure" } },
        { key: "development", inputs: { name: "development", description: "Development clusters" } },
        { key: "monitoring", inputs: { name: "shared-monitoring", description: "Centralized observability" } },
      ],
      connections: [
        named(
          { connectionName: "github-main", connectionKind: "github" },
          { key: "github", by: { name: "github-main", kind: "github" } },
        ),
        ...[
          "prod-k8s",
          "prod-prometheus",
          "dev-k8s",
          "dev-prometheus",
          "central-prometheus",
          "central-grafana",
          "central-jaeger",
        ].map((key) => named({ connectionName: key }, { key, by: { name: key } })),
      ],
      workspaces: [
        named({ workspaceName: "platform-team" }, { key: "platform-team", by: { name: "platform-team" } }),
        named({ workspaceName: "app-team-alpha" }, { key: "alpha", by: { name: "app-team-alpha" } }),
      ],
      assignments: [
        { child: "production/github", from: "production", to: "github" },
        { child: "production/prod-k8s", from: "production", to: "prod-k8s" },
        { child: "production/prod-prometheus", from: "production", to: "prod-prometheus" },
        { child: "development/github", from: "development", to: "github" },
        { child: "development/dev-k8s", from: "development", to: "dev-k8s" },
        { child: "development/dev-prometheus", from: "development", to: "dev-prometheus" },
        { child: "monitoring/central-prometheus", from: "monitoring", to: "central-prometheus" },
        { child: "monitoring/central-grafana", from: "monitoring", to: "central-grafana" },
        { child: "monitoring/central-jaeger", from: "monitoring", to: "central-jaeger" },
      ],
      bindings: [
        { child: "platform-team/production", from: "platform-team", to: "production" },
        { child: "platform-team/development", from: "platform-team", to: "development" },
        { child: "platform-team/monitoring", from: "platform-team", to: "monitoring" },
        { child: "alpha/monitoring", from: "alpha", to: "monitoring" },
      ],
    });
  });

  test("may leave out almost everything", () => {
    expect(planTopology(parseTopology("environments: { empty: }\n")).environments).toEqual([
      { key: "empty", inputs: { name: "empty" } },
    ]);
    expect(planTopology(parseTopology("")).environments).toEqual([]);
    const ids = { connections: { c: { id: "c-id" } }, environments: { e: { connections: ["c"] } } };
    expect(planTopology(checkedTopology({ organizationId: "o", ...ids }))).toMatchObject({
      organizationId: "o",
      connections: [{ key: "c", by: { id: "c-id" } }],
      environments: [{ key: "e", inputs: { name: "e", organizationId: "o" } }],
    });
  });

  test.each([
    ["environments:\n  prod:\n    conections: [a]\n", /^t\.yaml:3:5: environments\.prod\.conections: unknown key/],
    ["environments:\n  prod: { connections: [a, a] }\n", /^t\.yaml:2:28: .*connections\[1\]: a is listed twice$/],
    [
      "workspaces:\n  team:\n    environments:\n      - prod\n",
      /^t\.yaml:4:9: .*no such environment: prod \(there are none\)/,
    ],
    ["environments:\n  a/b: {}\n", /^t\.yaml:2:\d+: environments\.a\/b: must not be blank or contain \//],
    ["environments:\n  e: { name: 7 }\n", /^t\.yaml:2:14: environments\.e\.name: .*expected string/],
    ["environments:\n  e: {\n", /^t\.yaml:\d+:\d+: /],
    ["environments:\n  e: {}\n  e: {}\n", /^t\.yaml:3:3: .*unique/],
    ["[]\n", /^t\.yaml:1:1: .*expected object/],
    [
      "environment: {}\nworkspace: {}\n",
      /^t\.yaml:1:1: environment: unknown key\nt\.yaml:2:1: workspace: unknown key$/,
    ],
  ])("%j is refused with line and column", (text, message) => {
    expect(() => parseTopology(text, "t.yaml")).toThrow(message);
  });

  test("its published schema is the one that is used, and agrees with it", () => {
    const published = readFileSync(join(root, "schemas", "topology.json"), "utf8");
    expect(published).toBe(topologyJsonSchema());
    const validate = new Ajv({ strict: false }).compile(JSON.parse(published));
    const agree = (text: string) => {
      const strict = (() => {
        try {
          parseTopology(text);
          return true;
        } catch {
          return false;
        }
      })();
      expect([text, validate(parse(text) ?? {})]).toEqual([text, strict]);
      return strict;
    };
    expect(agree(exampleText)).toBe(true);
    expect(agree("environments: { empty: }\nworkspaces: { w: }\n")).toBe(true);
    expect(agree("environments: { a/b: {} }")).toBe(false);
    expect(agree("environments: { e: { connections: [x, ''] } }")).toBe(false);
    expect(agree("connections: { c: { kin: kubernetes } }")).toBe(false);
    expect(agree("environments: { e: { name: 7 } }")).toBe(false);
  });
});

describe.each(engines())("EnvironmentTopology on the %s", (engine) => {
  let bench: Workbench;
  beforeAll(async () => {
    bench = await Workbench.open();
  });
  afterAll(() => bench.close());
  afterEach(() => bench.server.reset());

  const COMPONENT = `
const topology = new meshery.EnvironmentTopology("topology", { file: "topology.yaml" });
export const keys = topology.environmentIds.apply((ids) => Object.keys(ids).sort());
`;

  test("keeps its resources by their keys while names change", async () => {
    const before = seen(bench.server);
    const folder = bench.program(COMPONENT, { "topology.yaml": exampleText });
    const stack = await bench.stack(engine, folder);
    const up = await stack.up({ skipPreview: true });
    expect(up.error).toBeUndefined();
    expect(up.outputs.keys).toEqual(["development", "monitoring", "production"]);
    const { environments, workspaces } = seen(bench.server);
    expect(environments.production!.connections).toEqual(["github-main", "prod-k8s", "prod-prometheus"]);
    expect(environments["shared-monitoring"]!.connections).toEqual([
      "central-grafana",
      "central-jaeger",
      "central-prometheus",
    ]);
    expect(workspaces["app-team-alpha"]!.environments).toEqual(["shared-monitoring"]);
    const urns = (await stack.resources()).map(({ urn }) => urn.split("::").slice(2).join(" "));
    expect(urns).toContain(
      "meshery:index:EnvironmentTopology$pulumi-nodejs:dynamic/meshery:ConnectionAssignment production/github",
    );

    const edited = exampleText
      .replace("  production:\n", "  production:\n    name: prod\n")
      .replace("name: app-team-alpha", "name: app-team-beta");
    bench.rewrite(folder, COMPONENT, { "topology.yaml": edited });
    const again = await stack.up({ skipPreview: true });
    // Edges show the environment's new name.
    expect(summary(changes(again))).toEqual([
      "create-replacement alpha/monitoring",
      "delete-replaced alpha/monitoring",
      "replace alpha/monitoring",
      "update platform-team/production",
      "update production",
      "update production/github",
      "update production/prod-k8s",
      "update production/prod-prometheus",
    ]);
    expect(Object.keys(seen(bench.server).environments)).toContain("prod");
    expect(changes(await stack.refresh({ skipPreview: true }))).toEqual([]);
    expect((await stack.destroy({ skipPreview: true })).ok).toBe(true);
    expect(seen(bench.server)).toEqual(before);
  });

  test("takes outputs of the program where a text is wanted", async () => {
    const source = `
const connection = new meshery.Connection("own", { name: "own", kind: "kubernetes", type: "platform" });
new meshery.EnvironmentTopology("topology", {
  connections: { own: { id: connection.id } },
  environments: { production: { name: pulumi.interpolate\`prod of \${connection.name}\`, connections: ["own"] } },
});
`;
    const stack = await bench.stack(engine, bench.program(source));
    const up = await stack.up();
    expect(up.error).toBeUndefined();
    expect(seen(bench.server).environments).toEqual({ "prod of own": { description: "", connections: ["own"] } });
  });

  test("says file, line and column of what is wrong, and which file is not there", async () => {
    const wrong = exampleText.replace("environments: [monitoring]", "environments: [monitring]");
    const stack = await bench.stack(engine, bench.program(COMPONENT, { "topology.yaml": wrong }));
    expect((await stack.preview()).error).toMatch(
      /EnvironmentTopology "topology": topology\.yaml:\d+:\d+: workspaces\.alpha\.environments\[0\]: no such environment: monitring \(there are: production, development, monitoring\)/,
    );
    const none = await bench.stack(engine, bench.program(COMPONENT));
    expect((await none.preview()).error).toMatch(/EnvironmentTopology "topology": .*topology\.yaml/);
    expect(bench.server.requests.list).toEqual([]);
  });
});
