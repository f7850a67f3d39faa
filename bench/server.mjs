// The embedded Meshery in a process of its own, so that answering requests and measuring do not wait for each other.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const cli = join(dirname(dirname(fileURLToPath(import.meta.url))), "dist", "cli.cjs");

/** The id of the nth connection or environment of a world, so that programs can be written before a server runs. */
export const connectionId = (n) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
export const environmentId = (n) => `00000000-0000-4000-9000-${String(n).padStart(12, "0")}`;

/** `count` connections named connection-0, connection-1, ... */
export function connections(count) {
  const one = (n) => ({ id: connectionId(n), kind: "kubernetes", type: "platform", status: "connected" });
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [`connection-${n}`, one(n)]));
}

/**
 * Starts a server with this world. Gives where it is, `env` for whoever talks to it, what it was asked since the last
 * call of `forget`, and `stop`.
 */
export async function startServer(world, ...options) {
  const scratch = mkdtempSync(join(tmpdir(), "bench-world-"));
  try {
    const file = join(scratch, "world.json");
    writeFileSync(file, JSON.stringify(world));
    const child = spawn(process.execPath, [cli, "serve", "--admin", "--json", "--world", file, ...options], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const exited = new Promise((resolve) => child.once("exit", resolve));
    const ready = await firstLine(child, exited);
    return serving(JSON.parse(ready), child, exited);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function firstLine(child, exited) {
  const line = new Promise((resolve) => createInterface({ input: child.stdout }).once("line", resolve));
  const text = await Promise.race([line, exited.then(() => undefined)]);
  if (text === undefined) throw new Error("the embedded server did not start");
  return text;
}

function serving({ url, token, organizationId, mesheryProvider }, child, exited) {
  const requests = `${url}/__admin/requests`;
  const faults = `${url}/__admin/faults`;
  return {
    organizationId,
    env: {
      MESHERY_URL: url,
      MESHERY_TOKEN: token,
      MESHERY_PROVIDER: mesheryProvider,
      MESHERY_ORGANIZATION_ID: organizationId,
    },
    /** `lists` and `writes` since the last `forget`, and a count per method and route. */
    async asked() {
      const answer = /** @type {{counts: Record<string, number>}} */ (await (await fetch(requests)).json());
      const { counts } = answer;
      const total = (wanted) =>
        Object.entries(counts).reduce((sum, [route, n]) => sum + (route.startsWith("GET ") === wanted ? n : 0), 0);
      return { reads: total(true), writes: total(false), counts };
    },
    forget: () => fetch(requests, { method: "DELETE" }),
    /** From now on every answer comes so much later, as over a network. */
    async delay(milliseconds) {
      const fault = { effect: { kind: "latency", milliseconds }, times: Number.MAX_SAFE_INTEGER };
      const { status } = await fetch(faults, { method: "POST", body: JSON.stringify(fault) });
      if (status !== 201) throw new Error(`the embedded server does not delay its answers: ${status}`);
    },
    async stop() {
      child.kill("SIGTERM");
      await exited;
    },
  };
}
