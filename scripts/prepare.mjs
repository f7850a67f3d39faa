// Installs and builds what a command lacks, so that each works in a fresh clone with nothing but Node and npm.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, "dist", "stamp");
/** Says which package-lock.json the installed packages are of. */
const installedFrom = join(root, "node_modules", ".installed-from");
const notices = join(root, "THIRD-PARTY-NOTICES");
const SOURCES = ["provider", "scripts", "examples/cdktf", "examples/pulumi", "package.json", "package-lock.json"];
/** Made from the sources, or by whoever runs an example where it stands. */
const NOT_SOURCES = ["generated", "node_modules", "cdktf.out"];

export async function prepare() {
  install();
  await build();
}

export function install() {
  const [major] = process.versions.node.split(".");
  if (Number(major) < 20) throw new Error(`Node ${process.versions.node} is too old: 20 or newer is needed`);
  const done = join(root, "node_modules", ".package-lock.json");
  const lock = join(root, "package-lock.json");
  const from = createHash("sha256").update(readFileSync(lock)).digest("hex");
  // What git does to times says nothing of what is in the file.
  if (existsSync(installedFrom) && existsSync(done) && readFileSync(installedFrom, "utf8") === from) return;
  if (existsSync(done) && statSync(done).mtimeMs >= statSync(lock).mtimeMs) return writeFileSync(installedFrom, from);
  console.log("Installing what package-lock.json names (npm ci --ignore-scripts) ...");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  execFileSync(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  writeFileSync(installedFrom, from);
}

async function build() {
  const wanted = fingerprint();
  if (existsSync(notices) && existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  console.log("Building ...");
  const { buildAll } = await import("./build.mjs");
  await buildAll();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, fingerprint());
}

function fingerprint() {
  const hash = createHash("sha256");
  const add = (path) => {
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).sort()) if (!NOT_SOURCES.includes(name)) add(join(path, name));
    } else hash.update(path.slice(root.length)).update(readFileSync(path));
  };
  for (const source of SOURCES) add(join(root, source));
  return hash.digest("hex");
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await prepare();
