// The reports of the public interface under api/: writes them, or says which are stale.
//
//   node scripts/api.mjs [--check]
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { apiReports } from "./build/apiReports.mjs";
import { root } from "./build/bundle.mjs";

const check = process.argv.includes("--check");
const stale = apiReports().filter(([file, text]) => !existsSync(file) || readFileSync(file, "utf8") !== text);
for (const [file, text] of stale) {
  const name = relative(root, file);
  if (check)
    console.error(`${name} does not say what the built package exports: run \`npm run docs\` and review its diff`);
  else {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    console.log(`wrote ${name}`);
  }
}
if (check && stale.length > 0) process.exitCode = 1;
