// Dynamic resources of this package beside a dynamic provider written the natural way: what the engine has to keep of them,
// and how long a first update and a preview with nothing to do take. With a real engine where there is one on the PATH;
// the size is also told by the engine of the tests.
//
//   node bench/pulumi.mjs
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundle, root } from "../scripts/build/bundle.mjs";
import { seconds } from "./rows.mjs";
import { connections, startServer } from "./server.mjs";
import { best, interleaved, median } from "./statistics.mjs";

const PEERS = [
  { key: "ours", label: "meshery-iac" },
  { key: "natural", label: "a natural dynamic provider" },
];
/** What the state may be of the natural one's. */
const STATE_RATIO = 1 / 3;
/** What the first update may take of the natural one's. */
const FIRST_UP_RATIO = 0.6;

const OURS = (size) => `
const meshery = require("meshery-iac/pulumi");
for (let e = 0; e < ${size.environments}; e++) {
  const environment = new meshery.Environment("environment-" + e, { name: "environment-" + e, description: "Number " + e });
  for (let c = 0; c < ${size.connections}; c++) {
    new meshery.ConnectionAssignment("environment-" + e + "/" + c, { environmentId: environment.id, connectionId: connectionId(c) });
  }
}
`;

/** As one would write it by the documentation: a class for each resource, axios inside, the address from the environment. */
const NATURAL = (size) => `
const pulumi = require("@pulumi/pulumi");
const axios = require("axios");
const request = (method, path, data) => axios.request({
  method, data, url: process.env.MESHERY_URL + path,
  headers: { cookie: "token=" + process.env.MESHERY_TOKEN + "; meshery-provider=" + process.env.MESHERY_PROVIDER },
}).then((response) => response.data);
class EnvironmentProvider {
  async create(inputs) {
    const made = await request("POST", "/api/environments", {
      name: inputs.name, description: inputs.description, organizationId: process.env.MESHERY_ORGANIZATION_ID,
    });
    return { id: made.id, outs: { ...inputs, environmentId: made.id } };
  }
  async update(id, olds, news) {
    await request("PUT", "/api/environments/" + id, { ...news, organizationId: process.env.MESHERY_ORGANIZATION_ID });
    return { outs: { ...news, environmentId: id } };
  }
  async diff(id, olds, news) {
    return { changes: olds.name !== news.name || olds.description !== news.description };
  }
  async delete(id) {
    await request("DELETE", "/api/environments/" + id);
  }
}
class AssignmentProvider {
  async create(inputs) {
    await request("POST", "/api/environments/" + inputs.environmentId + "/connections/" + inputs.connectionId);
    return { id: inputs.environmentId + "/" + inputs.connectionId, outs: inputs };
  }
  async diff(id, olds, news) {
    const replaces = ["environmentId", "connectionId"].filter((key) => olds[key] !== news[key]);
    return { changes: replaces.length > 0, replaces };
  }
  async delete(id, { environmentId, connectionId }) {
    await request("DELETE", "/api/environments/" + environmentId + "/connections/" + connectionId);
  }
}
class Environment extends pulumi.dynamic.Resource {
  constructor(name, args, opts) {
    super(new EnvironmentProvider(), name, { environmentId: undefined, ...args }, opts);
  }
}
class ConnectionAssignment extends pulumi.dynamic.Resource {
  constructor(name, args, opts) {
    super(new AssignmentProvider(), name, args, opts);
  }
}
for (let e = 0; e < ${size.environments}; e++) {
  const environment = new Environment("environment-" + e, { name: "environment-" + e, description: "Number " + e });
  for (let c = 0; c < ${size.connections}; c++) {
    new ConnectionAssignment("environment-" + e + "/" + c, { environmentId: environment.id, connectionId: connectionId(c) });
  }
}
`;

const CONNECTION_ID = 'const connectionId = (n) => "00000000-0000-4000-8000-" + String(n).padStart(12, "0");\n';
const PROGRAMS = { ours: OURS, natural: NATURAL };

/**
 * A table of the two: `{title, remark, peers, rows}`, a row being `{name, cells, against, limit}`. Needs the built package in
 * `dist`.
 */
export async function dynamicResources({
  environments = 10,
  connections: assigned = 49,
  rounds = 1,
  log = (/** @type {string} */ _line) => {},
} = {}) {
  const size = { environments, connections: assigned };
  const count = environments * (1 + assigned);
  const work = join(root, ".cache", "bench-pulumi");
  mkdirSync(work, { recursive: true });
  const folder = mkdtempSync(join(work, "run-"));
  const engines = await stacks(folder);
  const stages = new Map();
  try {
    install(folder);
    for (const { key } of PEERS) stages.set(key, { server: await startServer({ connections: connections(assigned) }) });
    const rows = [];
    for (const { label, open, timed } of engines) {
      const figures = await interleaved(PEERS, timed ? rounds : 1, async ({ key }) => {
        log(`${label}: ${count} resources of ${key} ...`);
        const programDir = mkdtempSync(join(folder, `${key}-`));
        writeFileSync(join(programDir, "Pulumi.yaml"), "name: bench\nruntime: nodejs\n");
        writeFileSync(join(programDir, "index.js"), CONNECTION_ID + PROGRAMS[key](size));
        return life(await open({ programDir, env: stages.get(key).server.env, parallel: 16 }));
      });
      rows.push(bytes(`state, ${label}`, figures.bytes, count));
      if (timed) {
        rows.push(time(`first update, ${label}`, figures.up, FIRST_UP_RATIO));
        rows.push(time(`preview with nothing to do, ${label}`, figures.preview));
      }
    }
    const without = engines.some(({ timed }) => timed) ? "" : " Without a real engine on the PATH no time is told.";
    const remark = `${environments} environments with ${assigned} connections each: ${count} resources.${without}`;
    return { title: "Dynamic resources in Pulumi", remark, peers: PEERS, rows };
  } finally {
    for (const { server } of stages.values()) await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function life(stack) {
  try {
    const up = await timed(() => stack.up({ skipPreview: true }));
    // Backends store it without the blanks of an export.
    const size = Buffer.byteLength(JSON.stringify(JSON.parse(await stack.exportText())));
    const preview = await timed(() => stack.preview());
    await timed(() => stack.destroy({ skipPreview: true }));
    return { bytes: size, up, preview };
  } finally {
    await stack.dispose();
  }
}

async function timed(run) {
  const started = performance.now();
  const result = await run();
  if (!result.ok) throw new Error(result.error);
  return performance.now() - started;
}

/** The engine of the tests, which tells only sizes, and a real one where there is one. */
async function stacks(folder) {
  const external = ["@pulumi/*", "@grpc/*", "google-protobuf", "google-protobuf/*", "esbuild", "yaml"];
  const load = async (/** @type {string} */ entry, /** @type {string} */ name) => {
    const outfile = join(folder, name);
    await bundle({ entry, outfile, external, minify: false });
    return import(pathToFileURL(outfile).href);
  };
  const { TestStack } = await load("test/pulumi-engine/index.ts", "test-stack.cjs");
  const { CliStack, findPulumi } = await load("test/support/pulumiCli.ts", "cli-stack.cjs");
  const engine = { label: "engine of the tests", open: async (options) => new TestStack(options), timed: false };
  const pulumi = findPulumi();
  if (!pulumi.available) return [engine];
  return [engine, { label: `Pulumi ${pulumi.version}`, open: (options) => CliStack.create(options), timed: true }];
}

/** The package as it is installed, for programs below `folder`. */
function install(folder) {
  const target = join(folder, "node_modules", "meshery-iac");
  mkdirSync(target, { recursive: true });
  for (const part of ["package.json", "dist/pulumi", "dist/dynamic"]) {
    cpSync(join(root, part), join(target, part), { recursive: true });
  }
}

function bytes(name, { ours, natural }, count) {
  const each = (runs) => `${Math.round(median(runs) / count)} bytes a resource`;
  const ratio = median(ours) / median(natural);
  const limit = { text: "1/3", ok: ratio <= STATE_RATIO, fails: true };
  return { name, cells: { ours: each(ours), natural: each(natural) }, against: ratio.toFixed(2), ratio, limit };
}

/** Times never fail a run: another machine, or a busy one, has others. */
function time(name, { ours, natural }, most) {
  const cell = (runs) => (runs.length === 1 ? seconds(runs[0]) : `${seconds(median(runs))} (${seconds(best(runs))})`);
  const ratio = median(ours) / median(natural);
  const limit = most === undefined ? undefined : { text: String(most), ok: ratio <= most };
  return { name, cells: { ours: cell(ours), natural: cell(natural) }, against: ratio.toFixed(2), ratio, limit };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { title, remark, rows } = await dynamicResources({ log: console.log });
  console.log(`\n${title}\n${remark}\n`);
  for (const { name, cells, against, limit } of rows) {
    const kept = limit ? `  limit ${limit.text}: ${limit.ok ? "kept" : "BROKEN"}` : "";
    console.log(`${name}: ${cells.ours} against ${cells.natural} (${against})${kept}`);
  }
  if (rows.some(({ limit }) => limit?.fails && !limit.ok)) process.exitCode = 1;
}
