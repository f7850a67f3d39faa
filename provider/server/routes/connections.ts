import { Failure } from "../http/failure";
import type { Reply } from "../http/replies";
import type { ConnectionRow } from "../store/rows";
import type { Store } from "../store/store";
import { danglingEnvironment } from "./encode/localObjects";
import { connectionWire, environmentWire } from "./encode/objects";
import { Body } from "./shared/body";
import {
  badRequest,
  badUuid,
  type Call,
  isUuid,
  newerRows,
  nilUuid,
  noRecord,
  ownerOf,
  parameter,
  type Route,
} from "./shared/call";
import { administers, envelope, jsonFilter, keyValueFilter, listRows, livingUnless, pageOf } from "./shared/listing";
import { type Condition, sees, visibleTo } from "./shared/visibility";

/** The list is not scoped by organization: Meshery Server neither reads nor forwards `orgId` here. */
function list(call: Call): Reply {
  const page = pageOf(call, "connections");
  const name = call.query.get("name");
  const conditions: Condition[] = [
    ...filtered(call),
    ...(["kind", "status", "type"] as const).flatMap((column) => oneOf(call, column, valuesOf(call, column))),
    ...(name ? [{ sql: "instr(lower(connections.name), ?) > 0", values: [name.toLowerCase()] }] : []),
  ];
  const { rows, total } = listRows(call.view, call, { table: "connections", conditions }, page);
  const connections = rows.map((row) => call.view.connections.read(row));
  const environments = environmentsOf(call, connections);
  const shown = connections.map((row) => connectionWire(call, row, environments.get(row.id) ?? []));
  const json = envelope(call, call.era.envelopes.others, "connections", shown, total, page);
  const summary = call.era.keys === "camel" ? "statusSummary" : "status_summary";
  if (Object.keys(json).length > 0) json[summary] = statusSummary(call);
  return read(call, json);
}

/** The answer of a read; where its type is left to a guess, JSON is taken for text. */
function read(call: Call, json: unknown): Reply {
  const reply = { status: 200, json };
  return call.era.connectionsAreTyped ? reply : { ...reply, headers: { "content-type": "text/plain; charset=utf-8" } };
}

/** `filter=sub_type <value>`, the grammar of Meshery Server, or JSON as the documents have it. */
function filtered(call: Call): Condition[] {
  if (!call.era.keyValueFilters) return [livingUnless(jsonFilter(call), "connections")];
  const { key, value = "" } = keyValueFilter(call) ?? {};
  const deleted = key === "deleted_at" && value === "Deleted";
  const column = key === "type" || key === "sub_type" ? oneOf(call, key, [value]) : [];
  return [livingUnless({ deleted_at: deleted }, "connections"), ...column];
}

/** Rows whose column has one of `values`; none is no condition. */
function oneOf(call: Call, column: "kind" | "status" | "type" | "sub_type", values: string[]): Condition[] {
  if (values.length === 0) return [];
  // What the API stores is in another column of the same table.
  if (column === "type" && newerRows(call)) return [{ sql: "0", values: [] }];
  return [{ sql: `connections.${column} in (select value from json_each(?))`, values: [JSON.stringify(values)] }];
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

/** The environments of every connection of a page, read at once; the Local provider shows an empty one for each that is gone. */
function environmentsOf(call: Call, connections: readonly ConnectionRow[]): Map<string, Record<string, unknown>[]> {
  const dangling = newerRows(call);
  const visible = visibleTo(call.viewer, "environments");
  const living = ["environments.deleted_at is null", ...visible.map(({ sql }) => sql)].join(" and ");
  const rows = call.view.sql.all(
    `select environments.*, ec.connection_id as of_connection from environment_connections ec
     ${dangling ? "left join" : "join"} environments on environments.id = ec.environment_id and ${living}
     where ec.connection_id in (select value from json_each(?)) order by ec.rowid`,
    [...visible.flatMap(({ values }) => values), JSON.stringify(connections.map(({ id }) => id))],
  );
  const wires = new Map<string, Record<string, unknown>>();
  const found = new Map<string, Record<string, unknown>[]>();
  for (const row of rows) {
    const id = String(row.id);
    const wire =
      row.id === null
        ? danglingEnvironment
        : (wires.get(id) ?? environmentWire(call, call.view.environments.read(row)));
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
  if (call.era.ids === "uuid" && !isUuid(id)) {
    throw new Failure("request", 400, "invalid or empty uuid", {
      code: "meshery-server-1354",
      cause: "invalid connection ID",
      probably: "provided id is not a valid uuid",
      remedy: "provide a valid uuid",
    });
  }
  const row = living(call, call.view, id);
  if (row === undefined) {
    throw new Failure("other", 404, "unable to get: .connection", {
      code: "meshery-server-1032",
      cause: `connection ${id}: record not found`,
      terse: true,
    });
  }
  return read(call, connectionWire(call, row, environmentsOf(call, [row]).get(row.id) ?? []));
}

/** An id that is chosen by the client and exists already is refused; older servers did nothing and said that they had. */
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
    credentialId: body.text("credentialId") || (newerRows(call) ? nilUuid : null),
    description: body.text("description") ?? "",
    url: body.text("url") ?? "",
    owner: ownerOf(call),
  };
  const present = chosen === undefined ? undefined : call.store.connections.get(chosen);
  if (present !== undefined && !(call.viewer.local && call.era.local?.newerRows === false)) {
    throw unsaved("connection write", 409, `connection with ID ${chosen} already exists`);
  }
  const row = present ?? call.store.connections.insert(chosen === undefined ? values : { ...values, id: chosen });
  return answered(call, 201, row);
}

/** Fields that the body leaves out stay as they are. Transitions of the status are not checked. */
function update(call: Call): Reply {
  const body = new Body(call, "connections");
  if (call.viewer.local) return save(call, body);
  const present = changeable(call, "connection write");
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

/**
 * What an update is in the Local provider: a new row, or one over the row that is there. Texts that are empty are taken from
 * that one, so they cannot be cleared; its owner and the time when it was made are not.
 */
function save(call: Call, body: Body): Reply {
  const id = parameter(call, "id");
  if (call.era.ids === "uuid" && !isUuid(id)) throw unsaved("connection write", 400, badUuid(id));
  const { connections } = call.store;
  const present = connections.get(id);
  if (present?.deletedAt === null && living(call, call.store, id) === undefined)
    throw missing(call, id, "connection write");
  const text = (field: "name" | "kind" | "type" | "subType" | "status" | "description" | "url") =>
    body.text(field) || (present?.[field] ?? "");
  const values: Partial<ConnectionRow> = {
    name: text("name"),
    kind: text("kind"),
    type: text("type"),
    subType: text("subType"),
    status: text("status"),
    description: text("description"),
    url: text("url"),
    metadata: body.object("metadata") ?? present?.metadata ?? {},
    credentialId: body.text("credentialId") || (present?.credentialId ?? null),
    owner: null,
    createdAt: call.store.now(),
    deletedAt: null,
  };
  const row = connections.update(id, values) ?? connections.insert({ ...values, id });
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
  if (row === undefined) throw missing(call, id, scope);
  if (!administers(call.viewer) && row.owner !== call.viewer.user.id) {
    throw unsaved(scope, 403, `connection ${id} belongs to another user`);
  }
  return row;
}

function living(call: Call, store: Store, id: string): ConnectionRow | undefined {
  return sees(store, call.viewer, "connections", id) ? store.connections.get(id) : undefined;
}

const missing = (call: Call, id: string, scope: "connection write" | "connection delete") =>
  unsaved(scope, 404, call.viewer.local ? noRecord : `connection ${id}: record not found`);

const unsaved = (scope: "connection write" | "connection delete", status: number, cause: string) =>
  new Failure(scope, status, "Failed to Save: .connection", {
    code: "meshery-server-1051",
    cause,
    probably: "Provider Database could be down or not reachable",
    remedy: "Make sure provider is up and reachable",
  });

export const connectionRoutes: readonly Route[] = [
  { method: "GET", path: "/api/integrations/connections", handle: list },
  { method: "POST", path: "/api/integrations/connections", handle: create },
  { method: "GET", path: "/api/integrations/connections/{id}", handle: get },
  { method: "PUT", path: "/api/integrations/connections/{id}", handle: update },
  { method: "DELETE", path: "/api/integrations/connections/{id}", handle: remove },
];
