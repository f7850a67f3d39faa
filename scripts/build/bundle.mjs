// One way of bundling for everything that ships.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Packages that only other uses of our libraries need: multipart bodies are never sent. */
const NEVER_USED = { "form-data": join(root, "scripts", "build", "empty.cjs") };

/** What the bundler says of each file that ships, for the notices of what is in it; never packed. */
export const METAFILES = join(root, "dist", ".metafiles");

/**
 * Bundles one entry into one CommonJS file for Node 20 and newer, and keeps what the bundler says of it.
 * @param {{
 *   entry: string, outfile: string, define?: Record<string, string>, external?: string[], banner?: string, minify?: boolean,
 *   plugins?: import("esbuild").Plugin[],
 * }} options
 */
export async function bundle({ entry, outfile, define = {}, external = [], banner, minify = true, plugins = [] }) {
  const { metafile } = await build({
    entryPoints: [join(root, entry)],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    // A later import is a require: no second module loader, and files of ours in either style.
    supported: { "dynamic-import": false },
    minify,
    // Kept for all bundles in one file beside them, see notices.mjs.
    legalComments: "none",
    metafile: true,
    absWorkingDir: root,
    alias: NEVER_USED,
    external,
    plugins,
    define: { VERSION: JSON.stringify(version), ...define },
    ...(banner ? { banner: { js: banner } } : {}),
    logLevel: "warning",
  });
  keepMetafile(outfile, metafile);
}

/** Files that are only run by the build itself lie in a folder of their own, and are none of the package's. */
export function keepMetafile(outfile, metafile) {
  const name = relative(join(root, "dist"), outfile);
  if (name.startsWith(".")) return;
  mkdirSync(METAFILES, { recursive: true });
  writeFileSync(join(METAFILES, `${name.replaceAll(/[\\/]/g, "+")}.json`), JSON.stringify(metafile));
}

/** Loads a TypeScript module of ours, for steps that derive files from the declarations. */
export async function load(entry, outfile, plugins = []) {
  await bundle({ entry, outfile, minify: false, plugins });
  return import(`${outfile}?${Date.now()}`).then((module) => module.default ?? module);
}
