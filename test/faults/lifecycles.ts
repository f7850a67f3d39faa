import fc from "fast-check";
import type { EraName, Quirks } from "../../provider/server";
import { edited, edits, type Program, program, type Size } from "../support/programs";
import { drawFaultMix, type FaultMix } from "./faultMix";
import { Random } from "./random";

/** Habits of servers that make nothing impossible. */
const QUIRKS = [
  "emptyWriteBodies",
  "zeroedPut",
  "duplicateMappings",
  "assignedAreNull",
  "pagesFromOne",
  "emptyListIsObject",
  "deletedAtObject",
  "textsStay",
  "unsteadyOrder",
  "noOwners",
] as const satisfies readonly (keyof Quirks)[];

/** What happens to one run of an engine. */
export type Accident =
  | { kind: "none" }
  | { kind: "faults"; mix: FaultMix }
  /** A process ends for good at the so manyeth request of the run. */
  | { kind: "kill"; whom: "provider" | "engine"; at: number; moment: "arrived" | "carried out" | "answered" }
  /** Ctrl-C at the so manyeth request, on a server that takes `latency` milliseconds before or after it does its work. */
  | { kind: "interrupt"; at: number; latency: number; before: boolean };

export interface Step {
  program: Program;
  /** Objects that have another address than in the step before, and `moved` blocks that say so. */
  moved: { type: "environment" | "workspace"; from: string; to: string }[];
  /** Address of an object that is replaced on demand in the first of these applies. */
  replaced: string | undefined;
  /** Of the applies that come first, one after the other. */
  accidents: Accident[];
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
  quirks: Partial<Quirks>;
  /** Signed in with the provider Local, which asks for no token and shows everything to everybody. */
  local: boolean;
  forEach: boolean;
  savedPlan: boolean;
  createBeforeDestroy: boolean;
  log: boolean;
  /** Arguments of the applies in which something goes wrong. */
  flags: string[];
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
  const count = random.pick([1, 2, 2, 3, 3]);
  for (let i = 0; i < count; i++) {
    let moved: Step["moved"] = [];
    if (i > 0) {
      current = edited(current, sample(edits(5)), DECLARED, { freed: true });
      if (random.chance(0.25)) [current, moved] = readdressed(current, random, i);
    }
    const accidents = Array.from({ length: random.pick([1, 2, 2, 3]) }, () => drawAccident(random, i === 0 ? 14 : 10));
    // What a killed process left without a record is found by applying the same program.
    const killed = accidents.some(({ kind }) => kind === "kill");
    const replaced = i > 0 && moved.length === 0 && random.chance(0.15) ? drawReplaced(random, current) : undefined;
    steps.push({ program: current, moved, replaced, accidents, settles: killed || i === 0 || random.chance(0.8) });
  }
  const era = random.pick(["E3", "E3", "E3", "E2", "E1", "cloud", "docs"] as const);
  const kept = Object.keys(steps[0]!.program.environments).filter((address) =>
    steps.every((step) => address in step.program.environments && step.moved.length === 0 && !step.replaced),
  );
  return {
    seed,
    engine: seed % 5 === 0 ? "tofu" : "terraform",
    era,
    quirks: drawQuirks(random),
    local: ["E1", "E2", "E3"].includes(era) && random.chance(0.2),
    forEach: random.chance(0.3),
    savedPlan: random.chance(0.2),
    createBeforeDestroy: random.chance(0.15),
    log: random.chance(0.3),
    flags: random.pick([[], [], [], ["-parallelism=1"], ["-refresh=false"]]),
    foreignEdges: kept.length > 0 && random.chance(0.3) ? random.pick(kept) : undefined,
    steps,
    ending: drawEnding(random, current, sample),
  };
}

function drawQuirks(random: Random): Partial<Quirks> {
  const staleReads = random.pick([0, 0, 0, 1]);
  if (random.chance(0.6)) return { staleReads };
  const drawn = QUIRKS.filter(() => random.chance(0.25));
  return { staleReads, ...Object.fromEntries(drawn.map((quirk) => [quirk, true])) };
}

function drawAccident(random: Random, requests: number): Accident {
  const kind = random.pick(["faults", "faults", "faults", "faults", "faults", "faults", "kill", "interrupt"] as const);
  if (kind === "faults") return { kind, mix: drawFaultMix(random) };
  const at = random.int(1, requests);
  if (kind === "interrupt") return { kind, at, latency: random.int(50, 600), before: random.chance(0.5) };
  return {
    kind,
    whom: random.pick(["provider", "engine"] as const),
    at,
    moment: random.pick(["arrived", "carried out", "answered"] as const),
  };
}

const drawReplaced = (random: Random, { environments, workspaces, assignments }: Program): string =>
  random.pick([...Object.keys(environments), ...Object.keys(workspaces), ...Object.keys(assignments)]);

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

/** A lifecycle in which there is a Ctrl-C once, on a slow server. */
export function interrupted(seed: number): Lifecycle {
  const random = new Random("interrupt", seed);
  const calm = lifecycle(seed);
  const ctrlC: Accident = {
    kind: "interrupt",
    at: random.int(1, 14),
    latency: random.pick([50, 200, 500, 1_000, 1_400, 2_000]),
    before: random.chance(0.5),
  };
  const struck = random.pick(["first apply", "first apply", "edit", "destroy"] as const);
  const steps = calm.steps.slice(0, struck === "edit" ? 2 : 1).map((step) => ({
    ...step,
    replaced: undefined,
    accidents: [] as Accident[],
    settles: true,
  }));
  if (struck !== "destroy") steps.at(-1)!.accidents = [ctrlC];
  return {
    ...calm,
    quirks: {},
    savedPlan: false,
    foreignEdges: undefined,
    steps,
    ending: {
      program: undefined,
      byHand: undefined,
      accident: struck === "destroy" ? ctrlC : { kind: "none" },
      how: "destroy",
    },
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
