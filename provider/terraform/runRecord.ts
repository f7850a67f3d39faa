import { randomUUID } from "node:crypto";
import { closeSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { attempt, identityOf, LineFile, type Memory, meansTheSameToAll, startOfProcess, UserFolder } from "../core";

/**
 * Carries what a plan declares to the apply that follows. Engines plan and apply in two processes. They may destroy an edge under
 * its old address before they create it under its new one, and rename an object before they come to the one that gives the name
 * away; only the plan sees both. The note of a change (the plan's private data) names a file of the user's own, where the plan
 * keeps the list of what it declares. Ids and names only. Where the file is not found, because the plan was made on another
 * machine, the note still tells what the plan knew by then.
 *
 * What changes in place is planned a second time while the plan is applied, and the first note is lost with that. The file of the
 * plan is then the newest one in which the same edge moves, or the same object is renamed, and which was written for the same
 * process of the engine or, where a saved plan is applied, for the same folder of configuration.
 *
 * Each provider block has a process of its own, with a record of its own. Those that planned side by side for the same process of
 * the engine, and for the same Meshery, count as one: what leaves one block may be declared under the other.
 */
const noteSchema = z.object({
  /** Names the file. */
  plan: z.uuid().optional(),
  /** Names the file of the plan that is being applied, where this note is of the second planning in an apply. */
  first: z.uuid().optional(),
  /** It is declared under another address: known already when the removal was planned. */
  kept: z.boolean().optional(),
  /** For a create: what it means, in case it is one half of a replacement. */
  wish: z.string().optional(),
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

/** For whom a record is written: its first line. */
const originSchema = z.object({
  engine: z.string(),
  folder: z.string(),
  /** Url of Meshery; left out while the provider is not configured. */
  server: z.string().optional(),
  /** When this process was begun, in milliseconds since 1970. */
  since: z.number(),
});
type Origin = z.output<typeof originSchema>;

function origin(): Origin {
  return {
    engine: identityOf(process.ppid),
    folder: process.cwd(),
    since: startOfProcess(),
  };
}

/** `type` is the name of the resource's declaration. */
const lineSchema = z.union([
  z.object({ type: z.string(), key: z.string() }).describe("declared"),
  z.object({ type: z.string(), from: z.string() }).describe("an edge that moves away from this pair"),
  z.object({ type: z.string(), gone: z.array(z.string()).min(1) }).describe("what is removed: its id and other keys"),
  z.object({ type: z.string(), id: z.string(), name: z.string() }).describe("an object that gets another name"),
  z.object({ type: z.string(), anew: z.string() }).describe("an object that is replaced, whatever else is said of it"),
]);
type Line = z.output<typeof lineSchema>;

const KEPT_FOR = 7 * 24 * 60 * 60 * 1000; // milliseconds; a saved plan older than that is not applied as it is
const plans = new UserFolder("meshery-iac-plans", KEPT_FOR);

/** Records to look through for the one of the plan that is applied. */
const MOST_READ = 100;

/** What one plan declares, and the notes for what it removes. */
export class PlanRecord {
  private readonly lines = new Set<string>();
  private readonly id = randomUUID();
  private file: LineFile | undefined;
  private others: Other[] | undefined;
  private readonly origin = origin();

  /** `server` tells the url of Meshery, once the provider is configured. */
  constructor(private readonly server: () => string | undefined) {}

  declare(type: string, key: string): void {
    this.add({ type, key });
  }

  /** The object of this id is not to stay, although its declaration does. */
  anew(type: string, id: string): void {
    this.add({ type, anew: id });
  }

  /** The note for an object that gets another name. */
  renaming(type: string, id: string, name: string): Note {
    return this.told({ type, id, name });
  }

  /** The note for an edge that leaves the pair with these keys for another one. */
  moving(type: string, keys: readonly string[]): Note {
    return { ...this.removal(type, keys), ...this.told({ type, from: keys[0]! }) };
  }

  /** Adds a line, and names the record, and the one of the plan that is applied where this is the second planning. */
  private told(line: Line): Note {
    const first = this.firstPlanWith(JSON.stringify(line));
    this.add(line);
    return { plan: this.begun(), ...(first === undefined ? {} : { first }) };
  }

  private firstPlanWith(line: string): string | undefined {
    this.others ??= newestPlans(this.id);
    const { engine, folder } = this.origin;
    const holding = (which: (origin: Origin) => boolean) =>
      this.others?.find((plan) => which(plan.origin) && plan.lines().has(line))?.id;
    return holding((other) => other.engine === engine) ?? holding((other) => other.folder === folder);
  }

  private add(line: Line): void {
    const text = JSON.stringify(line);
    if (this.lines.has(text)) return;
    this.lines.add(text);
    attempt(() => this.file?.append(text));
  }

  /** The note for the removal of something with these keys; one that is let go rather than deleted does not go. */
  removing(type: string, keys: readonly string[], letGo: boolean): Note {
    const note = this.removal(type, keys);
    if (!letGo && !note.kept) this.add({ type, gone: [...keys] });
    return note;
  }

  /** The note for something that is created, and maybe removed before that; `wish` is what it means. */
  creating(wish: string | undefined): Note {
    return { wish, plan: this.begun() };
  }

  private removal(type: string, keys: readonly string[]): Note {
    return keys.some((key) => this.lines.has(JSON.stringify({ type, key }))) ? { kept: true } : { plan: this.begun() };
  }

  /** Id of the record, whose file is there from now on. */
  private begun(): string {
    if (!this.file) {
      const file = new LineFile(join(plans.path, this.id));
      this.file = file;
      attempt(() => {
        plans.prepare();
        file.append(JSON.stringify({ ...this.origin, server: this.server() } satisfies Origin), ...this.lines);
        // Engines start their processes one after the other: the next one may begin after the last line, but not after the end.
        process.once("exit", () => attempt(() => file.touch()));
      });
    }
    return this.id;
  }
}

/** Tells a run's memory what the plan of this id declares and takes away; false where its file is not there. */
export function recall(plan: string, memory: Memory): boolean {
  const lines = attempt(() => {
    plans.requireOwn();
    const own = record(plan);
    const parsed = ({ lines }: Other) => [...lines()].map((text) => lineSchema.parse(JSON.parse(text)));
    const siblings = own ? newestPlans(plan).filter((other) => areOneRun(own, other)) : [];
    const theirs = siblings.flatMap(parsed).filter((line) => !("key" in line) || meansTheSameToAll(line.key));
    return own && [...parsed(own), ...theirs];
  });
  if (!lines) return false;
  const anew = new Set(lines.map((line) => ("anew" in line ? `${line.type} ${line.anew}` : undefined)));
  // What is declared under another address stays, although its old address goes.
  for (const line of lines)
    if ("key" in line && !anew.has(`${line.type} ${line.key}`)) memory.want(line.type, line.key);
  for (const line of lines) {
    if ("name" in line) memory.renaming(line.type, line.id, line.name);
    else if ("from" in line) memory.leave(line.type, line.from);
    else if ("gone" in line && !line.gone.some((key) => memory.spares(line.type, key)))
      memory.leave(line.type, line.gone[0]!);
  }
  return true;
}

interface Other {
  id: string;
  origin: Origin;
  /** When its process ended, in milliseconds since 1970; while it runs, or if it was killed, when it wrote its last line. */
  until: number;
  lines(): ReadonlySet<string>;
}

/** The system tells when a process was begun to so many milliseconds. */
const UNSURE = 20;

/** Whether two records were written by processes that ran at the same time for one process of the engine and one Meshery. */
const areOneRun = (a: Other, b: Other): boolean =>
  a.origin.engine === b.origin.engine &&
  a.origin.server !== undefined &&
  a.origin.server === b.origin.server &&
  a.origin.since - UNSURE <= b.until &&
  b.origin.since - UNSURE <= a.until;

/** The records of other plans, newest first. */
function newestPlans(except: string): Other[] {
  const found = attempt(() => {
    const others = plans.newest().filter(({ name }) => name !== except);
    return others.slice(0, MOST_READ).flatMap(({ name }) => record(name) ?? []);
  });
  return found ?? [];
}

/** One record; its lines are read when somebody asks for them. */
function record(id: string): Other | undefined {
  const file = join(plans.path, id);
  return attempt(() => {
    let lines: ReadonlySet<string> | undefined;
    return {
      id,
      origin: originSchema.parse(JSON.parse(firstLine(file))),
      until: statSync(file).mtimeMs,
      lines: () => {
        lines ??= new Set(attempt(() => readFileSync(file, "utf8").split("\n").slice(1).filter(Boolean)));
        return lines;
      },
    };
  });
}

/** Longer than any first line: paths and urls are shorter. */
const FIRST_LINE = 16_384; // bytes

function firstLine(file: string): string {
  const descriptor = openSync(file, "r");
  try {
    const start = Buffer.alloc(FIRST_LINE);
    return start.toString("utf8", 0, readSync(descriptor, start)).split("\n")[0]!;
  } finally {
    closeSync(descriptor);
  }
}
