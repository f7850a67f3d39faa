import { createHash, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { attempt } from "../framework";
import { LineFile, UserFolder } from "./userFolder";

const KEPT_FOR = 24 * 60 * 60 * 1000; // milliseconds

/** A record in a stack's state. */
export interface SeenRecord {
  type: string;
  id: string;
}

/** What one run said last of each record, by its line. */
type LastWords = Map<string, "present" | "removed">;

/**
 * Which records the runs of a stack have seen in its state: created, updated, unchanged or read.
 *
 * The engine drops a record with the option `deletedWith` without telling the provider. When the object goes, the provider finds
 * edges that it was not asked to delete, and cannot tell the stack's own from those of others. Those that the newest run which had
 * the object had beside it are the stack's own.
 *
 * Each run appends to a file of its own in a folder of the user's, for a day; types and ids only. Where there is no such file, as
 * on another machine, nothing is taken for the stack's own.
 */
export class SeenRecords {
  /** Begins the names of all files of this stack and Meshery. */
  private readonly prefix: string;
  private readonly file: LineFile;
  private readonly present = new Set<string>();
  private isPrepared = false;

  constructor(
    stack: string,
    url: string,
    private readonly folder = new UserFolder("meshery-iac-stacks", KEPT_FOR),
  ) {
    this.prefix = `${createHash("sha256").update(`${stack} ${url}`).digest("hex")} `;
    this.file = new LineFile(join(this.folder.path, this.prefix + randomUUID()));
  }

  /** This run has the record in its state. */
  add(record: SeenRecord): void {
    const line = asLine(record);
    if (this.present.has(line)) return;
    this.append(line);
    this.present.add(line);
  }

  /** This run removed it: what has the same id later belongs to others. */
  remove(record: SeenRecord): void {
    const line = asLine(record);
    this.append(REMOVED + line);
    this.present.delete(line);
  }

  /** What the newest run that had `record` had beside it, without what was removed since. */
  beside(record: SeenRecord): SeenRecord[] {
    const wanted = asLine(record);
    if (this.present.has(wanted)) return [...this.present].map(asRecord);
    const later: LastWords = new Map();
    for (const path of this.newestFirst()) {
      const run = lastWords(path);
      if (run.get(wanted) === "present") {
        const left = [...run].filter(([line, word]) => word === "present" && later.get(line) !== "removed");
        return left.map(([line]) => asRecord(line));
      }
      for (const [line, word] of run) if (!later.has(line)) later.set(line, word);
    }
    return [];
  }

  private append(line: string): void {
    attempt(() => {
      if (!this.isPrepared) this.folder.prepare();
      this.isPrepared = true;
      this.folder.requireOwn();
      this.file.append(line);
    });
  }

  /** The files of this stack's runs. */
  private newestFirst(): string[] {
    const files = attempt(() => this.folder.newest()) ?? [];
    return files.flatMap(({ name, path }) => (name.startsWith(this.prefix) ? [path] : []));
  }
}

/** Begins the line of a record that was removed. */
const REMOVED = "gone ";

/** What a run's file says; nothing where it is not there any more. */
function lastWords(path: string): LastWords {
  const lines = attempt(() => readFileSync(path, "utf8").split("\n").filter(Boolean)) ?? [];
  return new Map(
    lines.map((line) => (line.startsWith(REMOVED) ? [line.slice(REMOVED.length), "removed"] : [line, "present"])),
  );
}

const asLine = ({ type, id }: SeenRecord): string => JSON.stringify([type, id]);

function asRecord(line: string): SeenRecord {
  const [type, id] = JSON.parse(line) as [string, string];
  return { type, id };
}

/** `urn:pulumi:dev::project`: what the URNs of a stack have in common. */
export const stackOf = (urn: string): string => urn.split("::").slice(0, 2).join("::");
