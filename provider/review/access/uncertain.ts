import { type Edges, reaches } from "./access";
import type { Pairs } from "./pairs";

/** A pair of which an end is not known: it may be any. */
export interface UncertainPair {
  parent?: string | undefined;
  child?: string | undefined;
}

/** What a plan may make of the edges beyond what is certain. */
export interface Uncertain {
  bindings: readonly UncertainPair[];
  assignments: readonly UncertainPair[];
  memberships: readonly UncertainPair[];
}

export const CERTAIN: Uncertain = { bindings: [], assignments: [], memberships: [] };

/** Whether a pair is there, or may be; an end left out stands for any key. */
function mayHold(
  pairs: Pairs,
  uncertain: readonly UncertainPair[],
  parent: string | undefined,
  child: string | undefined,
) {
  const sure =
    parent !== undefined && child !== undefined
      ? pairs.has(parent, child)
      : parent !== undefined
        ? pairs.childrenOf(parent).size > 0
        : child !== undefined && pairs.parentsOf(child).size > 0;
  return sure || uncertain.some((pair) => fits(pair.parent, parent) && fits(pair.child, child));
}

const fits = (given: string | undefined, wanted: string | undefined): boolean =>
  given === undefined || wanted === undefined || given === wanted;

/** Whether a workspace may reach a connection, whatever the uncertain pairs turn out to be. */
export function mayReach(edges: Edges, uncertain: Uncertain, workspace: string, connection: string): boolean {
  if (reaches(edges, workspace, connection)) return true;
  const { bindings, assignments } = uncertain;
  if (bindings.length + assignments.length === 0) return false;
  const candidates = new Set<string | undefined>([
    ...edges.bindings.childrenOf(workspace),
    ...edges.assignments.parentsOf(connection),
    ...bindings.filter(({ parent }) => fits(parent, workspace)).map(({ child }) => child),
    ...assignments.filter(({ child }) => fits(child, connection)).map(({ parent }) => parent),
  ]);
  for (const environment of candidates)
    if (
      mayHold(edges.bindings, bindings, workspace, environment) &&
      mayHold(edges.assignments, assignments, environment, connection)
    )
      return true;
  return false;
}

/** Whether a team may reach a connection. */
export function teamMayReach(edges: Edges, uncertain: Uncertain, team: string, connection: string): boolean {
  const inAny = uncertain.memberships.some((pair) => fits(pair.child, team) && pair.parent === undefined);
  const workspaces = inAny
    ? edges.bindings.parents()
    : [
        ...edges.memberships.parentsOf(team),
        ...uncertain.memberships.flatMap((pair) => (fits(pair.child, team) && pair.parent ? [pair.parent] : [])),
      ];
  for (const workspace of workspaces) if (mayReach(edges, uncertain, workspace, connection)) return true;
  return inAny && uncertain.bindings.length > 0;
}
