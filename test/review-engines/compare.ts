import type { Report, ReportObject } from "../../provider/review/report/schema";
import type { MesheryServer } from "../../provider/server";
import { type Access, only } from "./oracle";

/** An edge that somebody else made: a workspace or connection that is there, and an environment of the program. */
export interface Foreign {
  binding: boolean;
  pick: number;
  other: number;
}

export function addForeign({ store }: MesheryServer, edges: readonly Foreign[]): void {
  const [environments, workspaces, connections] = [store.environments, store.workspaces, store.connections].map(
    (table) =>
      (table.list() as { id: string; name: string; deletedAt: string | null }[]).filter(
        ({ deletedAt }) => deletedAt === null,
      ),
  ) as unknown as [{ id: string }[], { id: string }[], { id: string }[]];
  for (const { binding, pick, other } of edges) {
    const environmentId = environments[pick % environments.length]!.id;
    if (binding)
      addOnce(store.workspaceEnvironments, { environmentId, workspaceId: workspaces[other % workspaces.length]!.id });
    else
      addOnce(store.environmentConnections, {
        environmentId,
        connectionId: connections[other % connections.length]!.id,
      });
  }
}

function addOnce(
  table: { list(): readonly unknown[]; insert(row: never): unknown },
  row: Record<string, string>,
): void {
  const isThere = (one: unknown) =>
    Object.entries(row).every(([key, value]) => (one as Record<string, unknown>)[key] === value);
  if (!table.list().some(isThere)) table.insert(row as never);
}

/** The pairs of a report by the ids that they have, or got by the apply. */
function pairsOf(all: Report["access"]["gained"], { ids }: Access): string[] {
  const id = (kind: string, object: ReportObject) =>
    object.id ?? ids.get(`${kind} ${object.name}`) ?? `no ${kind} ${object.name}`;
  return all.map(({ workspace, connection }) => `${id("workspace", workspace)} ${id("connection", connection)}`).sort();
}

/** A report says exactly what the server shows, and calls nothing unknown. */
export function expectTrue({ access }: Report, before: Access, after: Access): void {
  expect(access.unknown).toEqual([]);
  expect(pairsOf(access.gained, after)).toEqual(only(after.workspaces, before.workspaces));
  expect(pairsOf(access.lost, before)).toEqual(only(before.workspaces, after.workspaces));
}
