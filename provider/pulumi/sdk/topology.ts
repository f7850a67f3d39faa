import type { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { TopologyError } from "../../topology/parse";
import { planTopology, type TopologyPlan } from "../../topology/plan";
import { checkedTopology, parseTopology } from "../../topology/schema";

/**
 * The plan of a topology file.
 * @throws TopologyError with file, line and column of everything that is wrong, and the system's error for one that is not there
 */
export function planFile(file: string, read: typeof readFileSync): TopologyPlan {
  return planTopology(parseTopology(read(resolve(file), "utf8"), file));
}

/**
 * The plan of a topology that a program holds.
 * @throws Error that says where in the object something is wrong
 */
export function planObject(topology: unknown): TopologyPlan {
  try {
    return planTopology(checkedTopology(topology));
  } catch (error) {
    if (!(error instanceof TopologyError)) throw error;
    throw new Error(error.problems.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join("\n"));
  }
}
