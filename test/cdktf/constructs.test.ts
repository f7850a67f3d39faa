import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import ts from "typescript";
import { describeEngines } from "../support/engines";
import { foreignWorld, MesheryServer, seen } from "../support/meshery";
import { SMALL } from "../support/programs";
import { root, workdir } from "../support/terraform";

const FLAVOURS = ["cdktf", "cdktn"] as const;
type Flavour = (typeof FLAVOURS)[number];

/** A project of a user: a folder whose node_modules hold our package and the libraries it needs. */
function project(files: Record<string, string>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "constructs-")));
  const links: Record<string, string> = { "meshery-iac": root };
  for (const name of ["cdktf", "cdktn", "constructs", "@types/node"]) links[name] = join(root, "node_modules", name);
  for (const [name, target] of Object.entries(links)) {
    mkdirSync(dirname(join(folder, "node_modules", name)), { recursive: true });
    symlinkSync(target, join(folder, "node_modules", name));
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const synthesize = (folder: string) => {
  const { status, stderr } = spawnSync(process.execPath, [join(folder, "main.cjs")], { cwd: folder, encoding: "utf8" });
  return { status, stderr };
};

const topologyProgram = (flavour: Flavour, topology: string) => `
const { App, TerraformStack } = require("${flavour}");
const { EnvironmentTopology, MesheryProvider } = require("meshery-iac/${flavour}");
const app = new App();
const stack = new TerraformStack(app, "all");
new MesheryProvider(stack, "meshery");
new EnvironmentTopology(stack, "topology", ${topology});
app.synth();
`;

const YAML = `environments:
  production:
    description: Customers are here
    connections: [foreign-0, foreign-1]
  staging:
    connections: [foreign-0]
workspaces:
  their workspace:
    environments: [production]
`;

describe.each(FLAVOURS)("constructs for %s", (flavour) => {
  test("stand in a flat index", () => {
    const names = Object.keys(require(join(root, "dist", flavour)));
    expect(names).toEqual(
      expect.arrayContaining([
        "Environment",
        "ConnectionAssignment",
        "WorkspaceBinding",
        "Workspace",
        "Connection",
        "Credential",
        "DataMesheryConnection",
        "DataMesheryCredential",
        "DataMesheryEnvironments",
        "MesheryProvider",
        "EnvironmentTopology",
      ]),
    );
  });

  test.each([
    ["classic", ts.ModuleResolutionKind.Node10, ts.ModuleKind.CommonJS],
    ["modern", ts.ModuleResolutionKind.Node16, ts.ModuleKind.Node16],
  ] as const)("have types under %s module resolution", (_, moduleResolution, module) => {
    const folder = project({
      "main.ts": `import { App, TerraformStack } from "${flavour}";
import { Environment, EnvironmentTopology, MesheryProvider } from "meshery-iac/${flavour}";
const stack = new TerraformStack(new App(), "s");
new MesheryProvider(stack, "meshery", { organizationId: "o" });
const environment = new Environment(stack, "e", { name: "production", forceDestroy: true });
const id: string = environment.id;
new EnvironmentTopology(stack, "t", { environments: { staging: { connections: ["a"] } } }).environments.staging;
// @ts-expect-error a name is required
new Environment(stack, "f", {});
export { id };
`,
    });
    try {
      const program = ts.createProgram([join(folder, "main.ts")], {
        moduleResolution,
        module,
        target: ts.ScriptTarget.ES2022,
        strict: true,
        skipLibCheck: true,
        noEmit: true,
        types: [],
      });
      const messages = ts
        .getPreEmitDiagnostics(program)
        .map((d) => ts.flattenDiagnosticMessageText(d.messageText, "\n"));
      expect(messages).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("say where in a topology file something is wrong", () => {
    const folder = project({
      "main.cjs": topologyProgram(flavour, '{ file: "topology.yaml" }'),
      "topology.yaml": "environments:\n  production:\n    conections: [a]\n",
    });
    try {
      const { status, stderr } = synthesize(folder);
      expect(status).not.toBe(0);
      expect(stderr).toMatch(/topology\.yaml:3:5/);
      expect(stderr).toMatch(/conections/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describeEngines("a topology as a construct", (engine) => {
  test("is applied, keeps its objects when a name changes, and is destroyed", async () => {
    const flavour: Flavour = engine.name === "terraform" ? "cdktf" : "cdktn";
    const server = await MesheryServer.start({ world: foreignWorld(SMALL) });
    const folder = project({
      "main.cjs": topologyProgram(flavour, '{ file: "topology.yaml" }'),
      "topology.yaml": YAML,
    });
    const dir = workdir(server, { "provider.tf": "" });
    const synth = () => {
      expect(synthesize(folder)).toMatchObject({ status: 0 });
      const stack = JSON.parse(readFileSync(join(folder, "cdktf.out", "stacks", "all", "cdk.tf.json"), "utf8"));
      // The one backend there is needs no init where none is named.
      delete stack.terraform.backend;
      dir.write("cdk.tf.json", JSON.stringify(stack));
    };
    try {
      const before = seen(server);
      synth();
      await dir.apply(engine);
      expect(seen(server).environments).toMatchObject({
        production: { description: "Customers are here", connections: ["foreign-0", "foreign-1"] },
        staging: { connections: ["foreign-0"] },
      });
      expect(seen(server).workspaces["their workspace"]?.environments).toEqual(["production", "theirs"]);
      expect(await dir.planned(engine)).toEqual({});
      writeFileSync(join(folder, "topology.yaml"), YAML.replace("production:\n", "production:\n    name: live\n"));
      synth();
      // The environment, and its edges, which show its new name.
      expect(Object.values(await dir.planned(engine))).toEqual(["update", "update", "update", "update"]);
      await dir.apply(engine);
      expect(seen(server).environments.live?.connections).toEqual(["foreign-0", "foreign-1"]);
      await dir.destroy(engine);
      expect(seen(server)).toEqual(before);
    } finally {
      dir.remove();
      rmSync(folder, { recursive: true });
      await server.close();
    }
  });
});

/** The same component as it was when it gave the ends of edges by their ids alone. */
const byId = (flavour: Flavour, name: string) => `
const { App, TerraformStack } = require("${flavour}");
const { Construct } = require("constructs");
const meshery = require("meshery-iac/${flavour}");
const app = new App();
const stack = new TerraformStack(app, "all");
new meshery.MesheryProvider(stack, "meshery");
const topology = new Construct(stack, "topology");
const connections = new Construct(topology, "/connections");
const workspaces = new Construct(topology, "/workspaces");
const connectionId = new meshery.DataMesheryConnection(connections, "foreign-0", { name: "foreign-0" }).id;
const workspaceId = new meshery.DataMesheryWorkspace(workspaces, "their workspace", { name: "their workspace" }).id;
const environmentId = new meshery.Environment(topology, "production", { name: "${name}" }).id;
new meshery.ConnectionAssignment(topology, "production/foreign-0", { environmentId, connectionId });
new meshery.WorkspaceBinding(topology, "their workspace/production", { workspaceId, environmentId });
app.synth();
`;

describeEngines("a state of a topology whose edges were given by id", (engine) => {
  test("has nothing to do by name, or one update that sends nothing after a rename", async () => {
    const flavour: Flavour = engine.name === "terraform" ? "cdktf" : "cdktn";
    const server = await MesheryServer.start({ world: foreignWorld(SMALL) });
    const folder = project({});
    const dir = workdir(server, { "provider.tf": "" });
    const synth = (program: string) => {
      writeFileSync(join(folder, "main.cjs"), program);
      expect(synthesize(folder)).toMatchObject({ status: 0 });
      const stack = JSON.parse(readFileSync(join(folder, "cdktf.out", "stacks", "all", "cdk.tf.json"), "utf8"));
      delete stack.terraform.backend;
      dir.write("cdk.tf.json", JSON.stringify(stack));
    };
    const topology = (name: string) =>
      topologyProgram(
        flavour,
        `{ environments: { production: { name: "${name}", connections: ["foreign-0"] } }, workspaces: { "their workspace": { environments: ["production"] } } }`,
      );
    const writes = () => server.requests.list.filter(({ method }) => method !== "GET").length;
    try {
      synth(byId(flavour, "production"));
      await dir.apply(engine);
      synth(topology("production"));
      expect(await dir.planned(engine)).toEqual({});
      synth(byId(flavour, "live"));
      await dir.apply(engine);
      const before = writes();
      synth(topology("live"));
      expect(Object.values(await dir.planned(engine)).filter((action) => action !== "update")).toEqual([]);
      await dir.apply(engine);
      expect(writes()).toBe(before);
      expect(await dir.planned(engine)).toEqual({});
      await dir.destroy(engine);
    } finally {
      dir.remove();
      rmSync(folder, { recursive: true });
      await server.close();
    }
  });
});

test("the README's program has types and synthesizes", () => {
  const [, program = ""] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, "README.md"), "utf8")) ?? [];
  const options = {
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Node10,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    skipLibCheck: true,
    types: [],
  };
  const folder = project({ "main.ts": program, "main.cjs": ts.transpile(program, options) });
  try {
    const messages = ts
      .getPreEmitDiagnostics(ts.createProgram([join(folder, "main.ts")], { ...options, noEmit: true }))
      .map((d) => ts.flattenDiagnosticMessageText(d.messageText, "\n"));
    expect(messages).toEqual([]);
    expect(synthesize(folder)).toMatchObject({ status: 0 });
    const stack = JSON.parse(readFileSync(join(folder, "cdktf.out", "stacks", "production", "cdk.tf.json"), "utf8"));
    expect(Object.keys(stack.resource)).toEqual([
      "meshery_connection_assignment",
      "meshery_environment",
      "meshery_workspace_binding",
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the built package is there", () => {
  expect(execFileSync(process.execPath, [join(root, "dist", "cli.cjs"), "--version"], { encoding: "utf8" })).toMatch(
    /^\d+\.\d+\.\d+\n$/,
  );
});
