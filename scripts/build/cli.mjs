// The command line, the embedded server as a library, and the compiled example that the quickstart runs.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { transform } from "esbuild";
import { apart } from "./apart.mjs";
import { bundle, root } from "./bundle.mjs";

/** What the Terraform provider beside it has already. */
const SHARED = { axios: { file: "./terraform/axios.cjs" } };

export async function buildCli({ dist }) {
  const banner = "#!/usr/bin/env node";
  await bundle({
    entry: "provider/cli/index.ts",
    outfile: join(dist, "cli.cjs"),
    external: ["node-sqlite3-wasm"],
    banner,
    plugins: [apart(SHARED)],
  });
  for (const engine of ["cdktf", "pulumi"]) await compileExamples(engine, dist);
}

/** Programs for people who have no TypeScript at hand: types taken away, everything else as written. */
async function compileExamples(engine, dist) {
  const to = join(dist, "examples", engine);
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(join(root, "examples", engine))) {
    const file = ["main.ts", "index.ts"].map((entry) => join(root, "examples", engine, name, entry)).find(existsSync);
    if (!file) continue;
    const { code } = await transform(readFileSync(file, "utf8"), {
      loader: "ts",
      format: "cjs",
      target: "node20",
      sourcefile: file,
    });
    writeFileSync(join(to, `${name}.cjs`), code);
  }
}
