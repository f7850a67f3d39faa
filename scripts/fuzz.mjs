// Seeded lifecycles under a real engine, through a proxy that answers as bad networks and bad servers do.
//
//   npm run fuzz -- [--seeds 1000] [--from 1] [--engine terraform|tofu] [--jobs 3]
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { prepare, root } from "./prepare.mjs";

const usage = `Usage: npm run fuzz [-- options]

  --seeds N       how many lifecycles to play (1000)
  --from S        the first seed (1); a failing seed says how to play it again
  --engine NAME   terraform or tofu, instead of the one that a seed draws
  --jobs N        how many at a time (3)
  --as-built      play dist/ as it is, without building first
  --interrupts    play Ctrl-Cs on a slow server instead (100)
`;

const text = /** @type {const} */ ({ type: "string" });
const { values } = parseArgs({
  options: {
    seeds: text,
    from: text,
    engine: text,
    jobs: text,
    interrupts: { type: "boolean" },
    "as-built": { type: "boolean" },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help) {
  console.log(usage);
} else {
  if (!values["as-built"]) await prepare();
  const { fuzz } = harness();
  process.exitCode = await fuzz({
    seeds: Number(values.seeds ?? (values.interrupts ? 100 : 1000)),
    from: Number(values.from ?? 1),
    jobs: Number(values.jobs ?? 3),
    engine: values.engine,
    interrupts: values.interrupts === true,
  });
}

/** The tests' own code, through the transformation that the tests use. */
function harness() {
  const require = createRequire(import.meta.url);
  const { process: transformed } = require("../test/support/transform.cjs");
  // Node's own way in, which its types do not know.
  require.extensions[".ts"] = (/** @type {any} */ module, path) =>
    module._compile(transformed(readFileSync(path, "utf8"), path).code, path);
  return require(join(root, "test", "faults", "fuzz.ts"));
}
