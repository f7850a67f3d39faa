import { homedir } from "node:os";
import { isAbsolute } from "node:path";
import { attempt } from "../framework";

/**
 * The user's home folder; undefined where there is none. A user without an entry in the system's list, as in containers that are
 * run under any number, has none unless HOME names it: Node throws.
 */
export function homeFolder(): string | undefined {
  const folder = attempt(homedir);
  return folder !== undefined && isAbsolute(folder) ? folder : undefined;
}
