// Every test, real engines included. Arguments go to Jest.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { prepare, root } from "./prepare.mjs";

await prepare();
const report = join(root, ".cache", "test-report.json");
mkdirSync(join(root, ".cache"), { recursive: true });
rmSync(report, { force: true });
const jest = join(root, "node_modules", "jest", "bin", "jest.js");
const { status } = spawnSync(process.execPath, [jest, "--json", `--outputFile=${report}`, ...process.argv.slice(2)], {
  cwd: root,
  stdio: ["ignore", "ignore", "inherit"],
});

if (existsSync(report)) {
  const result = JSON.parse(readFileSync(report, "utf8"));
  // A file that could not be run has no tests to count; it failed all the same.
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  const skipped = result.numPendingTests + result.numTodoTests;
  console.log(`${result.numPassedTests} passed, ${failed} failed, ${skipped} skipped`);
}
process.exitCode = status ?? 1;
