// A review: of a plan with ten thousand changes, and of one change in a Meshery with a hundred thousand edges.
//
//   node bench/review.mjs
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { root } from "../scripts/build/bundle.mjs";
import { memory, seconds } from "./rows.mjs";
import { connectionId, connections, environmentId, startServer } from "./server.mjs";
import { median } from "./statistics.mjs";

const cli = join(root, "dist", "cli.cjs");
const PEERS = [{ key: "ours", label: "meshery-iac review" }];
const OFFLINE = { milliseconds: 2_000, megabytes: 200 };
const LIVE = { milliseconds: 10_000, megabytes: 400 };
const LONGEST_COMMENT = 60_000;

/** A table: `{title, remark, peers, rows}`. Needs the built command line in `dist`. */
export async function reviews({ rounds = 3, changes = 10_000, edges = 100_000, log = console.log } = {}) {
  const scratch = mkdtempSync(join(tmpdir(), "bench-review-"));
  try {
    log(`A review of ${changes} changes, and of ${edges} edges that are there ...`);
    const large = join(scratch, "large.json");
    writeFileSync(large, JSON.stringify(planOf(changes)));
    const offline = await repeated(rounds, () => reviewed([large, "--offline", "--format", "markdown"], {}));
    const live = await inLargeMeshery(scratch, edges, rounds);
    return {
      title: "Reviews",
      remark: `A plan of ${changes} new assignments in 50 environments, offline, as Markdown. And one change, compared with ${edges} edges that Meshery holds.`,
      peers: PEERS,
      rows: [
        time(`${changes} changes`, offline, OFFLINE),
        memory("peak memory", { ours: offline.map(({ megabytes }) => megabytes) }, OFFLINE),
        {
          name: "characters of the comment",
          cells: { ours: String(offline[0].length) },
          limit: { text: String(LONGEST_COMMENT), ok: offline[0].length < LONGEST_COMMENT, fails: true },
        },
        time(`${edges} edges in Meshery`, live, LIVE),
        memory("peak memory with them", { ours: live.map(({ megabytes }) => megabytes) }, LIVE),
      ],
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

const time = (name, runs, { milliseconds: most }) => {
  const middle = median(runs.map(({ milliseconds }) => milliseconds));
  return { name, cells: { ours: seconds(middle) }, limit: { text: seconds(most), ok: middle <= most } };
};

async function repeated(rounds, measure) {
  const runs = [];
  for (let round = 0; round < rounds; round++) runs.push(await measure());
  return runs;
}

/** One edge in nineteen of twenty is an assignment, the others are bindings. */
async function inLargeMeshery(scratch, edges, rounds) {
  const [perEnvironment, perWorkspace] = [190, 100];
  const environments = Math.ceil((edges * 0.95) / perEnvironment);
  const workspaces = Math.ceil((edges * 0.05) / perWorkspace);
  const all = connections(1_000);
  const names = Object.keys(all);
  const some = (list, count, from) =>
    Array.from({ length: Math.min(count, list.length) }, (_, i) => list[(from * 7 + i) % list.length]);
  const keys = Array.from({ length: environments }, (_, n) => `environment-${n}`);
  const server = await startServer({
    connections: all,
    environments: Object.fromEntries(
      keys.map((key, n) => [key, { id: environmentId(n), connections: some(names, perEnvironment, n) }]),
    ),
    workspaces: Object.fromEntries(
      Array.from({ length: workspaces }, (_, n) => [`workspace-${n}`, { environments: some(keys, perWorkspace, n) }]),
    ),
  });
  try {
    const file = join(scratch, "one.json");
    const edge = { environment_id: environmentId(0), connection_id: connectionId(999) };
    writeFileSync(file, JSON.stringify(plan([create("meshery_connection_assignment.one", edge, {})])));
    return await repeated(rounds, () => reviewed([file, "--format", "markdown"], server.env));
  } finally {
    await server.stop();
  }
}

const plan = (changes, resources = []) => ({
  format_version: "1.2",
  terraform_version: "1.11.4",
  resource_changes: changes,
  configuration: { root_module: { resources } },
  complete: true,
});

function create(address, after, unknown) {
  const [type, name] = address.replace(/\[.*/, "").split(".");
  return {
    address,
    mode: "managed",
    type,
    name,
    change: { actions: ["create"], before: null, after, after_unknown: unknown },
  };
}

/** Fifty new environments of one workspace, and that many assignments, which refer to them by constant keys. */
function planOf(count) {
  const keys = Array.from({ length: 50 }, (_, n) => `stage-${n}`);
  const environment = (key) => `meshery_environment.all["${key}"]`;
  const refers = (key) => ({ references: [`${environment(key)}.id`, environment(key), "meshery_environment.all"] });
  const block = (type, name, expressions) => ({ mode: "managed", type, name, expressions });
  const numbers = Array.from({ length: count }, (_, n) => n);
  const workspace = { references: ["meshery_workspace.team.id", "meshery_workspace.team"] };
  return plan(
    [
      create("meshery_workspace.team", { name: "team" }, { id: true }),
      ...keys.map((key) => create(environment(key), { name: key }, { id: true })),
      ...keys.map((key) =>
        create(`meshery_workspace_binding.all["${key}"]`, {}, { workspace_id: true, environment_id: true }),
      ),
      ...numbers.map((n) =>
        create(`meshery_connection_assignment.a${n}`, { connection_id: connectionId(n) }, { environment_id: true }),
      ),
    ],
    [
      block("meshery_environment", "all", { name: { references: ["each.key"] } }),
      block("meshery_workspace_binding", "all", {
        workspace_id: workspace,
        environment_id: { references: ["meshery_environment.all", "each.key"] },
      }),
      ...numbers.map((n) =>
        block("meshery_connection_assignment", `a${n}`, {
          environment_id: refers(keys[n % keys.length]),
          connection_id: { constant_value: connectionId(n) },
        }),
      ),
    ],
  );
}

/** Time of the whole command, its peak memory, and how much it wrote. */
function reviewed(args, env) {
  const measured = `process.on("exit", () => require("node:fs").writeSync(3, String(process.resourceUsage().maxRSS)));
    process.argv.splice(1, 0, ${JSON.stringify(cli)}); require(${JSON.stringify(cli)});`;
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, ["-e", measured, "review", ...args], {
      stdio: ["ignore", "pipe", "inherit", "pipe"],
      env: { ...process.env, ...env },
    });
    const output = text(/** @type {import("node:stream").Readable} */ (child.stdout));
    const peak = text(/** @type {import("node:stream").Readable} */ (child.stdio[3]));
    child.on("error", reject).on("close", async (code) => {
      const milliseconds = performance.now() - started;
      if (code !== 0) return reject(new Error(`the review ended with ${code}`));
      resolve({ milliseconds, megabytes: Number(await peak) / 1024, length: (await output).length });
    });
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { rows } = await reviews({});
  for (const { name, cells, limit } of rows)
    console.log(`${name}: ${cells.ours} (${limit.text}: ${limit.ok ? "ok" : "ABOVE"})`);
}
