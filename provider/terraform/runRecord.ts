import { randomUUID } from "node:crypto";
import { appendFileSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import * as z from "zod";

/**
 * Carries what a plan declares to the apply that follows. Engines plan and apply in two processes, and may destroy an edge
 * under its old address before they create it under its new one; only the plan sees both. The removal gets a note (the plan's
 * private data) that names a file of the user's own, where the plan keeps the list of what it declares. Ids and names only.
 * Where the file is not found, because the plan was made on another machine, the note still tells what the plan knew by then.
 */
const noteSchema = z.object({
  /** Names the file. */
  plan: z.uuid().optional(),
  /** It is declared under another address: known already when the removal was planned. */
  kept: z.boolean().optional(),
  /** For a create: what it means, in case it is one half of a replacement. */
  wish: z.string().optional(),
});
export type Note = z.output<typeof noteSchema>;

export const writeNote = (note: Note): Uint8Array => Buffer.from(JSON.stringify(note));

/** A note as it comes back from a plan file; one that cannot be read says nothing. */
export function readNote(bytes: Uint8Array | null | undefined): Note {
  try {
    return noteSchema.parse(JSON.parse(Buffer.from(bytes ?? []).toString("utf8")));
  } catch {
    return {};
  }
}

export interface Declared {
  /** Name of the resource's declaration. */
  type: string;
  key: string;
}

const KEPT_FOR = 7 * 24 * 60 * 60 * 1000; // milliseconds; a saved plan older than that is not applied as it is

/** What one plan declares, and the notes for what it removes. */
export class PlanRecord {
  private readonly lines = new Set<string>();
  private readonly id = randomUUID();
  private file: string | undefined;

  constructor(private readonly folder: string = defaultFolder()) {}

  declare(type: string, key: string): void {
    const line = JSON.stringify({ type, key } satisfies Declared);
    if (this.lines.has(line)) return;
    this.lines.add(line);
    if (this.file) attempt(() => appendFileSync(this.file!, `${line}\n`));
  }

  /** The note for the removal of something with these keys. */
  removing(type: string, keys: readonly string[]): Note {
    if (keys.some((key) => this.lines.has(JSON.stringify({ type, key })))) return { kept: true };
    this.file ??= this.begin();
    return { plan: this.id };
  }

  private begin(): string {
    const file = join(this.folder, this.id);
    attempt(() => {
      prepare(this.folder);
      appendFileSync(file, [...this.lines, ""].join("\n"), { mode: 0o600 });
    });
    return file;
  }
}

/** What the plan of this id declared; empty where its file is not there. */
export function declaredBy(plan: string, folder: string = defaultFolder()): Declared[] {
  const declared = z.object({ type: z.string(), key: z.string() });
  const found = attempt(() => {
    requireOwn(folder);
    const lines = readFileSync(join(folder, plan), "utf8").split("\n").filter(Boolean);
    return lines.map((line) => declared.parse(JSON.parse(line)));
  });
  return found ?? [];
}

/** Without the file an apply is as careful as it can be; nothing else depends on it. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function defaultFolder(): string {
  const { uid, username } = userInfo();
  return join(tmpdir(), `meshery-iac-plans-${uid >= 0 ? uid : username}`);
}

function prepare(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  requireOwn(folder);
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    if (Date.now() - statSync(file).mtimeMs > KEPT_FOR) rmSync(file, { force: true });
  }
}

/** A folder that somebody else made could tell us to keep what should go. */
function requireOwn(folder: string): void {
  const { uid } = userInfo();
  const found = lstatSync(folder);
  if (!found.isDirectory() || (uid >= 0 && found.uid !== uid)) throw new Error(`${folder} belongs to somebody else`);
}
