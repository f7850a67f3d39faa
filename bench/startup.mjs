// How long the Terraform provider takes from its start to the handshake line, against a bare node that prints a line.
// An engine starts it three to six times in one command, so every millisecond here is paid as often.
//
//   node bench/startup.mjs [FILE] [ROUNDS]
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { buildSync } from "esbuild";
import { clean } from "./engine.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const MAGIC_COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

/** What DESIGN allows between the two medians, in milliseconds. */
export const BUDGET_MS = 60;

/**
 * Starts both in turns, `rounds` times each after one warm-up, and returns milliseconds. Turns, because the machine's
 * speed drifts; medians, because single runs are disturbed. `addedBestMs` compares the fastest run of each, the figure
 * to trust on a busy machine.
 */
export async function providerStartup({ file = join(root, "dist", "terraform", "provider.cjs"), rounds = 21 } = {}) {
  const scratch = mkdtempSync(join(tmpdir(), "startup-"));
  try {
    const bare = join(scratch, "bare.cjs");
    writeFileSync(bare, 'console.log("a line");\n');
    const env = { ...clean(), TF_PLUGIN_MAGIC_COOKIE: MAGIC_COOKIE, PLUGIN_PROTOCOL_VERSIONS: "5,6" };
    Object.assign(env, { PLUGIN_CLIENT_CERT: clientCertificate(scratch), PLUGIN_UNIX_SOCKET_DIR: scratch });
    /** @type {{bare: number[], provider: number[]}} */
    const times = { bare: [], provider: [] };
    for (let round = 0; round <= rounds; round++) {
      const bareMs = await firstLineAfter(bare, env, /^a line$/);
      const providerMs = await firstLineAfter(file, env, /^1\|6\|/);
      if (round === 0) continue;
      times.bare.push(bareMs);
      times.provider.push(providerMs);
    }
    const [bareMs, providerMs] = [median(times.bare), median(times.provider)];
    const addedBestMs = Math.min(...times.provider) - Math.min(...times.bare);
    return { bareMs, providerMs, addedMs: providerMs - bareMs, addedBestMs, rounds };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function firstLineAfter(file, env, expected) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, [file], { env, stdio: ["ignore", "pipe", "ignore"] });
    let text = "";
    let ms;
    child.stdout.setEncoding("utf8").on("data", (chunk) => {
      text += chunk;
      if (ms !== undefined || !text.includes("\n")) return;
      ms = performance.now() - started;
      child.kill("SIGTERM");
    });
    child.on("error", reject);
    child.on("close", () => {
      const [line] = text.split("\n");
      if (ms !== undefined && expected.test(line)) resolve(ms);
      else reject(new Error(`${file} said: ${line || "nothing"}`));
    });
  });
}

// With a client certificate the provider makes its own and serves TLS, as with a real engine.
function clientCertificate(scratch) {
  const outfile = join(scratch, "certificate.cjs");
  const entry = join(root, "provider", "terraform", "protocol", "certificate.ts");
  buildSync({ entryPoints: [entry], outfile, bundle: true, platform: "node", format: "cjs", logLevel: "error" });
  return createRequire(import.meta.url)(outfile).createCertificate().certificate;
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [file, rounds] = process.argv.slice(2);
  const { bareMs, providerMs, addedMs, addedBestMs } = await providerStartup({
    file,
    rounds: rounds ? Number(rounds) : undefined,
  });
  const figures = `bare node ${bareMs.toFixed(1)} ms, provider to handshake ${providerMs.toFixed(1)} ms`;
  console.log(`${figures}: ${addedMs.toFixed(1)} ms more (best runs: ${addedBestMs.toFixed(1)}), ${BUDGET_MS} allowed`);
}
