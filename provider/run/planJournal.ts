import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { attempt } from "../framework";
import type { RunState } from "./runState";
import { LineFile, UserFolder } from "./userFolder";

/**
 * Carries what a plan says to the apply that follows it. Engines plan and apply in two processes, and may destroy an edge under
 * its old address before they create it under its new one, or an environment before they move its edges elsewhere; only the plan
 * sees both. So the process that plans writes a file of the user's own (ids and names only), and the note of a planned change (the
 * plan's private data) names that file.
 *
 * Which file an apply believes:
 * - The note of a removal, or of a create, names its plan's file: that one and no other. Which other processes belong to a run
 *   nobody can tell: a destroy makes an ordinary plan first, whose process declares everything that is about to be deleted.
 * - What changes in place is planned once more by the process that applies it, and the first note is lost with that. The plan that
 *   is applied is then one of those that planned this very change; what all of these say is true of it, and nothing else is
 *   believed.
 *
 * What changes its provider block and its address in one run, or is applied on another machine than it was planned on, is not
 * known here; the engine then does what its plan says.
 */
const lineSchema = z.object({
  /**
   * - `declared`: an edge that the program has.
   * - `kept`: an edge that the state has under an address that keeps it.
   * - `replaced`: an edge that is removed and made again, although it is declared.
   * - `deleted`: what is removed.
   * - `moved`: an edge that leaves this pair of ends for another one.
   * - `renamed`: an object that gets another name.
   */
  action: z.enum(["declared", "kept", "replaced", "deleted", "moved", "renamed"]),
  /** The name of the resource's declaration. */
  type: z.string(),
  id: z.string(),
  /** The new name of what is renamed; left out where the plan does not know it. */
  name: z.string().optional(),
});
type Line = z.output<typeof lineSchema>;

const noteSchema = z.object({
  /** Names the plan's file. */
  plan: z.uuid().optional(),
  /** What is changed in place: a line `moved` or `renamed`. */
  change: lineSchema.optional(),
  /** What is removed is declared under another address: known already when the removal was planned. */
  declared: z.boolean().optional(),
  /** And that address keeps it, as the state has it there. */
  kept: z.boolean().optional(),
  /** Id of what is there already: where a create is planned with this note, it is one half of a replacement of that. */
  replaces: z.string().optional(),
  /** That was adopted, and is released rather than deleted. */
  released: z.boolean().optional(),
});
export type Note = z.output<typeof noteSchema>;

export const writeNote = (note: Note): Uint8Array => Buffer.from(JSON.stringify(note));

/** A note as it comes back from a plan file; one that cannot be read says nothing. */
export const readNote = (bytes: Uint8Array | null | undefined): Note =>
  (bytes?.length && attempt(() => noteSchema.parse(JSON.parse(Buffer.from(bytes).toString("utf8"))))) || {};

const KEPT_FOR = 7 * 24 * 60 * 60 * 1000; // milliseconds; a saved plan older than that is not applied as it is
const plans = new UserFolder("meshery-iac-plans", KEPT_FOR);

/** What one process plans, and the notes for its changes. */
export class PlanJournal {
  readonly id = randomUUID();
  private readonly lines = new Set<string>();
  private file: LineFile | undefined;
  /** Whether a plan is being applied, rather than made. */
  discarded = false;

  declare(type: string, id: string): void {
    this.add({ action: "declared", type, id });
  }

  /** An edge stays as it is recorded: no apply comes to it, so nothing else will tell that it is recorded. */
  keep(type: string, id: string): void {
    this.add({ action: "kept", type, id });
  }

  /** An edge is replaced, whatever else declares it. */
  replace(type: string, id: string): void {
    this.add({ action: "replaced", type, id });
  }

  /** The note for an object that gets another name; undefined where it is not known which. */
  rename(type: string, id: string, name: string | undefined): Note {
    return this.change({ action: "renamed", type, id, name });
  }

  /** The note for an edge that leaves this pair of ends for another one. */
  move(type: string, id: string): Note {
    return this.change({ action: "moved", type, id });
  }

  /** The note for the removal of what has this id. */
  delete(type: string, id: string): Note {
    if (!this.has({ action: "declared", type, id })) this.add({ action: "deleted", type, id });
    return this.release(type, id);
  }

  /** The note for what leaves the program under this address, and is not deleted. */
  release(type: string, id: string): Note {
    const note = { plan: this.begun() };
    if (!this.has({ action: "declared", type, id })) return note;
    const kept = this.has({ action: "kept", type, id }) && !this.has({ action: "replaced", type, id });
    return { ...note, declared: true, kept };
  }

  /** The note for something that is created, which may be one half of a replacement: the removal then has the same note. */
  create(): Note {
    return { plan: this.begun() };
  }

  /** What applies a plan plans some of it once more, and that is no plan of its own. */
  discard(): void {
    if (this.discarded) return;
    this.discarded = true;
    attempt(() => this.file?.remove());
    this.file = undefined;
  }

  /** Replays to a run's state what this process planned itself. */
  recall(run: RunState): void {
    replay(this.lines, run);
  }

  private change(line: Line): Note {
    this.add(line);
    this.begun();
    return { change: line };
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

/** Replays to a run's state what the plan of this id says; false where its file is not there. */
export function recall(plan: string, run: RunState): boolean {
  const lines = linesOf(plan);
  if (lines) replay(lines, run);
  return lines !== undefined;
}

/** The plans on this machine that planned all changes which an apply has come to: the one that is applied is among them. */
export class PlansOfChanges {
  private candidates: Planned[] | undefined;

  /** Replays to a run's state what all of them say. Gives the names of their files. */
  recall(change: Line, run: RunState): string[] {
    // The apply may know a name that the plan did not know yet.
    const wanted = [change, { ...change, name: undefined }].map((line) => JSON.stringify(line));
    const planned = (lines: ReadonlySet<string>) => wanted.some((line) => lines.has(line));
    const candidates = (this.candidates ?? allPlans()).filter(({ lines }) => planned(lines));
    // Where no candidate fell out, all that these say was replayed before.
    if (candidates.length !== this.candidates?.length) replay(agreed(candidates.map(({ lines }) => lines)), run);
    this.candidates = candidates;
    return candidates.map(({ plan }) => plan);
  }
}

interface Planned {
  plan: string;
  lines: ReadonlySet<string>;
}

function allPlans(): Planned[] {
  const names = attempt(() => readdirSync(plans.path)) ?? [];
  return names.flatMap((plan) => {
    const lines = linesOf(plan);
    return lines ? [{ plan, lines }] : [];
  });
}

/** What all of these plans say, and every replacement: what may be removed must not be protected. */
function agreed(plans: readonly ReadonlySet<string>[]): string[] {
  const texts = [...new Set(plans.flatMap((lines) => [...lines]))];
  return texts.filter((text) => {
    const action = parsed(text)?.action;
    // Only a removal's own plan says for good that something is kept.
    return action === "replaced" || (action !== "kept" && plans.every((lines) => lines.has(text)));
  });
}

/** Forgets plans that were applied, and those of a change that was applied: engines apply no plan of a state that moved on. */
export function forget(applied: Iterable<string>): void {
  for (const plan of applied) attempt(() => rmSync(join(plans.path, plan), { force: true }));
}

function replay(texts: Iterable<string>, run: RunState): void {
  const lines = [...texts].flatMap((text) => parsed(text) ?? []);
  const replaced = new Set(lines.flatMap(({ action, type, id }) => (action === "replaced" ? [`${type} ${id}`] : [])));
  for (const { action, type, id, name } of lines) {
    if (action === "renamed" && name !== undefined) run.announceRename(type, id, name);
    if (action === "moved" || action === "deleted") run.markForDeletion(type, id);
    if (replaced.has(`${type} ${id}`)) continue;
    if (action === "declared") run.declare(type, id);
    if (action === "kept") run.markApplied(type, id);
  }
}

/** A line that cannot be read says nothing. */
const parsed = (text: string): Line | undefined => attempt(() => lineSchema.parse(JSON.parse(text)));

/** The lines of a plan; undefined where its file is not there, or not the user's own. */
const linesOf = (plan: string): ReadonlySet<string> | undefined =>
  attempt(() => {
    plans.requireOwn();
    return new Set(readFileSync(join(plans.path, plan), "utf8").split("\n").filter(Boolean));
  });
