import * as plan from "./plan";
import * as schema from "./schema";

// What the constructs need of a topology; bundled beside them at build, with its types written out in full, so that nobody who
// uses them needs zod.

type WrittenOut<T> = T extends readonly (infer Item)[]
  ? readonly WrittenOut<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: WrittenOut<T[Key]> }
    : T;

type LeftOut<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [Key in keyof T]?: LeftOut<T[Key]> | undefined }
    : T;

/** A topology as a program writes it: everything may be left out. */
export type TopologyInput = WrittenOut<LeftOut<schema.Topology>>;
export type TopologyPlan = WrittenOut<plan.TopologyPlan>;

/** The plan of a topology file. Throws TopologyError with line and column of everything that is wrong. */
export const planTopologyFile = (text: string, file: string): TopologyPlan =>
  plan.planTopology(schema.parseTopology(text, file));

/** The plan of a topology that a program holds. Throws TopologyError with the path of everything that is wrong. */
export const planTopologyObject = (topology: unknown): TopologyPlan =>
  plan.planTopology(schema.checkedTopology(topology));
