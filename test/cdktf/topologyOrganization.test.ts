import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { root } from "../support/terraform";

type Blocks = Record<string, Record<string, Record<string, unknown>>>;

/** What a topology becomes in the JSON that the engine is given. */
function synthesized(flavour: string, topology: object): { resource: Blocks; data: Blocks } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "organization-")));
  try {
    const links: Record<string, string> = { "meshery-iac": root };
    for (const name of [flavour, "constructs"]) links[name] = join(root, "node_modules", name);
    for (const [name, target] of Object.entries(links)) {
      mkdirSync(dirname(join(folder, "node_modules", name)), { recursive: true });
      symlinkSync(target, join(folder, "node_modules", name));
    }
    writeFileSync(
      join(folder, "main.cjs"),
      `const { App, TerraformStack } = require("${flavour}");
const { EnvironmentTopology, MesheryProvider } = require("meshery-iac/${flavour}");
const app = new App();
const stack = new TerraformStack(app, "all");
const provider = new MesheryProvider(stack, "meshery", { alias: "other" });
new EnvironmentTopology(stack, "topology", { provider, ...${JSON.stringify(topology)} });
app.synth();
`,
    );
    const { status, stderr } = spawnSync(process.execPath, ["main.cjs"], { cwd: folder, encoding: "utf8" });
    expect({ status, stderr }).toMatchObject({ status: 0 });
    return JSON.parse(readFileSync(join(folder, "cdktf.out", "stacks", "all", "cdk.tf.json"), "utf8"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What an edge says of its ends. */
const ends = (edge: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(edge).filter(([key]) => /^(environment|connection|workspace)_/.test(key)));

describe.each(["cdktf", "cdktn"])("a topology with an organization as constructs of %s", (flavour) => {
  const { resource, data } = synthesized(flavour, {
    organizationId: "acme",
    connections: { narrowed: { kind: "kubernetes", status: "connected" }, github: { name: "main", kind: "github" } },
    environments: {
      production: {
        connections: ["cluster", "narrowed", "github"],
        adopt: true,
        forceDestroy: true,
        tags: { stage: "x" },
        archived: false,
      },
    },
    workspaces: { team: { environments: ["production"] }, other: { id: "w-1", environments: ["production"] } },
  });
  const of = (blocks: Blocks, type: string) => Object.values(blocks[type] ?? {});

  test.each([
    "meshery_environment",
    "meshery_connection_assignment",
    "meshery_workspace_binding",
  ])("names it in each %s", (type) => {
    const all = of(resource, type);
    expect(all.map(({ organization_id }) => organization_id)).toEqual(all.map(() => "acme"));
    expect(all.length).toBeGreaterThan(0);
  });

  test("names it where a workspace is looked up, and not where a connection is", () => {
    expect(of(data, "meshery_workspace")).toMatchObject([{ id: "w-1", organization_id: "acme" }]);
    expect(of(data, "meshery_connection")).toMatchObject([{ name: "narrowed", status: "connected" }]);
    expect(of(data, "meshery_connection")[0]).not.toHaveProperty("organization_id");
  });

  test("names the ends of edges, and gives the ids of those that have to be looked up", () => {
    const environment = { environment_name: expect.stringMatching(/^\$\{meshery_environment\.\w+\.name\}$/) };
    expect(of(resource, "meshery_connection_assignment").map(ends)).toEqual([
      { ...environment, connection_name: "cluster" },
      { ...environment, connection_name: "main", connection_kind: "github" },
      { ...environment, connection_id: expect.stringMatching(/^\$\{data\.meshery_connection\.[\w-]+\.id\}$/) },
    ]);
    expect(of(resource, "meshery_workspace_binding").map(ends)).toEqual([
      { ...environment, workspace_id: expect.stringMatching(/^\$\{data\.meshery_workspace\.[\w-]+\.id\}$/) },
      { ...environment, workspace_name: "team" },
    ]);
  });

  test("says of the environment what the topology says", () => {
    expect(of(resource, "meshery_environment")).toMatchObject([
      { name: "production", adopt: true, force_destroy: true, tags: { stage: "x" }, archived: false },
    ]);
  });

  test("uses the provider that is given for all of it", () => {
    const all = [resource, data].flatMap((blocks) => Object.values(blocks).flatMap((named) => Object.values(named)));
    expect(all.map(({ provider }) => provider)).toEqual(all.map(() => "meshery.other"));
    expect(all).toHaveLength(8);
  });
});
