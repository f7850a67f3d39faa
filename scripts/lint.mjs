// Style and types of everything, the examples included; they read the built packages, so those are built first.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { prepare, root } from "./prepare.mjs";

await prepare();
const run = (name, ...args) =>
  spawnSync(process.execPath, [join(root, "node_modules", ...name), ...args], { cwd: root, stdio: "inherit" }).status;
const style = run(["@biomejs", "biome", "bin", "biome"], "check", "--error-on-warnings", ".");
const types = run(["typescript", "bin", "tsc"], "--noEmit", "-p", "tsconfig.json");
process.exitCode = style === 0 && types === 0 ? 0 : 1;
