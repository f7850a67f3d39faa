import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { prepare, root } from "./prepare.mjs";

await prepare();
const { status } = spawnSync(
  process.execPath,
  [join(root, "dist", "cli.cjs"), "quickstart", ...process.argv.slice(2)],
  {
    stdio: "inherit",
  },
);
process.exitCode = status ?? 1;
