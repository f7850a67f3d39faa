import { createHash, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { attempt } from "../framework";
import { LineFile, UserFolder } from "./userFolder";

const KEPT_FOR = 24 * 60 * 60 * 1000; // milliseconds

/** A record of a stack: its type and its id. */
export interface SeenRecord {
  type: string;
  id: string;
}

/**
 * Which records the runs of a stack have seen in its state: made, updated, found unchanged or read. The engine drops a record with
 * the option `deletedWith` without a word to the provider, which then finds an edge that nobody told it of, and cannot tell it
 * from those of others. What the newest run that had the object saw beside it is this stack's own.
 *
 * Ids only, in a folder of the user's own among the temporary ones, for a day. Where there is nothing of it, as on another
 * machine, nothing is taken for the stack's own.
 */
export class SeenRecords {
  private readonly prefix: string;
  private readonly own: LineFile;
  private readonly noted = new Set<string>();
  private begun = false;

  constructor(
    stack: string,
    url: string,
    private readonly folder = new UserFolder("meshery-iac-stacks", KEPT_FOR),
  ) {
    this.prefix = createHash("sha256").update(`${stack} ${url}`).digest("hex");
    this.own = new LineFile(join(this.folder.path, `${this.prefix} ${randomUUID()}`));
  }

  note(record: SeenRecord): void {
    const line = asLine(record);
    if (this.noted.has(line)) return;
    this.append(line);
    this.noted.add(line);
  }

  /** Remembers that a run of the stack removed this: what is there later under the same id is of others. */
  gone(record: SeenRecord): void {
    const line = asLine(record);
    this.append(GONE + line);
    this.noted.delete(line);
  }

  private append(line: string): void {
    attempt(() => {
      if (!this.begun) this.folder.prepare();
      this.begun = true;
      this.folder.requireOwn();
      this.own.append(line);
    });
  }

  /** What the newest run that saw `record` saw, without what was removed since. */
  beside(record: SeenRecord): SeenRecord[] {
    const wanted = asLine(record);
    if (this.noted.has(wanted)) return [...this.noted].map(asRecord);
    const later = new Map<string, boolean>();
    for (const { name, path } of attempt(() => this.folder.newest()) ?? []) {
      if (!name.startsWith(`${this.prefix} `)) continue;
      const there = new Map<string, boolean>();
      for (const line of attempt(() => readFileSync(path, "utf8").split("\n").filter(Boolean)) ?? []) {
        const isGone = line.startsWith(GONE);
        there.set(isGone ? line.slice(GONE.length) : line, !isGone);
      }
      if (there.get(wanted)) {
        return [...there].flatMap(([line, is]) => (is && later.get(line) !== false ? [asRecord(line)] : []));
      }
      for (const [line, is] of there) if (!later.has(line)) later.set(line, is);
    }
    return [];
  }
}

const GONE = "gone ";

const asLine = ({ type, id }: SeenRecord): string => JSON.stringify([type, id]);

function asRecord(line: string): SeenRecord {
  const [type, id] = JSON.parse(line) as [string, string];
  return { type, id };
}

/** `urn:pulumi:dev::project::...`: what a stack's URNs have in common. */
export const stackOf = (urn: string): string => urn.split("::").slice(0, 2).join("::");
