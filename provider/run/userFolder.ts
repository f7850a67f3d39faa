import { closeSync, lstatSync, mkdirSync, openSync, readdirSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { attempt } from "../framework";

/** The user's number, which needs no entry in the system's list of users; undefined on systems that have none. */
const userNumber = (): number | undefined => process.getuid?.();

/** So many of what is in it are kept at most. */
const MOST = 1_000;

/**
 * A folder among the system's temporary ones for what processes of one user tell each other. Nothing in it is needed for long,
 * and nobody else can write there.
 */
export class UserFolder {
  readonly path: string;

  /** `keptFor`: milliseconds after which what is in it is taken away. */
  constructor(
    name: string,
    private readonly keptFor: number,
    parent: string = tmpdir(),
  ) {
    this.path = join(parent, `${name}-${userNumber() ?? userInfo().username}`);
  }

  /** Sees to it that it is there, and does not grow for ever. Throws where it cannot be had. */
  prepare(): void {
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    const now = Date.now();
    for (const [i, { path, at }] of this.newest().entries())
      if (i >= MOST || now - at > this.keptFor) attempt(() => rmSync(path, { force: true, recursive: true }));
  }

  /** What is in it, newest first. Throws where it is not there or belongs to somebody else, who could tell us to keep what goes. */
  newest(): { name: string; path: string; at: number }[] {
    this.requireOwn();
    const found = readdirSync(this.path).flatMap((name) => {
      const path = join(this.path, name);
      // Another process may be taking it away.
      const at = attempt(() => statSync(path).mtimeMs);
      return at === undefined ? [] : [{ name, path, at }];
    });
    return found.sort((a, b) => b.at - a.at);
  }

  requireOwn(): void {
    const uid = userNumber();
    const found = lstatSync(this.path);
    if (!found.isDirectory() || (uid !== undefined && found.uid !== uid))
      throw new Error(`${this.path} belongs to somebody else`);
  }
}

/** A file that grows line by line, and is read by others meanwhile. It stays open, since opening costs more than a line. */
export class LineFile {
  private descriptor: number | undefined;

  constructor(private readonly path: string) {}

  append(...lines: readonly string[]): void {
    this.descriptor ??= openSync(this.path, "a", 0o600);
    writeSync(this.descriptor, lines.map((line) => `${line}\n`).join(""));
  }

  remove(): void {
    if (this.descriptor === undefined) return;
    closeSync(this.descriptor);
    this.descriptor = undefined;
    rmSync(this.path, { force: true });
  }
}
