import { Pairs } from "./pairs";

/** The pairs that access follows from. Keys are opaque; those of deleted objects are in no pair. */
export interface Edges {
  /** Workspace and environment. */
  bindings: Pairs;
  /** Environment and connection. */
  assignments: Pairs;
  /** Workspace and team. */
  memberships: Pairs;
}

export const RELATION_KEYS = ["bindings", "assignments", "memberships"] as const;
export type RelationKey = (typeof RELATION_KEYS)[number];

export const noEdges = (): Edges => ({ bindings: new Pairs(), assignments: new Pairs(), memberships: new Pairs() });

export const copied = ({ bindings, assignments, memberships }: Edges): Edges => ({
  bindings: new Pairs(bindings),
  assignments: new Pairs(assignments),
  memberships: new Pairs(memberships),
});

/** The environments through which a workspace reaches a connection. */
export function paths({ bindings, assignments }: Edges, workspace: string, connection: string): string[] {
  const [bound, holders] = [bindings.childrenOf(workspace), assignments.parentsOf(connection)];
  const [few, many] = bound.size <= holders.size ? [bound, holders] : [holders, bound];
  return [...few].filter((environment) => many.has(environment));
}

export function reaches({ bindings, assignments }: Edges, workspace: string, connection: string): boolean {
  const [bound, holders] = [bindings.childrenOf(workspace), assignments.parentsOf(connection)];
  const [few, many] = bound.size <= holders.size ? [bound, holders] : [holders, bound];
  for (const environment of few) if (many.has(environment)) return true;
  return false;
}

/** The connections that a workspace reaches. */
export function reachedBy({ bindings, assignments }: Edges, workspace: string): Set<string> {
  const found = new Set<string>();
  for (const environment of bindings.childrenOf(workspace))
    for (const connection of assignments.childrenOf(environment)) found.add(connection);
  return found;
}

/** The workspaces of a team through which it reaches a connection. */
export const workspacesOf = (edges: Edges, team: string, connection: string): string[] =>
  [...edges.memberships.parentsOf(team)].filter((workspace) => reaches(edges, workspace, connection));
