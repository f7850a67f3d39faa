// The command line, the embedded server as a library, and the compiled example that the quickstart runs.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { transform } from "esbuild";
import { bundle, root } from "./bundle.mjs";

export async function buildCli({ dist }) {
  const banner = "#!/usr/bin/env node";
  await bundle({
    entry: "provider/cli/index.ts",
    outfile: join(dist, "cli.cjs"),
    external: ["node-sqlite3-wasm"],
    banner,
  });
  await compileExamples(join(root, "examples", "cdktf"), join(dist, "examples"));
}

/** Programs for people who have no TypeScript at hand: types taken away, everything else as written. */
async function compileExamples(from, to) {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    const source = readFileSync(join(from, name, "main.ts"), "utf8");
    const { code } = await transform(source, { loader: "ts", format: "cjs", target: "node20", sourcefile: "main.ts" });
    writeFileSync(join(to, `${name}.cjs`), code);
  }
}
