// Tests: all of them, or the suites of one kind: `test.mjs --only unit`. Further arguments go to Jest.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { install, root } from "./prepare.mjs";

const words = process.argv.slice(2);
const only = words[0] === "--only" ? words.splice(0, 2)[1] : undefined;

// What is built is brought up to date by Jest, where a suite needs it.
install();
const report = join(root, ".cache", "test-report.json");
mkdirSync(join(root, ".cache"), { recursive: true });
rmSync(report, { force: true });
const jest = join(root, "node_modules", "jest", "bin", "jest.js");
// At the end: it takes every word that follows it.
const select = only === undefined ? [] : [`--selectProjects=${only}`];
const { status } = spawnSync(process.execPath, [jest, "--json", `--outputFile=${report}`, ...words, ...select], {
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
