import { createHash, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { attempt, LineFile, UserFolder } from "../../core";

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
    attempt(() => {
      if (this.noted.size === 0) this.folder.prepare();
      this.folder.requireOwn();
      this.own.append(line);
    });
    this.noted.add(line);
  }

  /** What the newest run that saw `record` saw. */
  beside(record: SeenRecord): SeenRecord[] {
    const wanted = asLine(record);
    if (this.noted.has(wanted)) return [...this.noted].map(asRecord);
    const files = attempt(() => this.folder.newest()) ?? [];
    for (const { name, path } of files) {
      if (!name.startsWith(`${this.prefix} `)) continue;
      const lines = attempt(() => readFileSync(path, "utf8").split("\n").filter(Boolean)) ?? [];
      if (lines.includes(wanted)) return lines.map(asRecord);
    }
    return [];
  }
}

const asLine = ({ type, id }: SeenRecord): string => JSON.stringify([type, id]);

function asRecord(line: string): SeenRecord {
  const [type, id] = JSON.parse(line) as [string, string];
  return { type, id };
}

/** `urn:pulumi:dev::project::...`: what a stack's URNs have in common. */
export const stackOf = (urn: string): string => urn.split("::").slice(0, 2).join("::");
