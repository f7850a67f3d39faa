// Pulumi's dynamic providers: the classes a program imports, the module that users' state names, and their types.
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import ts from "typescript";
import { bundle, keepMetafile, load, root } from "./bundle.mjs";
import { declarations, throwErrors } from "./declarations.mjs";

/** Writes what follows from the declarations: the classes a program imports, and the schema of topology files. */
export async function generatePulumi({ work = join(root, ".cache", "pulumi-build") } = {}) {
  mkdirSync(work, { recursive: true });
  const { generatedModules } = await load("provider/pulumi/codegen/generate.ts", join(work, "generate.cjs"));
  const { topologyJsonSchema } = await load("provider/topology/jsonSchema.ts", join(work, "json-schema.cjs"));
  for (const [file, text] of Object.entries(generatedModules()))
    replaceFile(join(root, "provider", "pulumi", "sdk", "generated", file), text);
  replaceFile(join(root, "schemas", "topology.json"), topologyJsonSchema());
}

/** At one stroke, since others may be reading it; a file that says the same is left alone. */
function replaceFile(file, text) {
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.${process.pid}`, text);
  renameSync(`${file}.${process.pid}`, file);
}

/** `types: false` leaves out the types, for those who only run it. */
export async function buildPulumi({ dist, types = true }) {
  await generatePulumi({ work: join(dist, ".build") });
  const target = join(dist, "pulumi");
  rmSync(target, { recursive: true, force: true });
  await bundle({ entry: "provider/pulumi/sdk/runtime.ts", outfile: join(target, "runtime.js") });
  await bundleProgramSide(join(target, "index.js"));
  mkdirSync(join(dist, "dynamic"), { recursive: true });
  writeFileSync(join(dist, "dynamic", "index.js"), 'module.exports = require("../pulumi/runtime.js").providers;\n');
  writeFileSync(join(dist, "dynamic", "index.d.ts"), DYNAMIC_TYPES);
  if (types) emitTypes(target);
  if (dist === join(root, "dist")) linkPackage();
}

const DYNAMIC_TYPES = `import type { dynamic } from "@pulumi/pulumi";
/** A dynamic provider for each type of resource, by its name. The engine loads it; programs need nothing of it. */
declare const providers: Readonly<Record<string, dynamic.ResourceProvider>>;
export = providers;
`;

/** What a program loads: small, with the core left to be loaded by the first lookup. */
async function bundleProgramSide(outfile) {
  const beside = {
    name: "runtime-beside",
    setup: (setup) => {
      setup.onResolve({ filter: /^\.\.?\/runtime$/ }, () => ({ path: "./runtime.js", external: true }));
    },
  };
  const { metafile } = await build({
    entryPoints: [join(root, "provider", "pulumi", "sdk", "index.ts")],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    legalComments: "none",
    metafile: true,
    absWorkingDir: root,
    external: ["@pulumi/pulumi"],
    plugins: [beside],
    logLevel: "warning",
  });
  keepMetafile(outfile, metafile);
}

/** Types of the program's side, in one file. They may name @pulumi/pulumi alone: what we are built with is not installed with us. */
function emitTypes(target) {
  const file = join(target, "index.d.ts");
  const [text] = declarations([join(root, "provider", "pulumi", "sdk", "index.ts")], ["@pulumi/pulumi"]);
  const named = ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName);
  const others = named.filter((name) => name !== "@pulumi/pulumi");
  if (others.length > 0) throw new Error(`the types of meshery-iac/pulumi name ${others.join(", ")}`);
  writeFileSync(file, text);
  // What the bundler cannot resolve it leaves out, and what is not declared is `any` to users.
  const program = ts.createProgram([file], { module: ts.ModuleKind.Node16, noEmit: true, types: [] });
  throwErrors(program.getSemanticDiagnostics(program.getSourceFile(file)));
}

/**
 * Makes the package find itself under its own name, for the programs in this repository: the engine's host looks for it from the
 * program's folder, and Node's lookup by the own name does not work from there. Links `dist`, so that no folder holds itself.
 */
export function linkPackage() {
  const target = join(root, "node_modules", "meshery-iac");
  mkdirSync(target, { recursive: true });
  copyFileSync(join(root, "package.json"), join(target, "package.json"));
  for (const folder of ["dist", "schemas"]) {
    const link = join(target, folder);
    if (lstatSync(link, { throwIfNoEntry: false })) continue;
    symlinkSync(join(root, folder), link, "junction");
  }
}
