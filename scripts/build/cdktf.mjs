// Constructs for CDKTF and for CDK Terrain, generated from the provider's own schema. One set of files cannot serve both:
// what is generated for one throws in the other.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { root, version } from "./bundle.mjs";

const FLAVOURS = [
  { library: "cdktf", generator: "@cdktf/provider-generator" },
  { library: "cdktn", generator: "@cdktn/provider-generator" },
];

export async function buildConstructs({ dist }) {
  for (const flavour of FLAVOURS) buildFlavour(flavour, dist);
}

function buildFlavour({ library, generator }, dist) {
  const work = join(dist, ".build", library);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  generate(generator, work, dist);
  copyHandWritten(library, work);
  const target = join(dist, library);
  rmSync(target, { recursive: true, force: true });
  compile(work, target);
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
function copyHandWritten(library, work) {
  const source = join(root, "provider", "cdktf", "topology.ts");
  if (!existsSync(source)) return;
  writeFileSync(join(work, "topology.ts"), readFileSync(source, "utf8").replaceAll('"cdktf"', `"${library}"`));
  writeFileSync(join(work, "index.ts"), 'export * from "./topology";\n', { flag: "a" });
}

function compile(work, target) {
  const program = ts.createProgram([join(work, "index.ts")], {
    target: ts.ScriptTarget.ES2020,
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Node10,
    rootDir: work,
    outDir: target,
    declaration: true,
    strict: true,
    skipLibCheck: true,
    esModuleInterop: true,
    types: ["node"],
  });
  const { diagnostics } = program.emit();
  const errors = [...ts.getPreEmitDiagnostics(program), ...diagnostics].filter(
    (d) => d.category === ts.DiagnosticCategory.Error,
  );
  if (errors.length > 0) {
    const host = { getCanonicalFileName: (f) => f, getCurrentDirectory: () => root, getNewLine: () => "\n" };
    throw new Error(ts.formatDiagnostics(errors.slice(0, 10), host));
  }
}
