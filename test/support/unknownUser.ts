import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const UID = 12_345;

/** How something is run by a user without an entry in passwd, as by `docker run --user`; undefined where it cannot be. */
export function asUnknownUser(): { command: string; args: string[] } | undefined {
  const prefix = { command: "setpriv", args: [`--reuid=${UID}`, `--regid=${UID}`, "--clear-groups"] };
  const script = "try { require('os').userInfo(); process.exit(1) } catch { process.exit(0) }";
  const tried = spawnSync(prefix.command, [...prefix.args, process.execPath, "-e", script], { stdio: "ignore" });
  if (tried.status === 0) return prefix;
  console.info("Skipped: only root, on a system with setpriv, can become a user without an entry in passwd.");
  return undefined;
}

/** A copy of a folder where every user can read it; a checkout may be in a folder of root's own. */
export function readableCopy(folder: string): { folder: string; remove(): void } {
  const parent = mkdtempSync(join(tmpdir(), "readable-"));
  chmodSync(parent, 0o755);
  const copy = join(parent, "copy");
  cpSync(folder, copy, { recursive: true });
  return { folder: copy, remove: () => rmSync(parent, { recursive: true, force: true }) };
}

/** A folder for temporary files in which the one for our own is somebody else's, as it may be on a machine that many share. */
const shared = mkdtempSync(join(tmpdir(), "shared-"));
chmodSync(shared, 0o1777);
for (const name of ["plans", "runs"]) mkdirSync(join(shared, `meshery-iac-${name}-${UID}`), { mode: 0o700 });
process.once("exit", () => rmSync(shared, { recursive: true, force: true }));

export const SURROUNDINGS: [string, Record<string, string | undefined>][] = [
  ["without HOME", { HOME: undefined }],
  ["with an empty HOME", { HOME: "" }],
  ["with a HOME that is not there", { HOME: "/nowhere" }],
  ["where its folder for temporary files is somebody else's", { HOME: undefined, TMPDIR: shared }],
];
