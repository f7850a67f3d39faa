// The Pulumi plugin: from its start to the line with its port, against a bare node that prints a line; and what the engine waits
// for in a preview, Check and Diff of a thousand resources, one after the other as it asks.
//
//   node bench/plugin.mjs [ROUNDS]
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../scripts/build/bundle.mjs";
import { best, interleaved, median } from "./statistics.mjs";

const require = createRequire(import.meta.url);

const PEERS = [
  { key: "ours", label: "pulumi-resource-meshery" },
  { key: "bare", label: "a bare node" },
];
/** What a start may take more than a bare node's, in milliseconds. */
const START_MS = 250;
/** What Check and Diff of all resources may take together, in milliseconds. */
const PREVIEW_MS = 1_000;
const RESOURCES = 1_000;
const EDGE = "meshery:index:ConnectionAssignment";

/** A table: `{title, remark, peers, rows}`, a row being `{name, cells, against, limit}`. Needs the built plugin in `dist`. */
export async function pulumiPlugin({ rounds = 11 } = {}) {
  const file = join(root, "dist", "pulumi-plugin", "plugin.cjs");
  const commands = { ours: [file], bare: ["-e", "console.log(1)"] };
  const { start } = await interleaved(PEERS, rounds, async ({ key }) => {
    const { child, milliseconds } = await firstLine(commands[key]);
    child.kill("SIGKILL");
    return { start: milliseconds };
  });
  const preview = [];
  for (let round = 0; round < 3; round++) preview.push(await checksAndDiffs(file));
  return {
    title: "The Pulumi plugin",
    remark: `Check and Diff of ${RESOURCES} edges, one request after the other; nothing is sent to Meshery.`,
    peers: PEERS,
    rows: [startRow(start), previewRow(preview)],
  };
}

function firstLine(args) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
    child.once("error", reject);
    child.stdout.once("data", (data) => {
      resolve({ child, milliseconds: performance.now() - started, line: String(data).trim() });
    });
  });
}

/** Milliseconds for all of them. */
async function checksAndDiffs(file) {
  const { credentials } = require("@grpc/grpc-js");
  const { ResourceProviderClient } = require("@pulumi/pulumi/proto/provider_grpc_pb");
  const messages = require("@pulumi/pulumi/proto/provider_pb");
  const { Struct } = require("google-protobuf/google/protobuf/struct_pb");
  const { child, line } = await firstLine([file]);
  const client = new ResourceProviderClient(`127.0.0.1:${line}`, credentials.createInsecure());
  const send = (method, request) =>
    new Promise((resolve, reject) => {
      client[method](request, (error, answer) => (error ? reject(error) : resolve(answer)));
    });
  const args = Struct.fromJavaScript({ url: "http://127.0.0.1:1" });
  await send("configure", new messages.ConfigureRequest().setName("default").setArgs(args));
  const started = performance.now();
  for (let n = 0; n < RESOURCES; n++) {
    const inputs = { environmentId: `environment-${n % 10}`, connectionId: `connection-${n}` };
    const urn = `urn:pulumi:dev::bench::${EDGE}::${n}`;
    const news = Struct.fromJavaScript(inputs);
    const olds = Struct.fromJavaScript({ ...inputs, organizationId: "o", environmentName: "e", connectionName: "c" });
    await send("check", new messages.CheckRequest().setUrn(urn).setType(EDGE).setOlds(news).setNews(news));
    const id = `${inputs.environmentId}/${inputs.connectionId}`;
    const request = new messages.DiffRequest().setUrn(urn).setType(EDGE).setId(id);
    const diff = await send("diff", request.setOldInputs(news).setOlds(olds).setNews(news));
    if (diff.getChanges() !== messages.DiffResponse.DiffChanges.DIFF_NONE) throw new Error("a diff found something");
  }
  const milliseconds = performance.now() - started;
  client.close();
  child.kill("SIGKILL");
  return milliseconds;
}

const shown = (runs) => `${Math.round(median(runs))} ms (${Math.round(best(runs))})`;

/** Times never fail a run: another machine, or a busy one, has others. */
function startRow({ ours, bare }) {
  const more = Math.round(median(ours) - median(bare));
  const limit = { text: `bare node + ${START_MS} ms`, ok: more <= START_MS };
  return { name: "start to port line", cells: { ours: shown(ours), bare: shown(bare) }, against: `+${more} ms`, limit };
}

function previewRow(runs) {
  const limit = { text: `${PREVIEW_MS} ms`, ok: median(runs) <= PREVIEW_MS };
  return { name: `Check and Diff of ${RESOURCES} resources`, cells: { ours: shown(runs) }, limit };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const rounds = process.argv[2] ? Number(process.argv[2]) : undefined;
  const { title, remark, rows } = await pulumiPlugin({ rounds });
  console.log(`\n${title}\n${remark}\n`);
  for (const { name, cells, against, limit } of rows) {
    const beside = cells.bare ? ` against ${cells.bare} (${against})` : "";
    console.log(`${name}: ${cells.ours}${beside}  limit ${limit.text}: ${limit.ok ? "kept" : "BROKEN"}`);
  }
}
