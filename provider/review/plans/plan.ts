import type { Values } from "../../framework";
import type { EdgeResource, LookupShape, ObjectResource, SetResource } from "../catalog";

export const ENGINES = ["terraform", "opentofu", "pulumi"] as const;
export type EngineName = (typeof ENGINES)[number];

/** What a plan does to one resource. A replacement is both sides at once. */
export type Action = "create" | "update" | "delete" | "replace" | "forget" | "none";

/** Where a change is declared. */
export interface Place {
  stack: string;
  address: string;
  file?: string;
  line?: number;
}

/** What a value that is not known yet refers to. */
export type Reference =
  /** The attribute of a resource or lookup, by its address in the same plan. */
  | { address: string; attribute?: string }
  /** A value that the plan shows. */
  | { value: unknown }
  /** Why it cannot be followed. */
  | { reason: string };

interface Change {
  place: Place;
  action: Action;
  /** The object of which an import takes over the record. */
  importing: boolean;
  /** The engine puts off what depends on this. */
  deferred: boolean;
  /** What is there stays when it leaves the program: forgotten, or kept on deletion. */
  keeps?: "forgotten" | "retained";
  /** For a replacement: the new one is made before the old one goes. */
  createFirst: boolean;
  before?: Values;
  /** Holds `UNKNOWN` for what is known after the apply. */
  after?: Values;
  /** Whether the program gives the field. */
  isWritten(field: string): boolean;
  /** What an unknown field refers to: one for a text, one for each unknown member of a set. */
  refersTo(field: string): Reference[];
}

export interface ObjectChange extends Change {
  declared: ObjectResource;
}
export interface EdgeChange extends Change {
  declared: EdgeResource;
}
export interface SetChange extends Change {
  declared: SetResource;
}
export type PlannedChange = ObjectChange | EdgeChange | SetChange;

/** What a data source found, or will find when it is read. */
export interface LookupResult {
  place: Place;
  shape: LookupShape;
  values: Values;
  refersTo(field: string): Reference[];
}

/** One plan of one stack, as its engine's JSON tells it. */
export interface Plan {
  stack: string;
  engine: EngineName;
  engineVersion: string;
  sha256: string;
  complete: boolean;
  errored: boolean;
  destroy: boolean;
  /** How many resources stay the same and are left out: a preview of Pulumi shows them only when asked to. */
  hidden: number;
  /** Texts that the plan marks as sensitive. */
  secrets: string[];
  changes: PlannedChange[];
  lookups: LookupResult[];
  /** Resources of ours that are no part of access: credentials. */
  others: { action: Action; importing: boolean; deferred: boolean }[];
}

/** A text that is no plan; its message is one sentence for people. */
export class PlanError extends Error {
  override readonly name = "PlanError";
}

export const isObject = (change: PlannedChange): change is ObjectChange => change.declared.shape === "object";
export const isEdge = (change: PlannedChange): change is EdgeChange => change.declared.shape === "edge";
export const isSet = (change: PlannedChange): change is SetChange => change.declared.shape === "set";
