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

/** Writes what follows from the declarations: the classes a program imports, and the schema of topology files. */
export async function generatePulumi({ work = join(root, ".cache", "pulumi-build") } = {}) {
  mkdirSync(work, { recursive: true });
  const { generatedModule } = await load("provider/pulumi/codegen/generate.ts", join(work, "generate.cjs"));
  const { topologyJsonSchema } = await load("provider/topology/jsonSchema.ts", join(work, "json-schema.cjs"));
  replaceFile(join(root, "provider", "pulumi", "sdk", "generated", "classes.ts"), generatedModule());
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

/** Types of the program's side. They must name nothing but @pulumi/pulumi: what we are built with is not installed with us. */
function emitTypes(target) {
  const from = join(root, "provider", "pulumi", "sdk");
  const program = ts.createProgram([join(from, "index.ts")], {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    rootDir: join(root, "provider"),
    outDir: join(target, ".types"),
    declaration: true,
    emitDeclarationOnly: true,
    stripInternal: false,
    strict: true,
    skipLibCheck: true,
    esModuleInterop: true,
    typeRoots: [join(root, "node_modules", "@types")],
    types: ["node"],
  });
  const written = new Map();
  const { diagnostics } = program.emit(undefined, (file, text) => written.set(file, text));
  const errors = [...ts.getPreEmitDiagnostics(program), ...diagnostics].filter(
    ({ category }) => category === ts.DiagnosticCategory.Error,
  );
  if (errors.length > 0) throw new Error(ts.formatDiagnostics(errors.slice(0, 10), formatHost));
  const prefix = join(target, ".types", "pulumi", "sdk");
  const reached = new Set();
  const follow = (name) => {
    const text = written.get(join(prefix, `${name}.d.ts`));
    if (reached.has(name)) return;
    if (text === undefined) throw new Error(`the types of provider/pulumi/sdk name ${name}, which is not part of them`);
    reached.add(name);
    mkdirSync(dirname(join(target, name)), { recursive: true });
    writeFileSync(join(target, `${name}.d.ts`), text);
    for (const [, other] of text.matchAll(/(?:from|import\()\s*"(\.[^"]*)"/g)) follow(join(dirname(name), other));
  };
  follow("index");
}

const formatHost = {
  getCanonicalFileName: (file) => file,
  getCurrentDirectory: () => root,
  getNewLine: () => "\n",
};

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
