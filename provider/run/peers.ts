import { createHash, randomUUID } from "node:crypto";
import { closeSync, mkdirSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { attempt } from "../framework";
import { identityOf, isAlive } from "./processes";
import type { Peers } from "./runState";
import { LineFile, UserFolder } from "./userFolder";

const KEPT_FOR = 24 * 60 * 60 * 1000; // milliseconds

/**
 * The provider processes that one run of the engine talks to: one for each explicit provider and each version of the plugin, and
 * the host of dynamic providers. What changes its provider and its name in one run is declared to one of them and removed by
 * another. They are told by the engine's address, which each run has of its own, and by the Meshery they talk to; each appends
 * what it keeps to a file that the others read before they remove something. The engine ends them all together; a file of one
 * that is not there any more is of an earlier run at the same address. Ids only. Where the files cannot be had, each process knows
 * what it did itself.
 */
export function peers(engineAddress: string | undefined, url: string): PeerFiles | undefined {
  return engineAddress === undefined
    ? undefined
    : new PeerFiles(new UserFolder("meshery-iac-runs", KEPT_FOR), engineAddress, url);
}

export class PeerFiles implements Peers {
  private readonly own = `${identityOf(process.pid)} ${randomUUID()}`;
  private readonly folder: string;
  private file: LineFile | undefined;
  private readonly mine = new Set<string>();
  private readonly theirs = new Set<string>();
  /** How much was read of each file of another process, in bytes, and those of the line that was not complete by then. */
  private readonly read = new Map<string, { bytes: number; rest: string }>();

  constructor(
    private readonly runs: UserFolder,
    engineAddress: string,
    url: string,
  ) {
    const run = createHash("sha256").update(`${engineAddress} ${url}`).digest("hex");
    this.folder = join(runs.path, run);
  }

  tell(type: string, key: string): void {
    const line = asLine(type, key);
    if (this.mine.has(line)) return;
    this.mine.add(line);
    attempt(() => {
      if (!this.file) {
        this.runs.prepare();
        mkdirSync(this.folder, { recursive: true, mode: 0o700 });
        this.file = new LineFile(join(this.folder, this.own));
      }
      this.file.append(line);
    });
  }

  /** What follows is of another run: the others need no longer hear of what this one did. */
  end(): void {
    attempt(() => this.file?.remove());
  }

  told(type: string, key: string): boolean {
    attempt(() => {
      this.runs.requireOwn();
      for (const name of readdirSync(this.folder))
        if (name !== this.own && isAlive(name.split(" ").slice(0, 2).join(" "))) this.readOn(name);
    });
    return this.theirs.has(asLine(type, key));
  }

  private readOn(name: string): void {
    const seen = this.read.get(name) ?? { bytes: 0, rest: "" };
    const more = readFrom(join(this.folder, name), seen.bytes);
    const lines = (seen.rest + more.toString("latin1")).split("\n");
    this.read.set(name, { bytes: seen.bytes + more.length, rest: lines.pop() ?? "" });
    for (const line of lines) this.theirs.add(Buffer.from(line, "latin1").toString("utf8"));
  }
}

const asLine = (type: string, key: string): string => JSON.stringify(`${type} ${key}`);

function readFrom(file: string, position: number): Buffer {
  const descriptor = openSync(file, "r");
  try {
    const parts: Buffer[] = [];
    for (let at = position; ; ) {
      const part = Buffer.alloc(65_536);
      const length = readSync(descriptor, part, 0, part.length, at);
      if (length === 0) return Buffer.concat(parts);
      parts.push(part.subarray(0, length));
      at += length;
    }
  } finally {
    closeSync(descriptor);
  }
}
