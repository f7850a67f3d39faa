import type { Engine } from "../support/engines";
import { INTERRUPTS, LIFECYCLES, LifecycleFailed, play } from "./play";
import { addTo, newTally } from "./tally";

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
  const sum = newTally();
  const failed: number[] = [];
  let next = from;
  let done = 0;
  const one = async (seed: number) => {
    try {
      addTo(sum, await play(seed, interrupts ? INTERRUPTS : LIFECYCLES, engine));
    } catch (error) {
      failed.push(seed);
      if (error instanceof LifecycleFailed) addTo(sum, error.tally);
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
    `${seeds - failed.length} of ${seeds} lifecycles held: ${sum.faults} faults, ${sum.kills} kills, ${sum.interrupts} interrupts (the longest took ${Math.round(sum.longestStop)} ms to end), ${sum.imports} imports after a kill`,
  );
  if (failed.length > 0) console.log(`failed: ${failed.sort((a, b) => a - b).join(", ")}`);
  return failed.length === 0 ? 0 : 1;
}
