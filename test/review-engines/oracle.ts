import type { MesheryServer } from "../../provider/server";

/** Who reaches what on a server, by trying every path in its own store. Shares no code with the product. */
export interface Access {
  /** `<workspace id> <connection id>`. */
  workspaces: Set<string>;
  /** `<team id> <connection id>`. */
  teams: Set<string>;
  /** Ids of what is there, by kind and name. */
  ids: Map<string, string>;
}

interface Row {
  id: string;
  deletedAt: string | null;
}

const alive = <One extends Row>(rows: readonly One[]): One[] => rows.filter(({ deletedAt }) => deletedAt === null);

export function accessOn({ store }: MesheryServer): Access {
  const [workspaces, environments, connections, teams] = [
    alive(store.workspaces.list()),
    alive(store.environments.list()),
    alive(store.connections.list()),
    alive(store.teams.list()),
  ];
  const there = new Set([...workspaces, ...environments, ...connections, ...teams].map(({ id }) => id));
  const result: Access = { workspaces: new Set(), teams: new Set(), ids: new Map() };
  const holds = alive(store.environmentConnections.list());
  for (const { workspaceId, environmentId } of alive(store.workspaceEnvironments.list()))
    for (const { environmentId: holder, connectionId } of holds) {
      if (holder !== environmentId) continue;
      if (![workspaceId, environmentId, connectionId].every((id) => there.has(id))) continue;
      result.workspaces.add(`${workspaceId} ${connectionId}`);
      for (const { workspaceId: of, teamId } of alive(store.workspaceTeams.list()))
        if (of === workspaceId && there.has(teamId)) result.teams.add(`${teamId} ${connectionId}`);
    }
  for (const [kind, rows] of Object.entries({
    workspace: workspaces,
    environment: environments,
    connection: connections,
  }))
    for (const { id, name } of rows) result.ids.set(`${kind} ${name}`, id);
  return result;
}

export const only = (one: ReadonlySet<string>, other: ReadonlySet<string>): string[] =>
  [...one].filter((pair) => !other.has(pair)).sort();
