// Figures beside peers, side by side in one run; see bench/README.md, whose figures a full run writes.
//
//   npm run bench [-- --quick] [-- --as-built]
import { parseArgs } from "node:util";
import { prepare } from "./prepare.mjs";

const usage = `Usage: npm run bench [-- options]

  --quick      few rounds of small programs, in a minute or two; bench/README.md stays as it is
  --as-built   measure dist/ as it is, without building first
`;

const { values } = parseArgs({
  options: { quick: { type: "boolean" }, "as-built": { type: "boolean" }, help: { type: "boolean", short: "h" } },
});
if (values.help) {
  console.log(usage);
} else {
  if (!values["as-built"]) await prepare();
  // What the benchmarks import is there only now.
  const { bench } = await import("../bench/index.mjs");
  process.exitCode = await bench({ quick: values.quick === true });
}
