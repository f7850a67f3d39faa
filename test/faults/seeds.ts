import { findEngines } from "../support/engines";
import { type Kind, play } from "./play";

/** Played side by side: much of a lifecycle is waiting. */
const AT_ONCE = 2;

/** A test for each seed; all of them are begun with the first. */
export function testSeeds(title: string, kind: Kind, seeds: readonly number[]): void {
  if (findEngines().length === 0) {
    console.warn(`skipped: "${title}", since neither terraform nor tofu is on the PATH; install one of them`);
    test.skip(title, () => undefined);
    return;
  }
  const waiting = [...seeds];
  const outcomes = new Map<number, Promise<void>>();
  const begin = () => {
    const slots = Array.from({ length: AT_ONCE }, () => Promise.resolve());
    for (const [i, seed] of waiting.splice(0).entries()) {
      const played = slots[i % AT_ONCE]!.then(async () => {
        await play(seed, kind);
      });
      slots[i % AT_ONCE] = played.catch(() => undefined);
      outcomes.set(seed, played);
      played.catch(() => undefined);
    }
  };
  test.each(seeds)(`${title}: seed %i`, async (seed) => {
    begin();
    await outcomes.get(seed);
  });
}

/** So many seeds, from one on, in steps: files that are run side by side share them. */
export const every = (step: number, from: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => from + i * step);
