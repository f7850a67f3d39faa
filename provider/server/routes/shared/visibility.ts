import type { Viewer } from "../../http/authentication";
import type { SqlValue } from "../../store/sql";
import type { Store } from "../../store/store";

/** A condition of a query and the values of its question marks. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

export type Visible = "organizations" | "teams" | "workspaces" | "environments" | "connections";

const grantedWorkspaces =
  "select wt.workspace_id from workspace_teams wt join team_members tm on tm.team_id = wt.team_id where tm.user_id = ?";
const sharedWorkspaces = `select id from workspaces where owner = ? union ${grantedWorkspaces}`;
const sharedEnvironments = `select we.environment_id from workspace_environments we where we.workspace_id in (${sharedWorkspaces})`;
const sharedConnections = `select ec.connection_id from environment_connections ec where ec.environment_id in (${sharedEnvironments})`;

/**
 * What `viewer` may see of `table`, as conditions on its columns.
 *
 * A connection is seen by its owner, by members of a team whose workspace holds an environment that holds it, and by
 * holders of "View All Organizations" (Layer5 documentation, August 2026); environments and workspaces follow the same
 * chain. What belongs to a forgotten organization is seen by nobody.
 */
export function visibleTo(viewer: Viewer, table: Visible): Condition[] {
  const all = viewer.local || viewer.user.viewAll;
  const id = viewer.user.id;
  const organization = table === "organizations" ? `${table}.id` : `${table}.organization_id`;
  const conditions: Condition[] = [];
  if (table === "organizations") conditions.push({ sql: "organizations.hidden = 0", values: [] });
  else if (table !== "connections") {
    conditions.push({
      sql: `${organization} not in (select id from organizations where hidden = 1)`,
      values: [],
    });
  }
  if (all) return conditions;
  if (table !== "connections") {
    conditions.push({
      sql: `${organization} in (select organization_id from organization_members where user_id = ?)`,
      values: [id],
    });
  }
  if (table === "workspaces") {
    conditions.push({ sql: `(workspaces.owner = ? or workspaces.id in (${grantedWorkspaces}))`, values: [id, id] });
  }
  if (table === "environments") {
    conditions.push({
      sql: `(environments.owner = ? or environments.id in (${sharedEnvironments}))`,
      values: [id, id, id],
    });
  }
  if (table === "connections") {
    conditions.push({
      sql: `(connections.owner = ? or connections.id in (${sharedConnections}))`,
      values: [id, id, id],
    });
  }
  return conditions;
}

/** Whether `viewer` sees the living object `id`. */
export function sees(store: Store, viewer: Viewer, table: Visible, id: string): boolean {
  const conditions = [
    { sql: `${table}.id = ? and ${table}.deleted_at is null`, values: [id] },
    ...visibleTo(viewer, table),
  ];
  const where = conditions.map(({ sql }) => sql).join(" and ");
  return (
    store.sql.get(
      `select 1 from ${table} where ${where}`,
      conditions.flatMap(({ values }) => values),
    ) !== undefined
  );
}
