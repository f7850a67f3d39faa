import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { Engine, RunResult, Workdir } from "../support/engines";
import { PATIENCE, planOf } from "./faultMix";
import type { Accident } from "./lifecycles";
import type { FaultyProxy } from "./proxy";

export interface Outcome extends RunResult {
  /** Whether the accident happened: a run may send fewer requests than it takes. */
  struck: boolean;
  /** Milliseconds from a signal to the end of the engine. */
  endedAfter: number | undefined;
}

const PROVIDER = (patience?: number) =>
  `provider "meshery" {\n${patience === undefined ? "" : `  timeout = ${patience}\n`}}\n`;
/** Seconds within which a provider ends whose engine was killed. */
const LEFT_BEHIND = 20;

/** Runs a command of the engine through the proxy, with an accident. */
export async function command(
  { dir, engine, proxy, seed }: { dir: Workdir; engine: Engine; proxy: FaultyProxy; seed: string },
  args: readonly string[],
  accident: Accident,
  env: Record<string, string> = {},
): Promise<Outcome> {
  dir.write("provider_block.tf", PROVIDER(accident.kind === "faults" ? PATIENCE : undefined));
  let engineId = 0;
  let struck = false;
  let signalled = 0;
  let providers: number[] = [];
  const strike = () => {
    struck = true;
    signalled = performance.now();
    if (accident.kind === "interrupt") process.kill(-engineId, "SIGINT");
    if (accident.kind !== "kill") return;
    providers = childrenOf(engineId);
    if (accident.whom === "engine") process.kill(engineId, "SIGKILL");
    else for (const id of providers) process.kill(id, "SIGKILL");
  };
  if (accident.kind === "faults") proxy.plan = planOf(accident.mix, seed);
  if (accident.kind === "interrupt") {
    proxy.plan = { patience: 30_000, choose: () => ({ ...accident, kind: "late" }) };
  }
  if (accident.kind === "interrupt" || accident.kind === "kill") {
    const moment = accident.kind === "kill" ? accident.moment : "arrived";
    let count = 0;
    proxy.watch = (at) => {
      if (at === moment && ++count === accident.at && !struck) strike();
    };
  }
  const faults = proxy.exchanges.length;
  try {
    const result = await dir.run(engine, args, env, ({ pid }) => {
      engineId = pid!;
    });
    const endedAfter = struck ? performance.now() - signalled : undefined;
    if (accident.kind === "faults") struck = proxy.exchanges.slice(faults).some(({ fault }) => fault !== undefined);
    if (accident.kind === "kill" && accident.whom === "engine") await ended(providers);
    return { ...result, struck, endedAfter };
  } finally {
    proxy.plan = undefined;
    proxy.watch = undefined;
  }
}

/** The providers of an engine: it starts no other processes. */
function childrenOf(parent: number): number[] {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
  return lines.map((line) => line.trim().split(/\s+/).map(Number)).flatMap(([id, of]) => (of === parent ? [id!] : []));
}

async function ended(processes: readonly number[]): Promise<void> {
  const alive = () =>
    processes.filter((id) => {
      try {
        process.kill(id, 0);
        return true;
      } catch {
        return false;
      }
    });
  for (let waited = 0; alive().length > 0; waited++) {
    if (waited > LEFT_BEHIND * 10) {
      const left = alive();
      for (const id of left) process.kill(id, "SIGKILL");
      throw new Error(`${left.length} providers were alive ${LEFT_BEHIND} s after their engine was killed`);
    }
    await sleep(100);
  }
}
