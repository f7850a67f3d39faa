// Constructs for CDKTF and for CDK Terrain, generated from the provider's own schema. One set of files cannot serve both:
// what is generated for one throws in the other.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { bundle, root, version } from "./bundle.mjs";
import { throwErrors } from "./declarations.mjs";

const FLAVOURS = [
  { library: "cdktf", generator: "@cdktf/provider-generator" },
  { library: "cdktn", generator: "@cdktn/provider-generator" },
];

export async function buildConstructs({ dist }) {
  await bundle({ entry: PLAN, outfile: join(dist, "topologyPlan.js") });
  for (const flavour of FLAVOURS) buildFlavour(flavour, dist);
}

function buildFlavour({ library, generator }, dist) {
  const work = join(dist, ".build", library);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  generate(generator, work, dist);
  addHandWritten(library, work);
  const target = join(dist, library);
  rmSync(target, { recursive: true, force: true });
  compile(work, target);
  // The largest file by far, and the same for both.
  writeFileSync(join(target, "topologyPlan.js"), 'module.exports = require("../topologyPlan.js");\n');
}

function generate(generator, work, dist) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith("TF_")));
  execFileSync(
    process.execPath,
    [
      join(root, "scripts", "build", "generate-constructs.mjs"),
      generator,
      join(dist, "terraform", "schema.json"),
      work,
      version,
    ],
    // The generator asks an engine for its version at import and has no use for the answer.
    { env: { ...env, TERRAFORM_BINARY_NAME: "true", CI: "1" }, stdio: ["ignore", "ignore", "inherit"] },
  );
}

/** Constructs on top of the generated ones are written once, for cdktf; only the library's name differs. */
function addHandWritten(library, work) {
  const source = readFileSync(join(root, "provider", "cdktf", "topology.ts"), "utf8");
  const generated = readFileSync(join(work, "index.ts"), "utf8");
  writeFileSync(join(work, "generated.ts"), generated);
  writeFileSync(join(work, "topology.ts"), source.replaceAll('"cdktf"', `"${library}"`));
  writeFileSync(join(work, "index.ts"), `${generated}export * from "./topology";\n`);
  writeFileSync(join(work, "topologyPlan.d.ts"), planTypes());
}

const PLAN = "provider/topology/constructs.ts";

/** The types of the plan, written out: an alias of what zod infers would make zod a dependency of every user. */
function planTypes() {
  const file = join(root, PLAN);
  const program = ts.createProgram([file], {
    ...COMPILER,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    module: ts.ModuleKind.ESNext,
    noEmit: true,
  });
  const checker = program.getTypeChecker();
  const flags = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.InTypeAlias;
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  const exported = module ? checker.getExportsOfModule(module) : [];
  const alias = (name) => {
    const symbol = exported.find((candidate) => candidate.name === name);
    if (!symbol) throw new Error(`${PLAN} exports no ${name}`);
    return `export type ${name} = ${checker.typeToString(checker.getDeclaredTypeOfSymbol(symbol), undefined, flags)};`;
  };
  return [
    alias("TopologyInput"),
    alias("TopologyPlan"),
    "export declare function planTopologyFile(text: string, file: string): TopologyPlan;",
    "export declare function planTopologyObject(topology: unknown): TopologyPlan;",
    "",
  ].join("\n");
}

const COMPILER = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.CommonJS,
  moduleResolution: ts.ModuleResolutionKind.Node10,
  strict: true,
  skipLibCheck: true,
  esModuleInterop: true,
  types: ["node"],
};

function compile(work, target) {
  const program = ts.createProgram([join(work, "index.ts")], {
    ...COMPILER,
    rootDir: work,
    outDir: target,
    declaration: true,
  });
  const { diagnostics } = program.emit();
  copyFileSync(join(work, "topologyPlan.d.ts"), join(target, "topologyPlan.d.ts"));
  throwErrors([...ts.getPreEmitDiagnostics(program), ...diagnostics]);
}
