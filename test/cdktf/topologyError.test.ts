import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(__dirname, "..", "..");

test.each(["cdktf", "cdktn"])("a topology that is wrong is a message at synth, not a bundle (%s)", (flavour) => {
  const program = `
const { App, TerraformStack } = require(${JSON.stringify(flavour)});
const { EnvironmentTopology } = require(${JSON.stringify(join(root, "dist", flavour, "index.js"))});
new EnvironmentTopology(new TerraformStack(new App(), "stack"), "all", { environments: { a: { conections: ["x"] } } });`;
  const { status, stderr } = spawnSync(process.execPath, ["-e", program], { cwd: root, encoding: "utf8" });
  expect(status).toBe(1);
  expect(stderr).toContain('EnvironmentTopology "all": environments.a.conections: unknown key');
  expect(stderr.split("\n").filter((line) => line.length > 200)).toEqual([]);
});
