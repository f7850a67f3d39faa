// Style, types and what nobody uses, of everything, the examples included; and the package as it would be published. All of it
// reads what is built, so that is built first. The checks are independent of each other and run at the same time.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { prepare, root } from "./prepare.mjs";

const tool = (...path) => join(root, "node_modules", ...path);
const tsc = (project) => [tool("typescript", "bin", "tsc"), "--noEmit", "-p", project];

const CHECKS = {
  style: [tool("@biomejs", "biome", "bin", "biome"), "check", "--error-on-warnings", "."],
  types: tsc("tsconfig.json"),
  "types of the scripts": tsc("scripts"),
  "types of the constructs": tsc("provider/cdktf"),
  "unused code": [tool("knip", "bin", "knip.js")],
  package: [join(root, "scripts", "package.mjs")],
  "public interface": [join(root, "scripts", "api.mjs"), "--check"],
};

await prepare();
const started = performance.now();
const results = await Promise.all(Object.entries(CHECKS).map(check));
const failed = results.filter(({ ok }) => !ok).map(({ name }) => name);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(failed.length === 0 ? `Nothing to mend (${seconds} s)` : `To mend (${seconds} s): ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;

/** What a check says is shown when it ends, so that two never mix. */
async function check([name, args]) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      said += text;
    });
  }
  const code = await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
  console.log(code === 0 ? `${name}: fine` : `${name}: to mend\n${said.trim()}\n`);
  return { name, ok: code === 0 };
}
