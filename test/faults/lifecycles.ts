import fc from "fast-check";
import type { EraName } from "../../provider/server";
import { edited, edits, type Program, program, type Size } from "../support/programs";
import { Random } from "./random";
import { drawWeather, type Weather } from "./weather";

/** What happens to one run of an engine. */
export type Accident =
  | { kind: "none" }
  | { kind: "faults"; weather: Weather }
  /** A process ends for good at the so manyeth request of the run. */
  | { kind: "kill"; whom: "provider" | "engine"; at: number; moment: "arrived" | "carried out" | "answered" }
  | { kind: "interrupt"; at: number; latency: number };

export interface Step {
  program: Program;
  /** Objects that have another address than in the step before, and `moved` blocks that say so. */
  moved: { type: "environment" | "workspace"; from: string; to: string }[];
  accident: Accident;
  /** Whether the program is applied without accidents before it changes again. */
  settles: boolean;
}

/** What stands between the last apply and the destroy. */
export interface Ending {
  /** The program as it stands by then; undefined: the one of the last step. */
  program: Program | undefined;
  /** Address of an object that somebody deletes by hand. */
  byHand: string | undefined;
  accident: Accident;
  how: "destroy" | "saved plan" | "empty program";
}

export interface Lifecycle {
  seed: number;
  engine: "terraform" | "tofu";
  era: EraName;
  staleReads: number;
  forEach: boolean;
  savedPlan: boolean;
  createBeforeDestroy: boolean;
  log: boolean;
  /** A connection and a workspace of others that somebody ties to one of the program's environments. */
  foreignEdges: string | undefined;
  steps: Step[];
  ending: Ending;
}

export const SIZE: Size = { environments: 3, workspaces: 2, connections: 2, edges: 7, foreign: 4 };
/** The last connection of others is never declared: it may be in an environment of the program all the same. */
const DECLARED: Size = { ...SIZE, foreign: SIZE.foreign - 1 };

/** The same for the same seed. */
export function lifecycle(seed: number): Lifecycle {
  const random = new Random("lifecycle", seed);
  const sample = <T>(arbitrary: fc.Arbitrary<T>): T =>
    fc.sample(arbitrary, { seed: random.int(1, 2 ** 30), numRuns: 1 })[0]!;
  const steps: Step[] = [];
  let current = sample(program(DECLARED).filter((p) => Object.keys(p.assignments).length > 0));
  const count = random.pick([1, 2, 2, 3]);
  for (let i = 0; i < count; i++) {
    let moved: Step["moved"] = [];
    if (i > 0) {
      current = edited(current, sample(edits(5)), DECLARED, { freed: true });
      if (random.chance(0.25)) [current, moved] = readdressed(current, random, i);
    }
    const accident = drawAccident(random, i === 0 ? 14 : 10);
    // What a killed process left without a record is found by applying the same program.
    const settles = accident.kind === "kill" || i === 0 || random.chance(0.8);
    steps.push({ program: current, moved, accident, settles });
  }
  const kept = Object.keys(steps[0]!.program.environments).filter((address) =>
    steps.every((step) => address in step.program.environments && step.moved.length === 0),
  );
  return {
    seed,
    engine: seed % 5 === 0 ? "tofu" : "terraform",
    era: random.pick(["E3", "E3", "E3", "E2", "E1", "cloud", "docs"] as const),
    staleReads: random.pick([0, 0, 0, 1]),
    forEach: random.chance(0.3),
    savedPlan: random.chance(0.2),
    createBeforeDestroy: random.chance(0.15),
    log: random.chance(0.3),
    foreignEdges: kept.length > 0 && random.chance(0.3) ? random.pick(kept) : undefined,
    steps,
    ending: drawEnding(random, current, sample),
  };
}

function drawAccident(random: Random, requests: number): Accident {
  const kind = random.pick(["faults", "faults", "faults", "faults", "faults", "faults", "kill", "interrupt"] as const);
  if (kind === "faults") return { kind, weather: drawWeather(random) };
  const at = random.int(1, requests);
  if (kind === "interrupt") return { kind, at, latency: random.int(50, 600) };
  return {
    kind,
    whom: random.pick(["provider", "engine"] as const),
    at,
    moment: random.pick(["arrived", "carried out", "answered"] as const),
  };
}

function drawEnding(random: Random, last: Program, sample: <T>(a: fc.Arbitrary<T>) => T): Ending {
  const objects = [
    ...Object.keys(last.environments),
    ...Object.keys(last.workspaces),
    ...Object.keys(last.connections),
  ];
  const pending = random.pick(["none", "edit", "edit", "by hand", "both"] as const);
  const changed =
    pending === "edit" || pending === "both" ? edited(last, sample(edits(3)), DECLARED, { freed: true }) : undefined;
  return {
    program: changed,
    byHand: pending === "by hand" || pending === "both" ? random.pick(objects) : undefined,
    accident: random.chance(0.6) ? drawAccident(random, 12) : { kind: "none" },
    how: random.pick(["destroy", "destroy", "destroy", "saved plan", "empty program"] as const),
  };
}

/** One object under another address, with what its edges refer to. */
function readdressed(before: Program, random: Random, step: number): [Program, Step["moved"]] {
  const result = structuredClone(before);
  const type = Object.keys(result.workspaces).length > 0 && random.chance(0.4) ? "workspace" : "environment";
  const group = type === "workspace" ? result.workspaces : result.environments;
  const from = random.pick(Object.keys(group));
  const to = `${from[0]}again${step}`;
  group[to] = group[from]!;
  delete group[from];
  for (const edge of [...Object.values(result.assignments), ...Object.values(result.bindings)]) {
    const ends = edge as Record<string, string>;
    if (ends[type] === from) ends[type] = to;
  }
  return [result, [{ type, from, to }]];
}
