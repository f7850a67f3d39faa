// The Pulumi plugin: from its start to the line with its port, against a bare node that prints a line; and what the engine waits
// for in a preview, Check and Diff of a thousand resources, one after the other as it asks.
//
//   node bench/plugin.mjs [ROUNDS]
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { buffer, text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { root } from "../scripts/build/bundle.mjs";
import { clientInGo } from "./peers/index.mjs";
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
export async function pulumiPlugin({ rounds = 11, log = console.log } = {}) {
  const file = join(root, "dist", "pulumi-plugin", "plugin.cjs");
  const commands = { ours: [file], bare: ["-e", "console.log(1)"] };
  const { start } = await interleaved(PEERS, rounds, async ({ key }) => {
    const { child, milliseconds } = await firstLine(commands[key]);
    child.kill("SIGKILL");
    return { start: milliseconds };
  });
  const client = await clientInGo({ log });
  const preview = [];
  for (let round = 0; round < 3 && client; round++) preview.push(await checksAndDiffs(file, client));
  return {
    title: "The Pulumi plugin",
    remark: `Check and Diff of ${RESOURCES} edges, one request after the other; nothing is sent to Meshery.`,
    peers: PEERS,
    rows: [startRow(start), ...(client ? [previewRow(preview)] : [])],
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

/** Milliseconds for all of them, sent one after the other by a program in Go, which is what engines are written in. */
async function checksAndDiffs(file, client) {
  const messages = require("@pulumi/pulumi/proto/provider_pb");
  const { Struct } = require("google-protobuf/google/protobuf/struct_pb");
  const args = Struct.fromJavaScript({ url: "http://127.0.0.1:1" });
  const configure = new messages.ConfigureRequest().setName("default").setArgs(args);
  const calls = Array.from({ length: RESOURCES }, (_, n) => {
    const inputs = { environmentId: `environment-${n % 10}`, connectionId: `connection-${n}` };
    const urn = `urn:pulumi:dev::bench::${EDGE}::${n}`;
    const news = Struct.fromJavaScript(inputs);
    const olds = Struct.fromJavaScript({ ...inputs, organizationId: "o", environmentName: "e", connectionName: "c" });
    const id = `${inputs.environmentId}/${inputs.connectionId}`;
    const check = new messages.CheckRequest().setUrn(urn).setType(EDGE).setOlds(news).setNews(news);
    const diff = new messages.DiffRequest().setUrn(urn).setType(EDGE).setId(id).setOldInputs(news);
    return [
      ["Check", check],
      ["Diff", diff.setOlds(olds).setNews(news)],
    ];
  }).flat();
  const { child, line } = await firstLine([file]);
  try {
    await sent(client, line, [["Configure", configure]]);
    const { milliseconds, answers } = await sent(client, line, calls);
    for (const answer of answers.filter((_, i) => calls[i][0] === "Diff")) {
      const changes = messages.DiffResponse.deserializeBinary(answer).getChanges();
      if (changes !== messages.DiffResponse.DiffChanges.DIFF_NONE) throw new Error("a diff found something");
    }
    return milliseconds;
  } finally {
    child.kill("SIGKILL");
  }
}

/** What `peers/go/calls` makes of these calls. */
async function sent(client, port, calls) {
  const fields = calls.flatMap(([method, message]) => [
    Buffer.from(`/pulumirpc.ResourceProvider/${method}`),
    message.serializeBinary(),
  ]);
  const input = Buffer.concat(fields.flatMap((field) => [uint32(field.length), field]));
  const program = spawn(client, [`127.0.0.1:${port}`], { stdio: "pipe" });
  const [out, said, code] = await Promise.all([
    buffer(program.stdout),
    text(program.stderr),
    new Promise((resolve, reject) => {
      program.on("error", reject).on("close", resolve);
      program.stdin.end(input);
    }),
  ]);
  if (code !== 0) throw new Error(`the calls failed: ${said}`);
  const answers = [];
  for (let at = 0; at < out.length; at += 4 + out.readUInt32BE(at))
    answers.push(out.subarray(at + 4, at + 4 + out.readUInt32BE(at)));
  return { milliseconds: Number(said), answers };
}

function uint32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
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
