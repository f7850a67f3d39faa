import { PASSING, SLOW, STRANGE, type StrangeName } from "./answers";
import type { Asking, Fault, Plan } from "./proxy";
import { Random } from "./random";

/** How much goes wrong, and with what. Drawn so that a client can come through. */
export interface FaultMix {
  /** Shares of requests that go wrong. */
  reads: number;
  writes: number;
  /** Whether reads get answers of every kind, or only such after which one asks again. */
  anyRead: boolean;
  /** Requests to one path that go wrong in a row, at most. */
  burst: number;
  /** Share of lists, among those that go wrong, that are old. */
  stale: number;
}

/** Seconds of patience that clients get where something goes wrong. */
export const PATIENCE = 2;

export function drawFaultMix(random: Random): FaultMix {
  const kind = random.pick(["writes", "writes", "light", "mixed", "reads", "storm"] as const);
  const burst = random.int(1, 3);
  const stale = random.pick([0, 0.2, 0.5]);
  switch (kind) {
    case "writes":
      return { reads: 0.08, writes: random.pick([0.3, 0.6, 0.9]), anyRead: false, burst, stale };
    case "light":
      return { reads: 0.05, writes: 0.15, anyRead: true, burst, stale };
    case "mixed":
      return { reads: 0.25, writes: 0.5, anyRead: false, burst, stale };
    case "reads":
      return { reads: 0.45, writes: 0.2, anyRead: false, burst, stale };
    case "storm":
      return { reads: 0.3, writes: 0.7, anyRead: true, burst: Math.min(burst, 2), stale };
  }
}

const ALL = Object.keys(STRANGE) as StrangeName[];
const QUICK = ALL.filter((name) => !SLOW.includes(name));

/**
 * Chooses by what is asked and how often it was asked, not by when: engines ask in another order each time.
 */
export function planOf(mix: FaultMix, ...seed: readonly (number | string)[]): Plan {
  const asked = new Map<string, number>();
  const inARow = new Map<string, number>();
  const lied = new Set<string>();
  const choose = ({ method, path }: Asking): Fault | undefined => {
    const route = `${method} ${path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "{id}")}`;
    const time = (asked.get(route) ?? 0) + 1;
    asked.set(route, time);
    const random = new Random(...seed, route, time);
    const exact = `${method} ${path}`;
    const row = inARow.get(exact) ?? 0;
    const goesWrong = row < mix.burst && random.chance(method === "GET" ? mix.reads : mix.writes);
    inARow.set(exact, goesWrong ? row + 1 : 0);
    const fault = goesWrong ? draw(random, method) : undefined;
    if (fault?.kind !== "stale") {
      if (fault?.kind !== "strange") lied.delete(exact);
      return fault;
    }
    // Two old lists in a row are a server that nobody can know anything of.
    if (lied.has(exact)) return undefined;
    lied.add(exact);
    return fault;
  };
  const draw = (random: Random, method: string): Fault => {
    if (random.chance(0.05)) return { kind: "late", latency: random.int(2, 60), before: random.chance(0.5) };
    if (random.chance(0.03)) return { kind: "strange", answer: random.pick(SLOW), after: random.chance(0.5) };
    if (method !== "GET") return { kind: "strange", answer: random.pick(QUICK), after: random.chance(0.6) };
    if (random.chance(mix.stale)) return { kind: "stale", ago: random.int(1, 3) };
    return { kind: "strange", answer: random.pick(mix.anyRead ? QUICK : PASSING), after: random.chance(0.5) };
  };
  return { choose, patience: PATIENCE * 1_000 };
}
