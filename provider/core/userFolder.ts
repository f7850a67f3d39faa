import { lstatSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

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
  ) {
    const { uid, username } = userInfo();
    this.path = join(tmpdir(), `${name}-${uid >= 0 ? uid : username}`);
  }

  /** Sees to it that it is there. Throws where it cannot be had. */
  prepare(): void {
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    for (const name of this.names()) {
      const path = join(this.path, name);
      // Others may be taking it away at the same moment.
      attempt(() => {
        if (Date.now() - statSync(path).mtimeMs > this.keptFor) rmSync(path, { force: true, recursive: true });
      });
    }
  }

  /** What is in it. Throws where it is not there or belongs to somebody else, who could tell us to keep what should go. */
  names(): string[] {
    this.requireOwn();
    return readdirSync(this.path);
  }

  requireOwn(): void {
    const { uid } = userInfo();
    const found = lstatSync(this.path);
    if (!found.isDirectory() || (uid >= 0 && found.uid !== uid))
      throw new Error(`${this.path} belongs to somebody else`);
  }
}

/** For what makes a run more careful, but is not needed for it: undefined where it fails. */
export function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
