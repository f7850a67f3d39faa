import { Body } from "../body";
import { badRequest, type Call, isUuid, parameter, type Reply, type Route } from "../call";
import { Failure } from "../failure";
import { administers, envelope, jsonFilter, listRows, livingUnless, pageOf } from "../listing";
import type { ConnectionRow } from "../rows";
import type { Store } from "../store";
import { type Condition, sees, visibleTo } from "../visibility";
import { connectionWire, environmentWire } from "../wire";

const columns = {
  name: "name",
  CreatedAt: "created_at",
  UpdatedAt: "updated_at",
  created_at: "created_at",
  updated_at: "updated_at",
};

/** The list is not scoped by organization: Meshery Server neither reads nor forwards `orgId` here. */
function list(call: Call): Reply {
  const page = pageOf(call, "connections");
  const name = call.query.get("name");
  const conditions: Condition[] = [
    livingUnless(call.era.connectionFilters === "json arrays" ? {} : jsonFilter(call), "connections"),
    ...(["kind", "status", "type"] as const).flatMap((column) => {
      const values = valuesOf(call, column);
      if (values.length === 0) return [];
      return [
        {
          sql: `connections.${column} in (select value from json_each(?))`,
          values: [JSON.stringify(values)],
        },
      ];
    }),
    ...(name ? [{ sql: "instr(lower(connections.name), ?) > 0", values: [name.toLowerCase()] }] : []),
  ];
  const orders = Object.fromEntries(call.era.connectionOrders.map((order) => [order, columns[order]]));
  const { rows, total } = listRows(call.view, call, { table: "connections", conditions, orders }, page);
  const connections = rows.map((row) => call.view.connections.read(row));
  const environments = environmentsOf(call, connections);
  const shown = connections.map((row) => connectionWire(call, row, environments.get(row.id) ?? []));
  const json = envelope(call, call.era.envelopes.others, "connections", shown, total, page);
  const summary = call.era.keys === "camel" ? "statusSummary" : "status_summary";
  if (Object.keys(json).length > 0) json[summary] = statusSummary(call);
  return { status: 200, json };
}

/** The values of a filter: repeated parameters, or one JSON array that is an error 500 when it is not one. */
function valuesOf(call: Call, name: string): string[] {
  const given = call.query.getAll(name).filter((value) => value !== "");
  if (call.era.connectionFilters === "repeated" || given.length === 0) return given;
  let parsed: unknown;
  try {
    parsed = JSON.parse(given[0] ?? "");
  } catch {
    parsed = undefined;
  }
  if (!Array.isArray(parsed) || !parsed.every((value) => typeof value === "string")) {
    throw new Failure("other", 500, `failed to read ${name}`, {
      code: "meshery-server-1032",
      cause: `invalid character in ${name}`,
    });
  }
  return parsed as string[];
}

/** The environments of every connection of a page, read at once. */
function environmentsOf(call: Call, connections: readonly ConnectionRow[]): Map<string, Record<string, unknown>[]> {
  const visible = visibleTo(call.viewer, "environments");
  const where = [
    "ec.connection_id in (select value from json_each(?))",
    "environments.deleted_at is null",
    ...visible.map(({ sql }) => sql),
  ];
  const rows = call.view.sql.all(
    `select environments.*, ec.connection_id as of_connection from environment_connections ec
     join environments on environments.id = ec.environment_id where ${where.join(" and ")} order by ec.rowid`,
    [JSON.stringify(connections.map(({ id }) => id)), ...visible.flatMap(({ values }) => values)],
  );
  const wires = new Map<string, Record<string, unknown>>();
  const found = new Map<string, Record<string, unknown>[]>();
  for (const row of rows) {
    const id = String(row.id);
    const wire = wires.get(id) ?? environmentWire(call, call.view.environments.read(row));
    wires.set(id, wire);
    const connection = String(row.of_connection);
    const listed = found.get(connection) ?? [];
    listed.push(wire);
    found.set(connection, listed);
  }
  return found;
}

function statusSummary(call: Call): Record<string, number> {
  const conditions = [{ sql: "connections.deleted_at is null", values: [] }, ...visibleTo(call.viewer, "connections")];
  const rows = call.view.sql.all(
    `select status, count(*) as n from connections where ${conditions.map(({ sql }) => sql).join(" and ")} group by status`,
    conditions.flatMap(({ values }) => values),
  );
  return Object.fromEntries(rows.map(({ status, n }) => [String(status), Number(n)]));
}

function get(call: Call): Reply {
  const id = parameter(call, "id");
  if (call.era.ids === "uuid" && !isUuid(id)) throw badRequest(`invalid connection id ${id}`);
  const row = living(call, call.view, id);
  if (row === undefined) throw missing(id, "other");
  return { status: 200, json: connectionWire(call, row, environmentsOf(call, [row]).get(row.id) ?? []) };
}

/** An id that is chosen by the client and exists already makes the save a silent no-op. */
function create(call: Call): Reply {
  const body = new Body(call, "connections");
  const chosen = body.text("id") || undefined;
  if (chosen !== undefined && call.era.ids === "uuid" && !isUuid(chosen)) throw body.unreadable("id is not a UUID");
  const name = body.text("name") ?? "";
  if (call.era.nameRequired && name.trim() === "") throw badRequest("name is required");
  const kind = body.text("kind") ?? "";
  if (call.era.nameRequired && kind === "") throw badRequest("kind is required");
  const values: Partial<ConnectionRow> = {
    name,
    kind,
    type: body.text("type") ?? "",
    subType: body.text("subType") ?? "",
    status: body.text("status") ?? "",
    metadata: body.object("metadata") ?? {},
    credentialId: body.text("credentialId") || null,
    description: body.text("description") ?? "",
    url: body.text("url") ?? "",
    owner: call.viewer.user.id,
  };
  const present = chosen === undefined ? undefined : call.store.connections.get(chosen);
  const row = present ?? call.store.connections.insert(chosen === undefined ? values : { ...values, id: chosen });
  return answered(call, 201, row);
}

/** Fields that the body leaves out stay as they are. Transitions of the status are not checked. */
function update(call: Call): Reply {
  const present = changeable(call, "connection write");
  const body = new Body(call, "connections");
  const row = call.store.connections.update(present.id, {
    name: body.text("name") ?? present.name,
    kind: body.text("kind") ?? present.kind,
    type: body.text("type") ?? present.type,
    subType: body.text("subType") ?? present.subType,
    status: body.text("status") ?? present.status,
    metadata: body.object("metadata") ?? present.metadata,
    credentialId: body.text("credentialId") ?? present.credentialId,
    description: body.text("description") ?? present.description,
    url: body.text("url") ?? present.url,
  }) as ConnectionRow;
  return answered(call, 200, row);
}

function remove(call: Call): Reply {
  const present = changeable(call, "connection delete");
  if (call.viewer.local) {
    call.store.connections.delete(present.id);
  } else {
    call.store.connections.update(present.id, { deletedAt: call.store.now() });
    call.store.environmentConnections.deleteWhere({ connectionId: present.id });
  }
  if (call.era.deleted === "no content") return { status: 204 };
  return answered(call, 200, present);
}

function answered(call: Call, status: number, row: ConnectionRow): Reply {
  if (!call.era.connectionBodies || call.quirks.emptyWriteBodies) return { status };
  return { status, json: connectionWire(call, row) };
}

/** The connection of the path, where the viewer may change it: sharing gives leave to read alone. */
function changeable(call: Call, scope: "connection write" | "connection delete"): ConnectionRow {
  const id = parameter(call, "id");
  const row = living(call, call.store, id);
  if (row === undefined) throw missing(id, scope);
  if (!administers(call.viewer) && row.owner !== call.viewer.user.id) {
    throw new Failure(scope, 403, "Failed to Save", {
      code: "meshery-server-1051",
      cause: `connection ${id} belongs to another user`,
    });
  }
  return row;
}

function living(call: Call, store: Store, id: string): ConnectionRow | undefined {
  return sees(store, call.viewer, "connections", id) ? store.connections.get(id) : undefined;
}

function missing(id: string, scope: "connection write" | "connection delete" | "other"): Failure {
  return new Failure(scope, 404, scope === "other" ? `failed to get connection ${id}` : "Failed to Save", {
    code: scope === "other" ? "meshery-server-1032" : "meshery-server-1051",
    cause: `connection ${id}: record not found`,
  });
}

export const connectionRoutes: readonly Route[] = [
  { method: "GET", path: "/api/integrations/connections", handle: list },
  { method: "POST", path: "/api/integrations/connections", handle: create },
  { method: "GET", path: "/api/integrations/connections/{id}", handle: get },
  { method: "PUT", path: "/api/integrations/connections/{id}", handle: update },
  { method: "DELETE", path: "/api/integrations/connections/{id}", handle: remove },
];
