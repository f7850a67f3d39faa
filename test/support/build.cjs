// Tests of what is built never see an older build than the sources, however Jest was started.
const { spawnSync } = require("node:child_process");
const { join } = require("node:path");

module.exports = () => {
  const prepare = join(__dirname, "..", "..", "scripts", "prepare.mjs");
  // What it says goes beside Jest's own report.
  const { status } = spawnSync(process.execPath, [prepare], { stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Error("the package could not be built: run npm run build");
};
