import { Failure } from "../http/failure";
import type { Reply } from "../http/replies";
import type { ConnectionRow } from "../store/rows";
import { danglingEnvironment } from "./encode/localObjects";
import { encodeConnection, encodeEnvironment } from "./encode/objects";
import { type Call, isNewerLocal } from "./shared/call";
import { deletionCondition, envelope, jsonFilter, keyValueFilter, listRows, pageOf } from "./shared/listing";
import { type Condition, visibleTo } from "./shared/visibility";

/** The list is not scoped by organization: Meshery Server neither reads nor forwards `orgId` here. */
export function listConnections(call: Call): Reply {
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
  const shown = connections.map((row) => encodeConnection(call, row, environments.get(row.id) ?? []));
  const json = envelope(call, call.era.envelopes.others, "connections", shown, total, page);
  const summary = call.era.keys === "camel" ? "statusSummary" : "status_summary";
  if (Object.keys(json).length > 0) json[summary] = statusSummary(call);
  return readAnswer(call, json);
}

/** The answer of a read; where its type is left to a guess, JSON is taken for text. */
export function readAnswer(call: Call, json: unknown): Reply {
  const reply = { status: 200, json };
  return call.era.connectionsAreTyped ? reply : { ...reply, headers: { "content-type": "text/plain; charset=utf-8" } };
}

/** `filter=sub_type <value>`, the grammar of Meshery Server, or JSON as the documents have it. */
function filtered(call: Call): Condition[] {
  if (!call.era.keyValueFilters) return [deletionCondition(jsonFilter(call), "connections")];
  const { key, value = "" } = keyValueFilter(call) ?? {};
  const deleted = key === "deleted_at" && value === "Deleted";
  const column = key === "type" || key === "sub_type" ? oneOf(call, key, [value]) : [];
  return [deletionCondition({ deleted_at: deleted }, "connections"), ...column];
}

/** Rows whose column has one of `values`; none is no condition. */
function oneOf(call: Call, column: "kind" | "status" | "type" | "sub_type", values: string[]): Condition[] {
  if (values.length === 0) return [];
  // What the API stores is in another column of the same table.
  if (column === "type" && isNewerLocal(call)) return [{ sql: "0", values: [] }];
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
export function environmentsOf(
  call: Call,
  connections: readonly ConnectionRow[],
): Map<string, Record<string, unknown>[]> {
  const dangling = isNewerLocal(call);
  const visible = visibleTo(call.viewer, "environments");
  const living = ["environments.deleted_at is null", ...visible.map(({ sql }) => sql)].join(" and ");
  const rows = call.view.sql.all(
    `select environments.*, ec.connection_id as of_connection from environment_connections ec
     ${dangling ? "left join" : "join"} environments on environments.id = ec.environment_id and ${living}
     where ec.connection_id in (select value from json_each(?)) order by ec.rowid`,
    [...visible.flatMap(({ values }) => values), JSON.stringify(connections.map(({ id }) => id))],
  );
  const encodedById = new Map<string, Record<string, unknown>>();
  const found = new Map<string, Record<string, unknown>[]>();
  for (const row of rows) {
    const id = String(row.id);
    const encoded =
      row.id === null
        ? danglingEnvironment
        : (encodedById.get(id) ?? encodeEnvironment(call, call.view.environments.read(row)));
    encodedById.set(id, encoded);
    const connection = String(row.of_connection);
    const listed = found.get(connection) ?? [];
    listed.push(encoded);
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
