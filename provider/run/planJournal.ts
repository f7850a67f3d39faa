import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { attempt } from "../framework";
import type { RunState } from "./runState";
import { LineFile, UserFolder } from "./userFolder";

/**
 * Carries what a plan declares to the apply that follows. Engines plan and apply in two processes, and may destroy an edge under
 * its old address before they create it under its new one, or an environment before they move its edges elsewhere; only the plan
 * sees both. The note of a planned removal (the plan's private data) therefore names a file of the user's own, in which the very
 * process that planned the removal lists what it planned. Ids and names only.
 *
 * The apply reads that file and no other. Which other processes belong to a run nobody can tell: a destroy makes an ordinary plan
 * first, whose process declares everything that is about to go. So what changes its provider block and its address in one run,
 * or is applied on another machine than it was planned on, is not known here; the engine then does what its plan says.
 *
 * What changes in place is planned once more by the process that applies it, and its note is lost with that. Whichever plan is being
 * applied, it is one of those that planned this very change; so what all of these say is true of it, and nothing else is believed.
 */
const changeSchema = z.union([
  z.object({ type: z.string(), from: z.string() }).describe("an edge that moves away from this pair"),
  z
    .object({ type: z.string(), id: z.string(), name: z.string().nullable() })
    .describe("an object that gets another name; null where the plan does not know which"),
]);
type Change = z.output<typeof changeSchema>;

/** `type` is the name of the resource's declaration. */
const lineSchema = z.union([
  ...changeSchema.options,
  z.object({ type: z.string(), edge: z.string() }).describe("an edge that is declared"),
  z
    .object({ type: z.string(), stays: z.string() })
    .describe("an edge that the state has under an address that keeps it"),
  z
    .object({ type: z.string(), anew: z.string() })
    .describe("an edge that is replaced: it goes, although it is declared"),
  z.object({ type: z.string(), gone: z.string() }).describe("what is removed"),
]);
type Line = z.output<typeof lineSchema>;

const noteSchema = z.object({
  /** Names the file. */
  plan: z.uuid().optional(),
  /** What is changed in place. */
  change: changeSchema.optional(),
  /** It is declared under another address: known already when the removal was planned. */
  kept: z.boolean().optional(),
  /** It stays under another address as the state has it there. */
  stays: z.boolean().optional(),
  /** Id of what is there already: where a create is planned with this note, it is one half of a replacement of that. */
  was: z.string().optional(),
  /** That was adopted, and is let go rather than deleted. */
  letGo: z.boolean().optional(),
});
export type Note = z.output<typeof noteSchema>;

export const writeNote = (note: Note): Uint8Array => Buffer.from(JSON.stringify(note));

/** A note as it comes back from a plan file; one that cannot be read says nothing. */
export function readNote(bytes: Uint8Array | null | undefined): Note {
  if (!bytes?.length) return {};
  try {
    return noteSchema.parse(JSON.parse(Buffer.from(bytes).toString("utf8")));
  } catch {
    return {};
  }
}

const KEPT_FOR = 7 * 24 * 60 * 60 * 1000; // milliseconds; a saved plan older than that is not applied as it is
const plans = new UserFolder("meshery-iac-plans", KEPT_FOR);

/** What one process plans, and the notes for what it removes. */
export class PlanJournal {
  private readonly lines = new Set<string>();
  readonly id = randomUUID();
  private file: LineFile | undefined;
  /** Whether a plan is being applied, rather than made. */
  discarded = false;

  declare(type: string, edge: string): void {
    this.add({ type, edge });
  }

  /** An edge stays as it is recorded: no apply comes to it, so nothing else will tell that it is recorded. */
  stay(type: string, edge: string): void {
    this.add({ type, stays: edge });
  }

  /** An edge is replaced by force. */
  anew(type: string, edge: string): void {
    this.add({ type, anew: edge });
  }

  /** The note for an object that gets another name. */
  rename(type: string, id: string, name: string | null): Note {
    return this.change({ type, id, name });
  }

  /** The note for an edge that leaves this pair for another one. */
  move(type: string, from: string): Note {
    return this.change({ type, from });
  }

  private change(line: Change): Note {
    this.add(line);
    this.begun();
    return { change: line };
  }

  /** What applies a plan plans some of it once more, and that is no plan of its own. */
  discard(): void {
    if (this.discarded) return;
    this.discarded = true;
    attempt(() => this.file?.remove());
    this.file = undefined;
  }

  /** Tells a run's memory what this process planned itself. */
  recall(run: RunState): void {
    tell([...this.lines], run);
  }

  /** The note for the removal of what has this id; one that is let go rather than deleted does not go. */
  remove(type: string, id: string, letGo: boolean): Note {
    if (this.has({ type, edge: id }))
      return { plan: this.begun(), kept: true, stays: this.has({ type, stays: id }) && !this.has({ type, anew: id }) };
    if (!letGo) this.add({ type, gone: id });
    return { plan: this.begun() };
  }

  /** The note for something that is created, which may be one half of a replacement: the removal then has the same note. */
  create(): Note {
    return { plan: this.begun() };
  }

  private has(line: Line): boolean {
    return this.lines.has(JSON.stringify(line));
  }

  private add(line: Line): void {
    const text = JSON.stringify(line);
    if (this.lines.has(text)) return;
    this.lines.add(text);
    attempt(() => this.file?.append(text));
  }

  /** Id of the journal, whose file is there from now on; undefined where it was discarded. */
  private begun(): string | undefined {
    if (this.discarded) return undefined;
    if (!this.file) {
      const file = new LineFile(join(plans.path, this.id));
      this.file = file;
      attempt(() => {
        plans.prepare();
        file.append(...this.lines);
      });
    }
    return this.id;
  }
}

/** Tells a run's memory what the plan of this id declares and takes away; false where its file is not there. */
export function recall(plan: string, run: RunState): boolean {
  const lines = attempt(() => linesOf(plan));
  if (lines) tell([...lines], run);
  return lines !== undefined;
}

/** The plans on this machine that planned all changes which an apply has come to: the one that is applied is among them. */
export class PlansOfChanges {
  private candidates: Map<string, ReadonlySet<string>> | undefined;

  /** Tells a run's memory what all of them say. Gives the names of their files. */
  recall(change: Change, run: RunState): string[] {
    const candidates = this.having(change);
    const [first, ...others] = candidates.values();
    if (!first) return [];
    const agreed = [...first].filter((text) => isAnew(text) || others.every((lines) => lines.has(text)));
    const anew = others.flatMap((lines) => [...lines].filter(isAnew));
    // Only a removal's own plan says for good that something stays.
    tell(
      [...agreed, ...anew].filter((text) => !text.includes('"stays":')),
      run,
    );
    return [...candidates.keys()];
  }

  private having(change: Change): ReadonlyMap<string, ReadonlySet<string>> {
    const wanted = [change, ...("name" in change ? [{ ...change, name: null }] : [])].map((line) =>
      JSON.stringify(line),
    );
    const planned = (lines: ReadonlySet<string>) => wanted.some((line) => lines.has(line));
    if (this.candidates) {
      for (const [plan, lines] of this.candidates) if (!planned(lines)) this.candidates.delete(plan);
      return this.candidates;
    }
    this.candidates = new Map();
    for (const plan of attempt(() => readdirSync(plans.path)) ?? []) {
      const lines = attempt(() => linesOf(plan));
      if (lines && planned(lines)) this.candidates.set(plan, lines);
    }
    return this.candidates;
  }
}

const isAnew = (text: string): boolean => text.includes('"anew":');

/** Forgets plans that were applied, and those of a change that was applied: engines apply no plan of a state that moved on. */
export function forget(applied: Iterable<string>): void {
  for (const plan of applied) attempt(() => rmSync(join(plans.path, plan), { force: true }));
}

function tell(texts: readonly string[], run: RunState): void {
  const lines = texts.flatMap((text) => attempt(() => lineSchema.parse(JSON.parse(text))) ?? []);
  const anew = new Set(lines.map((line) => ("anew" in line ? `${line.type} ${line.anew}` : undefined)));
  for (const line of lines) {
    if ("edge" in line && !anew.has(`${line.type} ${line.edge}`)) run.declare(line.type, line.edge);
    if ("stays" in line && !anew.has(`${line.type} ${line.stays}`)) run.markApplied(line.type, line.stays);
  }
  for (const line of lines) {
    if ("name" in line) {
      if (line.name !== null) run.announceRename(line.type, line.id, line.name);
    } else if ("from" in line) run.markForDeletion(line.type, line.from);
    else if ("gone" in line) run.markForDeletion(line.type, line.gone);
  }
}

function linesOf(plan: string): ReadonlySet<string> {
  plans.requireOwn();
  return new Set(readFileSync(join(plans.path, plan), "utf8").split("\n").filter(Boolean));
}
