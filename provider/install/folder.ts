import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** What a folder is to hold: by name the content, and the mode that systems with modes give it. */
export type Files = ReadonlyMap<string, { content: Buffer; mode: number }>;

/** "same": it was there already, byte for byte. "replaced": something else was there. */
export type Outcome = "installed" | "same" | "replaced";

/** How often the folder is tried for, should other installations take it in between. */
const MOST_ATTEMPTS = 20;

/**
 * Makes `folder` hold exactly `files`. Whoever looks sees all of it or nothing, also while others install the same; what is
 * right already is left alone. The files are made ready in `stagingIn`, which must be of the same file system.
 * @throws the system's error, where the folder cannot be had
 */
export async function placeFolder(folder: string, files: Files, stagingIn: string = dirname(folder)): Promise<Outcome> {
  if (await holdsExactly(folder, files)) return "same";
  await mkdir(stagingIn, { recursive: true });
  const staging = await mkdtemp(join(stagingIn, ".new-"));
  try {
    const fresh = join(staging, "package");
    await mkdir(fresh);
    for (const [name, { content, mode }] of files) {
      await writeFile(join(fresh, name), content, { mode });
      await chmod(join(fresh, name), mode); // whatever the umask
    }
    await mkdir(dirname(folder), { recursive: true });
    let replaced = false;
    for (let attempt = 1; ; attempt++) {
      const failure = await rename(fresh, folder).catch((error: unknown) => error);
      if (failure === undefined) return replaced ? "replaced" : "installed";
      // Another installation may have come first: what is right is never moved away.
      if (await holdsExactly(folder, files)) return replaced ? "replaced" : "same";
      if (attempt === MOST_ATTEMPTS) throw failure;
      if (await movedAway(folder, join(staging, `old-${attempt}`))) replaced = true;
    }
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Moves what is there out of the way; whether there was anything. */
async function movedAway(folder: string, to: string): Promise<boolean> {
  const moved = await rename(folder, to).then(
    () => true,
    () => false,
  );
  return moved && !(await isEmptyFolder(to));
}

const isEmptyFolder = (path: string): Promise<boolean> =>
  readdir(path).then(
    (names) => names.length === 0,
    () => false,
  );

async function holdsExactly(folder: string, files: Files): Promise<boolean> {
  const present = await readdir(folder).catch(() => undefined);
  if (present?.length !== files.size) return false;
  for (const [name, { content, mode }] of files) {
    const path = join(folder, name);
    // Another installation may take the folder away at any moment.
    const [there, status] = await Promise.all([readFile(path), stat(path)]).catch(() => []);
    if (!there?.equals(content)) return false;
    if (process.platform !== "win32" && (Number(status?.mode) & 0o777) !== mode) return false;
  }
  return true;
}
