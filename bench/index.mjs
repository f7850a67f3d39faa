// All tables of one run, in order; a full run writes them into README.md.
import { findEngine } from "./engine.mjs";
import { startOfProvider } from "./handshake.mjs";
import { overNetwork } from "./latency.mjs";
import { describeMachine } from "./machine.mjs";
import { preparePeers } from "./peers/index.mjs";
import { manyResources, oneResource } from "./plans.mjs";
import { pulumiPlugin } from "./plugin.mjs";
import { dynamicResources } from "./pulumi.mjs";
import { broken, printed, writeFigures } from "./report.mjs";
import { manyEdges, manyLookups } from "./requests.mjs";
import { reviews } from "./review.mjs";

const log = (text) => console.log(text);

/**
 * Measures everything and prints a table after each part. Returns the exit code: 1 where a limit is broken that does not
 * depend on the machine, such as a number of requests; times and memory are shown, and fail nothing.
 */
export async function bench({ quick }) {
  const engine = findEngine();
  const machine = describeMachine(engine);
  log(`${machine.text}\n`);
  const tables = [];
  for (const measure of [...terraformTables(engine, quick), ...pulumiTables(quick)]) {
    const table = await measure();
    tables.push(table);
    log(`\n${printed(table)}\n`);
  }
  const surroundings = machine.surroundings();
  log(surroundings);
  if (!quick) writeFigures({ machine: machine.text, surroundings, tables });
  const failures = tables.flatMap((table) => broken(table).map((row) => `${table.title}: ${row.name}`));
  const fatal = tables.flatMap((table) => broken(table).filter(({ limit }) => limit.fails));
  log(failures.length === 0 ? "Every limit is kept." : `ABOVE their limits: ${failures.join("; ")}`);
  return fatal.length > 0 ? 1 : 0;
}

function terraformTables(engine, quick) {
  if (engine === undefined) {
    log("skipped: everything with an engine, because there is no terraform and no tofu; try npm run engines");
    return [() => startOfProvider({ rounds: quick ? 5 : 25, log })];
  }
  let peers;
  const measured = (measure, options) => async () => {
    peers ??= await preparePeers({ log });
    return measure({ engine, peers, log, ...options });
  };
  const edges = { environments: 10, connections: quick ? 10 : 100 };
  const environments = { environments: quick ? 100 : 1_000, connections: 0 };
  return [
    () => startOfProvider({ rounds: quick ? 5 : 25, log }),
    measured(oneResource, { rounds: quick ? 3 : 11 }),
    measured(manyResources, { title: "Many assignments", size: edges, rounds: quick ? 2 : 5 }),
    measured(manyResources, { title: "Many environments", size: environments, rounds: quick ? 2 : 5 }),
    measured(overNetwork, {
      title: "Environments over a network",
      size: { environments: quick ? 60 : 300, connections: 0 },
    }),
    measured(overNetwork, {
      title: "Environments and assignments over a network",
      size: { environments: 5, connections: quick ? 20 : 100 },
    }),
    measured(manyLookups, {}),
    measured(manyEdges, { size: { environments: quick ? 10 : 100, connections: 100 } }),
  ];
}

function pulumiTables(quick) {
  const size = quick ? { environments: 2, connections: 9 } : {};
  return [
    () => dynamicResources({ ...size, rounds: quick ? 1 : 3, log }),
    () => {
      log("The Pulumi plugin: starts, checks and diffs ...");
      return pulumiPlugin({ rounds: quick ? 5 : 25, log });
    },
    () => reviews({ rounds: quick ? 1 : 3, ...(quick && { changes: 1_000, edges: 10_000 }), log }),
  ];
}
