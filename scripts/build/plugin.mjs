// The Pulumi plugin: one folder that an engine can start, and the same as a tarball; and schema.json at the root.
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { create } from "tar";
import { apart, LIBRARIES } from "./apart.mjs";
import { bundle, load, root } from "./bundle.mjs";
import { NOTICES, noticesText } from "./notices.mjs";

/** The port line and the answers about the plugin itself need the entry alone. */
const APART = { ...LIBRARIES, "./provider": { file: "./provider.cjs", entry: "provider/pulumi/plugin/provider.ts" } };

/** Node takes the folder for CommonJS wherever it is copied, also below a package of "type": "module". */
const PACKAGE = `${JSON.stringify({ private: true, type: "commonjs" })}\n`;
const LAUNCHER = `#!/usr/bin/env node
if (Number(process.versions.node.split(".")[0]) < 20) {
  console.error("pulumi-resource-meshery needs Node.js 20 or newer; this is " + process.version);
  process.exit(1);
}
require("./plugin.cjs");
`;
const WINDOWS_LAUNCHER = '@node "%~dp0plugin.cjs" %*\r\n';

/** The same bytes for the same files, on every platform and at every time. */
const REPRODUCIBLE = { gzip: { level: 9 }, portable: true, mtime: new Date(0) };

/** Windows knows no executable files, so the archive's modes are not the disk's. */
const setMode = (modes) => (entry) => {
  if (entry.stat) entry.stat.mode = (entry.stat.mode & ~0o777) | modes.get(entry.path);
};

export async function buildPlugin({ dist }) {
  const target = join(dist, "pulumi-plugin");
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const bundles = [{ file: "./plugin.cjs", entry: "provider/pulumi/plugin/main.ts" }, ...Object.values(APART)];
  await Promise.all(
    bundles.map(({ file, ...options }) => bundle({ ...options, outfile: join(target, file), plugins: [apart(APART)] })),
  );
  /** @type {[name: string, content: string | Buffer, mode: number][]} */
  const files = [
    ["pulumi-resource-meshery", LAUNCHER, 0o755],
    ["pulumi-resource-meshery.cmd", WINDOWS_LAUNCHER, 0o755],
    ["package.json", PACKAGE, 0o644],
    [NOTICES, noticesText((bundle) => bundle.startsWith("pulumi-plugin/")), 0o644],
    ...bundles.map(({ file }) => bundled(join(target, file))),
    ["schema.json", JSON.stringify(JSON.parse(await schemaText({ dist }))), 0o644],
  ];
  for (const [name, content, mode] of files) {
    writeFileSync(join(target, name), content);
    chmodSync(join(target, name), mode);
  }
  const modes = new Map(files.map(([name, , mode]) => [name, mode]));
  const archive = join(dist, "pulumi-plugin.tar.gz");
  await create({ ...REPRODUCIBLE, cwd: target, file: archive, onWriteEntry: setMode(modes) }, [...modes.keys()]);
  writeSourcePlugin(join(target, "nodejs"));
}

/** @returns {[string, Buffer, number]} */
const bundled = (file) => [basename(file), readFileSync(file), 0o644];

/**
 * The same plugin started by Pulumi's Node.js host: for tools that want a PulumiPlugin.yaml, as `pulumi package add` does on
 * Windows. In a folder of its own, since beside the executable it would be preferred to it.
 */
function writeSourcePlugin(folder) {
  mkdirSync(folder, { recursive: true });
  const manifest = "name: meshery\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n";
  writeFileSync(join(folder, "PulumiPlugin.yaml"), manifest);
  const main = { name: "pulumi-resource-meshery", private: true, type: "commonjs", main: "index.js" };
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(main)}\n`);
  writeFileSync(join(folder, "index.js"), 'require("../plugin.cjs");\n');
}

/** The text of schema.json, from the declarations. */
export async function schemaText({ dist = join(root, "dist") } = {}) {
  const work = join(dist, ".build");
  mkdirSync(work, { recursive: true });
  const { schemaText } = await load("provider/pulumi/schema/index.ts", join(work, "pulumi-schema.cjs"));
  return schemaText(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
}

/** Writes schema.json. */
export async function writeSchema() {
  writeFileSync(join(root, "schema.json"), await schemaText());
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await (process.argv[2] === "schema" ? writeSchema() : buildPlugin({ dist: join(root, "dist") }));
}
