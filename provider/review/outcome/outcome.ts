import type { Edges, RelationKey } from "../access/access";
import type { Uncertain, UncertainPair } from "../access/uncertain";
import type { Kind } from "../catalog";
import type { ObjectChange, Place, PlannedChange } from "../plans/plan";
import type { MesheryObject } from "../world/world";

export const DIRECTIONS = ["gain", "loss", "either"] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** A change whose effect on access is not known exactly. */
export interface UnknownChange {
  place: Place;
  direction: Direction;
  /** The ends that are known, by kind. */
  known: Partial<Record<Kind, string>>;
  reason: string;
  advice: string;
}

/** What declares, adds or removes a pair, or an object that pairs go with. */
export interface Cause {
  place: Place;
  action: string;
}

export const KEPT = ["forgotten", "let go", "retained"] as const;
export type KeptReason = (typeof KEPT)[number];

/** A change of an object, with the keys of what was and what will be. */
export interface TracedObject {
  change: ObjectChange;
  before?: string | undefined;
  after?: string | undefined;
  /** The one before is gone with it. */
  removed: boolean;
  /** It takes over what exists. */
  adopts: boolean;
  kept?: KeptReason | undefined;
}

/** What plans come to: the objects and edges after them, why, and what of it is not known. */
export interface Outcome {
  objects: Map<string, MesheryObject>;
  edges: Edges;
  uncertain: Record<RelationKey, UncertainPair[]> & Uncertain;
  unknown: UnknownChange[];
  /** By `pairKey`. */
  added: Map<string, Cause[]>;
  removed: Map<string, Cause[]>;
  /** Pairs that leave a program and stay. */
  kept: Map<string, { reason: KeptReason; cause: Cause }>;
  /** Pairs that a program declares, after the plans. */
  declared: Map<string, Place>;
  traced: TracedObject[];
  /** Causes of the removal of an object, and of its making, by key. */
  gone: Map<string, Cause>;
  made: Map<string, Cause>;
  /** Objects that leave a program and stay. */
  letGo: Map<string, { reason: KeptReason; cause: Cause }>;
}

export const pairKey = (relation: RelationKey, parent: string, child: string): string =>
  `${relation}\0${parent}\0${child}`;

/** What a change is called in a report. */
export function actionName(change: PlannedChange): string {
  if (change.deferred) return "deferred";
  if (change.importing) return "import";
  return change.action;
}

export const causeOf = (change: PlannedChange): Cause => ({ place: change.place, action: actionName(change) });

export function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}
