import type { Values } from "../../framework";
import { type Edges, noEdges } from "../access/access";
import type { Kind } from "../catalog";

/** An object that access is about: one that is there, or one that a plan makes. */
export interface MesheryObject {
  kind: Kind;
  /** Its id; for what has none yet, what tells it from all others in this review. */
  key: string;
  id: string | null;
  name: string;
  organizationId?: string | undefined;
  /** What a row or a plan says of it, by the names of the fields. */
  values: Values;
  /** The name was recorded by an edge when that was made, and may have changed since. */
  nameRecorded?: boolean;
}

/** What is there before the plans: live Meshery, or what the plans themselves tell. */
export interface World {
  basis: "live" | "offline";
  objects: Map<string, MesheryObject>;
  edges: Edges;
  /** Names of organizations, by id. */
  organizations: Map<string, string>;
  /** Whether the teams of workspaces are known. */
  teamsKnown: boolean;
  /** What of this could not be read, in sentences. */
  notes: string[];
  /** Offline: the objects of which everything at the other end of a relation is known, as `bindings <key>`. */
  whole: Set<string>;
}

export const emptyWorld = (basis: World["basis"]): World => ({
  basis,
  objects: new Map(),
  edges: noEdges(),
  organizations: new Map(),
  teamsKnown: false,
  notes: [],
  whole: new Set(),
});

export const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

/** Puts an object into the world, or what is said of it over what is known. */
export function put(
  world: Pick<World, "objects">,
  kind: Kind,
  id: string,
  values: Values,
  recorded = false,
): MesheryObject {
  const known = world.objects.get(id);
  const name = textOf(values.name);
  if (known) {
    if (recorded && !known.nameRecorded) return known;
    known.values = { ...known.values, ...values };
    if (name !== undefined) known.name = name;
    known.organizationId ??= textOf(values.organizationId);
    if (!recorded) delete known.nameRecorded;
    return known;
  }
  const object: MesheryObject = {
    kind,
    key: id,
    id,
    name: name ?? "",
    organizationId: textOf(values.organizationId),
    values,
    ...(recorded && { nameRecorded: true }),
  };
  world.objects.set(id, object);
  return object;
}
