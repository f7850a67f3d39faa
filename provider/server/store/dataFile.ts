import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";

/**
 * Claims a database file for this process until the returned function is called.
 *
 * The SQLite build for WebAssembly locks by a folder beside the file, which stays behind when the process is killed and
 * would keep the file locked for ever. The claim names the process, so that what a dead one left can be cleared away.
 *
 * @throws Error where another living process, or another server of this one, has the file
 */
export function claimDataFile(file: string): () => void {
  const claim = `${file}.owner`;
  const lock = `${file}.lock`;
  if (existsSync(claim)) {
    const owner = Number.parseInt(readFileSync(claim, "utf8"), 10);
    if (lives(owner)) {
      throw new Error(
        `data file ${file} is in use by process ${owner}; if that is no Meshery server, remove ${claim} and try again`,
      );
    }
    rmSync(lock, { recursive: true, force: true });
    rmSync(claim, { force: true });
  } else if (existsSync(lock)) {
    throw new Error(`data file ${file} is locked by another program; if there is none, remove ${lock} and try again`);
  }
  try {
    writeFileSync(claim, `${process.pid}\n`, { flag: "wx" });
  } catch (error) {
    throw new Error(`cannot keep data in ${file}: ${(error as Error).message}`);
  }
  return () => rmSync(claim, { force: true });
}

function lives(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process is there, but another user's.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
