import { ApiError } from "../client";
import type { Context } from "../framework";
import { connections } from "./connection";
import { environments } from "./environment";
import { edgeResource } from "./shared/edgeResource";
import { declareRelation } from "./shared/relation";
import type { ObjectRow } from "./shared/wire";

const parentIdsOf = (connection: ObjectRow) => connection.environments as string[] | undefined;

export const environmentConnections = declareRelation({
  name: "environment-connection",
  resource: "ConnectionAssignment",
  parent: environments,
  child: connections,
  childrenSeenWithParent: false,
  parentIdsOf,
  heldBy: assigned,
});

export const ConnectionAssignment = edgeResource(environmentConnections, {
  noun: "assignment",
  description:
    "One connection in one environment. The workspaces that have the environment, and with them their teams, thereby reach the connection. An assignment that a program declares is the program's, however it came there, and removing it revokes it; the connection itself stays. To keep one that leaves the program, let the engine forget it: `removed` with `lifecycle { destroy = false }` (Terraform), `retainOnDelete` (Pulumi), or `state rm`. Assignments that the program does not declare are not touched.",
});

/** Clients of servers that failed to list an environment's connections: the connections' own `environments` are used then. */
const failing = new WeakSet<Context["client"]>();

/**
 * The connections of an environment. Some releases fail this one route, or count rows and send none; the connections then still
 * name their environments.
 */
async function assigned(
  { client }: Pick<Context, "client">,
  environmentId: string,
  read: () => Promise<ObjectRow[]>,
): Promise<ObjectRow[]> {
  if (failing.has(client)) {
    const rows = await assignedByConnections(client, environmentId);
    if (rows) return rows;
    failing.delete(client);
  }
  try {
    return await read();
  } catch (error) {
    const code = error instanceof ApiError ? error.code : undefined;
    if (code !== "server-error" && code !== "incomplete-list") throw error;
    const rows = await assignedByConnections(client, environmentId);
    if (!rows) throw error;
    if (code === "server-error") failing.add(client);
    return rows;
  }
}

async function assignedByConnections(
  client: Context["client"],
  environmentId: string,
): Promise<ObjectRow[] | undefined> {
  const all = [...(await connections.list(client, "").read("now")).values()];
  // Who sees no connection sees none in any environment.
  if (all.length > 0 && all.every((row) => parentIdsOf(row) === undefined)) return undefined;
  return all.filter((row) => parentIdsOf(row)?.includes(environmentId));
}
