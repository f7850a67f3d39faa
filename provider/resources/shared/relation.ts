import type { CachedList, NamedRow } from "../../client";
import type { Context, State } from "../../framework";

/** An object at an end of an edge. */
export interface EndRow extends NamedRow {
  /** Undefined where it belongs to none, or the server does not say. */
  organizationId?: string | undefined;
}
/** An object that can hold others, and whose it is. */
export interface OwnedRow extends EndRow {
  owner: string;
}

export interface EdgeEnd {
  field: string;
  /** The field that keeps its name. */
  name: string;
  /** In texts for people. */
  word: string;
  resource: "Environment" | "Workspace" | "Connection";
}

/** A pair of objects of which one holds the other: a connection in an environment, an environment in a workspace. */
export interface EdgeKind<Parent extends OwnedRow, Child extends EndRow> {
  resource: "ConnectionAssignment" | "WorkspaceBinding";
  parent: EdgeEnd;
  child: EdgeEnd;
  parents(context: Context, organizationId: string): CachedList<Parent>;
  children(context: Context, organizationId: string): CachedList<Child>;
  /** The children that the parent holds. */
  held(context: Context, organizationId: string, parentId: string): CachedList<Child>;
  /** Sends one row; true where the answer states the pair. */
  add(context: Context, organizationId: string, parentId: string, child: Child): Promise<boolean>;
  remove(context: Context, organizationId: string, parentId: string, childId: string): Promise<void>;
  /** Whether whoever sees the parent sees all that it holds: what its list does not hold is then not in it. */
  childrenSeenWithParent: boolean;
  /** Names of the ends that are given, kept in state so that the plan of a delete can be read. */
  named(parent: Parent | undefined, child: Child | undefined): Record<string, string>;
}

/** An end as messages call it: `environment "production" (id)`; without a name where it is not known. */
export function endInWords({ field, name, word }: EdgeEnd, values: Record<string, unknown>): string {
  const [id, called] = [String(values[field]), values[name]];
  return typeof called === "string" && called !== "" ? `${word} "${called}" (${id})` : `${word} ${id}`;
}

/** What an edge is called in messages. */
export const edgeInWords = <P extends OwnedRow, C extends EndRow>(
  { parent, child }: EdgeKind<P, C>,
  values: Record<string, unknown>,
): string => `of ${endInWords(child, values)} in ${endInWords(parent, values)}`;

export type EdgeState = State & { organizationId: string; owner?: unknown };

export const endsOf = <P extends OwnedRow, C extends EndRow>(
  kind: EdgeKind<P, C>,
  values: Record<string, unknown>,
) => ({
  parentId: String(values[kind.parent.field]),
  childId: String(values[kind.child.field]),
});
