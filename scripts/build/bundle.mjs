// One way of bundling for everything that ships.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Packages that only other uses of our libraries need: multipart bodies are never sent. */
const NEVER_USED = { "form-data": join(root, "scripts", "build", "empty.cjs") };

/** Bundles one entry into one CommonJS file for Node 20 and newer. */
export async function bundle({ entry, outfile, define = {}, external = [], banner, minify = true, plugins = [] }) {
  await build({
    entryPoints: [join(root, entry)],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    // A later import is a require: no second module loader, and files of ours in either style.
    supported: { "dynamic-import": false },
    minify,
    legalComments: "none",
    alias: NEVER_USED,
    external,
    plugins,
    define: { VERSION: JSON.stringify(version), ...define },
    ...(banner ? { banner: { js: banner } } : {}),
    logLevel: "warning",
  });
}

/** Loads a TypeScript module of ours, for steps that derive files from the declarations. */
export async function load(entry, outfile) {
  await bundle({ entry, outfile, minify: false });
  return import(`${outfile}?${Date.now()}`).then((module) => module.default ?? module);
}
