import { appendFileSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { changes, summary } from "../../pulumi-engine";
import { OLDEST, pulumiSdk } from "./support/host";
import { root, Workbench } from "./support/workbench";

/** What stands in users' state. Nothing here may ever change. */
const PERMANENT = {
  Environment: 'exports.handler=()=>require("meshery-iac/dynamic").Environment;',
  ConnectionAssignment: 'exports.handler=()=>require("meshery-iac/dynamic").ConnectionAssignment;',
  WorkspaceBinding: 'exports.handler=()=>require("meshery-iac/dynamic").WorkspaceBinding;',
  Workspace: 'exports.handler=()=>require("meshery-iac/dynamic").Workspace;',
  Connection: 'exports.handler=()=>require("meshery-iac/dynamic").Connection;',
};

const ALL_TYPES = `
const args = { name: "e" };
const environment = new meshery.Environment("e", args);
const workspace = new meshery.Workspace("w", { name: "w" });
const connection = new meshery.Connection("c", { name: "c", kind: "kubernetes", type: "platform" });
new meshery.ConnectionAssignment("e/c", { environmentId: environment.id, connectionId: connection.id });
new meshery.WorkspaceBinding("w/e", { workspaceId: workspace.id, environmentId: environment.id });
export const argsAsTheyWere = args;
`;

let bench: Workbench;
beforeEach(async () => {
  bench = await Workbench.open();
});
afterEach(() => bench.close());

/** Puts the package elsewhere, with a link to it where it was. */
function moveAndLink(to: string): void {
  const from = join(bench.folder, "node_modules", "meshery-iac");
  mkdirSync(dirname(to), { recursive: true });
  renameSync(from, to);
  symlinkSync(to, from, "dir");
}

async function upAndAgain(folder: string) {
  const stack = await bench.stack("test engine", folder);
  const first = await stack.up({ skipPreview: true });
  expect(first.error).toBeUndefined();
  expect(summary(changes(first)).filter((line) => !line.includes("proj"))).toEqual([
    "create c",
    "create e",
    "create e/c",
    "create w",
    "create w/e",
  ]);
  const again = await stack.up({ skipPreview: true });
  expect(again.error).toBeUndefined();
  expect(changes(again)).toEqual([]);
  return { stack, first };
}

test("state holds one permanent line per type, and arguments are left as they were", async () => {
  const { stack, first } = await upAndAgain(bench.program(ALL_TYPES));
  const kept = (await stack.resources()).filter(({ type }) => type.startsWith("pulumi-nodejs:"));
  expect(kept.map(({ type, inputs, outputs }) => [type, inputs.__provider, outputs.__provider]).sort()).toEqual(
    Object.entries(PERMANENT)
      .map(([type, line]) => [`pulumi-nodejs:dynamic/meshery:${type}`, line, line])
      .sort(),
  );
  expect(first.outputs.argsAsTheyWere).toEqual({ name: "e" });
});

test("an upgrade of the package shows no difference, and state from before runs the new code", async () => {
  const folder = bench.program(ALL_TYPES);
  const { stack } = await upAndAgain(folder);
  const dist = join(bench.folder, "node_modules", "meshery-iac", "dist");
  appendFileSync(join(dist, "dynamic", "index.js"), 'console.error("new code");\n');
  const up = await stack.up();
  expect([...changes(up.preview!), ...changes(up)]).toEqual([]);
  expect(up.messages.map(({ text }) => text)).toContain("new code");
  const destroyed = await stack.destroy({ skipPreview: true });
  expect(destroyed.ok).toBe(true);
  expect(destroyed.messages.map(({ text }) => text)).toContain("new code");
});

test("works in an npm workspace, where the package is a link", async () => {
  moveAndLink(join(bench.folder, "packages", "meshery-iac"));
  await upAndAgain(bench.program(ALL_TYPES));
});

// Where it cannot be installed, the reason is printed.
const oldest = pulumiSdk(OLDEST);
const withOldest = oldest === undefined ? test.skip : test;

withOldest("works as a link to a folder that has its own, other @pulumi/pulumi", async () => {
  moveAndLink(join(bench.folder, "elsewhere", "meshery-iac"));
  const folder = bench.program(ALL_TYPES);
  mkdirSync(join(folder, "node_modules", "@pulumi"), { recursive: true });
  symlinkSync(oldest!, join(folder, "node_modules", "@pulumi", "pulumi"), "dir");
  await upAndAgain(folder);
});

withOldest("works with the oldest @pulumi/pulumi", async () => {
  mkdirSync(join(bench.folder, "node_modules", "@pulumi"), { recursive: true });
  symlinkSync(oldest!, join(bench.folder, "node_modules", "@pulumi", "pulumi"), "dir");
  const folder = bench.program(ALL_TYPES);
  const { stack } = await upAndAgain(folder);
  expect(changes(await stack.refresh({ skipPreview: true }))).toEqual([]);
  bench.rewrite(
    folder,
    ALL_TYPES.replace('{ name: "w" }', '{ name: "w", description: "d" }').replace('"e/c"', '"c/e"'),
  );
  const edited = await stack.up({ skipPreview: true });
  expect(edited.error).toBeUndefined();
  expect(summary(changes(edited))).toEqual(["create c/e", "delete e/c", "update w"]);
  expect((await stack.destroy({ skipPreview: true })).ok).toBe(true);
});

test("works in ESM programs", async () => {
  const folder = bench.program(
    `${ALL_TYPES}\nexport const found = (await meshery.getOrganization()).id;\nexport const url = import.meta.url.slice(0, 5);\n`,
    { "package.json": JSON.stringify({ name: "esm", type: "module", main: "index.js" }) },
  );
  const { first } = await upAndAgain(folder);
  expect(first.outputs).toMatchObject({ found: bench.server.organizationId, url: "file:" });
});

test("the package does not ask the engine to download a plugin of its name", () => {
  const { pulumi } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { pulumi?: unknown };
  expect(pulumi).toBeUndefined();
});

describe("types", () => {
  const program = `
import * as meshery from "meshery-iac/pulumi";
const environment = new meshery.Environment("e", { name: "e" });
const connection = meshery.getConnectionOutput({ name: "c", kind: "kubernetes" });
new meshery.ConnectionAssignment("e/c", { environmentId: environment.id, connectionId: connection.id });
export async function found(): Promise<string[]> {
  const { connections, state } = await meshery.getEnvironment({ name: "e" });
  return [state, ...connections.map(({ kind }) => kind)];
}
const provider = new meshery.MesheryProvider("other", { url: "https://meshery.example.com", timeout: 10 });
const topology = new meshery.EnvironmentTopology("t", {
  environments: { production: { name: environment.name, connections: ["c"] } },
  workspaces: { team: { environments: ["production"] } },
}, { provider });
export const id = topology.environments.production!.id;
export const description: string | undefined = undefined as unknown as Awaited<ReturnType<typeof found>>[0];
// @ts-expect-error a name is required
new meshery.Environment("f", {});
// @ts-expect-error not a status
new meshery.Connection("c", { name: "c", kind: "k", type: "t", status: "happy" });
// @ts-expect-error no such argument
new meshery.Workspace("w", { name: "w", descripton: "" });
`;
  const resolutions: [string, ts.CompilerOptions][] = [
    ["node", { module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.Node10 }],
    ["node16", { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 }],
  ];

  test("are found and right in every way of resolving modules, and need nothing but @pulumi/pulumi", async () => {
    const folder = join(bench.folder, "typed");
    mkdirSync(folder);
    writeFileSync(join(folder, "index.ts"), program);
    for (const [name, options] of resolutions) {
      const compiler = ts.createProgram([join(folder, "index.ts")], {
        ...options,
        target: ts.ScriptTarget.ES2022,
        strict: true,
        noEmit: true,
        typeRoots: [join(root, "node_modules", "@types")],
        types: ["node"],
      });
      // Others' declarations are theirs to get right.
      const ours = ts
        .getPreEmitDiagnostics(compiler)
        .filter(({ file }) => !file || file.fileName.startsWith(bench.folder))
        .map(
          ({ file, messageText }) => `${name} ${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
        );
      expect(ours).toEqual([]);
    }
  });
});
