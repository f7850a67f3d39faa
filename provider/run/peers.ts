import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { attempt } from "../framework";
import { LineTail } from "./lineTail";
import { identityOf, isAlive } from "./processes";
import type { Peers } from "./runState";
import { LineFile, UserFolder } from "./userFolder";

const KEPT_FOR = 24 * 60 * 60 * 1000; // milliseconds

/**
 * What this process and the other provider processes of the same engine run tell each other; undefined where the engine's address
 * is not known.
 *
 * One run of Pulumi talks to several provider processes: one for each explicit provider and each version of the plugin, and the
 * host of the dynamic providers. A resource that changes its provider and its name in one run is created by one of them and
 * deleted by another, which must know of it.
 */
export function peers(engineAddress: string | undefined, url: string): PeerFiles | undefined {
  if (engineAddress === undefined) return undefined;
  return new PeerFiles(new UserFolder("meshery-iac-runs", KEPT_FOR), engineAddress, url);
}

/**
 * Each process appends what it applied to a file of its own, and reads the others' files before it deletes something. They share a
 * folder, named by the engine's address, which each run has of its own, and by Meshery's. Files hold types and ids only. Where they
 * cannot be had, each process knows only what it did itself.
 */
export class PeerFiles implements Peers {
  private readonly folder: string;
  /** The process stands in the name: a file of one that has ended is of an earlier run at the same address. */
  private readonly ownName = `${identityOf(process.pid)} ${randomUUID()}`;
  private ownFile: LineFile | undefined;
  private readonly ownLines = new Set<string>();
  private readonly peerFiles = new Map<string, LineTail>();
  private readonly peerLines = new Set<string>();

  constructor(
    private readonly runs: UserFolder,
    engineAddress: string,
    url: string,
  ) {
    this.folder = join(runs.path, createHash("sha256").update(`${engineAddress} ${url}`).digest("hex"));
  }

  /** Announces to the others that this process applied what has this id. */
  announce(type: string, id: string): void {
    const line = asLine(type, id);
    if (this.ownLines.has(line)) return;
    this.ownLines.add(line);
    attempt(() => {
      this.ownFile ??= this.createOwnFile();
      this.ownFile.append(line);
    });
  }

  /** Whether one of the others applied what has this id. */
  isAnnounced(type: string, id: string): boolean {
    attempt(() => this.readPeers());
    return this.peerLines.has(asLine(type, id));
  }

  /** This process takes no further part in the run: the others need no longer hear of what it applied. */
  end(): void {
    attempt(() => this.ownFile?.remove());
  }

  private createOwnFile(): LineFile {
    this.runs.prepare();
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    return new LineFile(join(this.folder, this.ownName));
  }

  private readPeers(): void {
    this.runs.requireOwn();
    for (const name of readdirSync(this.folder)) {
      if (name === this.ownName || !isAlive(processIn(name))) continue;
      const file = this.peerFiles.get(name) ?? new LineTail(join(this.folder, name));
      this.peerFiles.set(name, file);
      for (const line of file.newLines()) this.peerLines.add(line);
    }
  }
}

/** The identity of the process that a file's name begins with. */
const processIn = (fileName: string): string => fileName.split(" ").slice(0, 2).join(" ");

const asLine = (type: string, id: string): string => JSON.stringify(`${type} ${id}`);
