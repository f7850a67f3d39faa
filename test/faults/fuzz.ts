import type { Engine } from "../support/engines";
import { playInterrupt } from "./interrupts";
import { play, type Tally } from "./play";

export interface FuzzOptions {
  seeds: number;
  from: number;
  jobs: number;
  engine?: Engine["name"];
  interrupts: boolean;
}

const REPORTED_EVERY = 20;

/** Plays seed after seed and says how it goes. Returns the exit code. */
export async function fuzz({ seeds, from, jobs, engine, interrupts }: FuzzOptions): Promise<number> {
  const sum: Tally = { faults: 0, kills: 0, interrupts: 0, imports: 0 };
  const failed: number[] = [];
  let next = from;
  let done = 0;
  const one = async (seed: number) => {
    try {
      const tally = await (interrupts ? playInterrupt(seed, engine) : play(seed, engine));
      for (const key of Object.keys(sum) as (keyof Tally)[]) sum[key] += tally[key];
    } catch (error) {
      failed.push(seed);
      console.log(error instanceof Error ? error.message : String(error));
    }
    done += 1;
    if (done % REPORTED_EVERY === 0 || done === seeds) console.log(`${done} of ${seeds}, ${failed.length} failed`);
  };
  const worker = async () => {
    while (next < from + seeds) await one(next++);
  };
  await Promise.all(Array.from({ length: Math.max(1, jobs) }, worker));
  console.log(
    `${seeds - failed.length} of ${seeds} lifecycles held: ${sum.faults} faults, ${sum.kills} kills, ${sum.interrupts} interrupts, ${sum.imports} imports after a kill`,
  );
  if (failed.length > 0) console.log(`failed: ${failed.sort((a, b) => a - b).join(", ")}`);
  return failed.length === 0 ? 0 : 1;
}
