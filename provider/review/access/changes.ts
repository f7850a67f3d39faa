import { type Edges, paths, reachedBy, reaches, workspacesOf } from "./access";
import { Pairs } from "./pairs";
import { CERTAIN, mayReach, teamMayReach, type Uncertain } from "./uncertain";

/** A workspace that reaches a connection, and through which environments. */
export interface WorkspaceAccess {
  workspace: string;
  connection: string;
  through: string[];
}

/** A team that reaches a connection, and through which workspaces. */
export interface TeamAccess {
  team: string;
  connection: string;
  through: string[];
}

export interface AccessChanges {
  gained: WorkspaceAccess[];
  lost: WorkspaceAccess[];
  teams: { gained: TeamAccess[]; lost: TeamAccess[] };
}

/**
 * Which access is gained and lost between two sets of edges. A pair that stays open another way is neither. `after` holds what is
 * certain: what `uncertain` could keep open is not lost.
 */
export function accessChanges(before: Edges, after: Edges, uncertain: Uncertain = CERTAIN): AccessChanges {
  const touched = touchedPairs(before, after);
  const result: AccessChanges = { gained: [], lost: [], teams: { gained: [], lost: [] } };
  for (const [workspace, connection] of touched) {
    const [was, is] = [reaches(before, workspace, connection), reaches(after, workspace, connection)];
    if (!was && is) result.gained.push({ workspace, connection, through: paths(after, workspace, connection) });
    if (was && !mayReach(after, uncertain, workspace, connection))
      result.lost.push({ workspace, connection, through: paths(before, workspace, connection) });
  }
  for (const [team, connection] of touchedTeams(before, after, touched)) {
    const [was, is] = [workspacesOf(before, team, connection), workspacesOf(after, team, connection)];
    if (was.length === 0 && is.length > 0) result.teams.gained.push({ team, connection, through: is });
    if (was.length > 0 && !teamMayReach(after, uncertain, team, connection))
      result.teams.lost.push({ team, connection, through: was });
  }
  return result;
}

/** Every pair of a workspace and a connection with a path through an edge that only one side has. */
function touchedPairs(before: Edges, after: Edges): Pairs {
  const touched = new Pairs();
  for (const [workspace, environment] of differing(before.bindings, after.bindings))
    for (const { assignments } of [before, after])
      for (const connection of assignments.childrenOf(environment)) touched.add(workspace, connection);
  for (const [environment, connection] of differing(before.assignments, after.assignments))
    for (const { bindings } of [before, after])
      for (const workspace of bindings.parentsOf(environment)) touched.add(workspace, connection);
  return touched;
}

function touchedTeams(before: Edges, after: Edges, workspaces: Pairs): Pairs {
  const touched = new Pairs();
  for (const [workspace, connection] of workspaces)
    for (const { memberships } of [before, after])
      for (const team of memberships.childrenOf(workspace)) touched.add(team, connection);
  for (const [workspace, team] of differing(before.memberships, after.memberships))
    for (const edges of [before, after])
      for (const connection of reachedBy(edges, workspace)) touched.add(team, connection);
  return touched;
}

/** The pairs that only one of two sets has. */
export function* differing(before: Pairs, after: Pairs): Generator<readonly [string, string]> {
  for (const pair of before) if (!after.has(...pair)) yield pair;
  for (const pair of after) if (!before.has(...pair)) yield pair;
}
