import { readFileSync } from "node:fs";
import { attempt } from "../framework";

/** When a process was begun: clock ticks since the system was; empty where the system does not show it. */
function begunAt(pid: number): string {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, "utf8")) ?? "";
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}

/** A process of this machine, told from a later one of the same id by when it was begun, where the system shows that. */
export const identityOf = (pid: number): string => `${pid} ${begunAt(pid)}`;

/** Whether the process of an identity is there, and ours. */
export function isAlive(identity: string): boolean {
  const pid = Number.parseInt(identity, 10);
  return attempt(() => process.kill(pid, 0)) === true && identityOf(pid) === identity;
}
