import { Failure } from "../http/failure";
import type { Reply } from "../http/replies";
import type { EnvironmentRow } from "../store/rows";
import type { Store } from "../store/store";
import { encodeAssignedConnection, encodeEnvironment, zeroed } from "./encode/objects";
import { Body } from "./shared/body";
import {
  badRequest,
  badUuid,
  type Call,
  isNewerLocal,
  isUuid,
  nilUuid,
  ownerOf,
  parameter,
  type Route,
} from "./shared/call";
import { addEdge, type EdgeKind, listEdges, missing, removeEdge } from "./shared/edges";
import { deletionCondition, envelope, keyValueFilter, listRows, pageOf } from "./shared/listing";
import { inOrganization, organizationIn, organizationOf } from "./shared/organization";
import { type Condition, sees } from "./shared/visibility";

const assignments: EdgeKind<"environmentId", "connectionId"> = {
  parent: "environments",
  child: "connections",
  one: "environmentId",
  other: "connectionId",
  table: (store) => store.environmentConnections,
  columns: ["environment_id", "connection_id"],
  mappings: "environmentConnectionMapping",
  parameters: ["id", "connectionId"],
  shown: (call, row) => encodeAssignedConnection(call, call.view.connections.read(row)),
};

function list(call: Call): Reply {
  const organization = organizationOf(call, "environments");
  const page = pageOf(call, "topology", isNewerLocal(call));
  const conditions = [...inOrganization(call, "environments", organization), ...filtered(call)];
  const { rows, total } = listRows(call.view, call, { table: "environments", conditions }, page);
  const shown = rows.map((row) => encodeEnvironment(call, call.view.environments.read(row)));
  return { status: 200, json: envelope(call, call.era.envelopes.environments, "environments", shown, total, page) };
}

/** `filter=<key> <value>`, the grammar of Meshery Server, or JSON as the documents have it. */
function filtered(call: Call): Condition[] {
  const { key, value = "" } = keyValueFilter(call) ?? {};
  if (key === "owner")
    return [deletionCondition({}, "environments"), { sql: "environments.owner = ?", values: [value] }];
  if (key === "deleted_at") return [deletionCondition({ deleted_at: value === "Deleted" }, "environments")];
  const filter = call.query.get("filter") ?? "";
  if (!filter.startsWith("{")) return [deletionCondition({}, "environments")];
  try {
    return [deletionCondition(JSON.parse(filter) as Record<string, unknown>, "environments")];
  } catch (error) {
    throw error instanceof Failure ? error : badRequest("filter is not JSON");
  }
}

function get(call: Call): Reply {
  organizationOf(call, "environment");
  return { status: 200, json: one(call, encodeEnvironment(call, existing(call, call.view))) };
}

function create(call: Call): Reply {
  const body = new Body(call, "topology");
  const name = nameIn(call, body);
  const description = body.text("description") ?? "";
  const organizationId = organizationIn(call, body);
  refuseDuplicateName(call, "environments", organizationId, name);
  const row = call.store.environments.insert({ name, description, organizationId, owner: ownerOf(call) });
  return writeAnswer(call, call.era.createdStatus, encodeEnvironment(call, row));
}

function update(call: Call): Reply {
  const body = new Body(call, "topology");
  if (call.viewer.local) return save(call, body);
  const present = existing(call, call.store);
  const keeps = call.era.absentOnUpdate === "kept";
  const name = body.text("name") ?? (keeps ? present.name : "");
  if (call.era.nameRequired && name.trim() === "") throw badRequest("name is required");
  const given = body.text("description");
  let description = given ?? (keeps ? present.description : "");
  if (call.quirks.textsStay && (given ?? "") === "") description = present.description;
  const organizationId =
    call.era.organizationOnUpdate === "kept" ? present.organizationId : (body.text("organizationId") ?? nilUuid);
  refuseDuplicateName(call, "environments", organizationId, name, present.id);
  const row = call.store.environments.update(present.id, { name, description, organizationId }) as EnvironmentRow;
  const encoded = encodeEnvironment(call, row);
  if (call.quirks.zeroedPut) return { status: 200, json: zeroed(encoded) };
  return writeAnswer(call, 200, one(call, encoded));
}

/** What an update is in the Local provider: the row as the body has it, new or over the one that is there. */
function save(call: Call, body: Body): Reply {
  const id = parameter(call, "id");
  if (isNewerLocal(call) && !isUuid(id)) {
    throw new Failure("topology", 400, "failed to update environment", {
      code: "meshery-server-1033",
      cause: badUuid(id),
      withoutStatus: true,
    });
  }
  const { environments } = call.store;
  const present = environments.get(id);
  if (present !== undefined && present.deletedAt === null) existing(call, call.store);
  const name = body.text("name") ?? "";
  const given = body.text("description") ?? "";
  const description = given === "" && call.quirks.textsStay ? (present?.description ?? "") : given;
  const organizationId = organizationIn(call, body);
  refuseDuplicateName(call, "environments", organizationId, name, id);
  const values = { name, description, organizationId, createdAt: call.store.now(), deletedAt: null };
  const row = environments.update(id, values) ?? environments.insert({ ...values, id, owner: nilUuid });
  const encoded = encodeEnvironment(call, row);
  if (call.quirks.zeroedPut) return { status: 200, json: zeroed(encoded) };
  return writeAnswer(call, 200, one(call, encoded));
}

/** One environment: itself, or a page that holds it alone. */
function one(call: Call, encoded: Record<string, unknown>): Record<string, unknown> {
  if (call.era.oneEnvironment === "object") return encoded;
  return envelope(call, call.era.envelopes.environments, "environments", [encoded], 1, {
    number: 0,
    size: 1,
    offset: 0,
  });
}

/**
 * A remote provider keeps the row with a deletion time and clears its edges; the Local one deletes the row and leaves
 * the edges behind. Connections survive either way.
 */
function remove(call: Call): Reply {
  const present = existing(call, call.store);
  if (call.viewer.local) {
    call.store.environments.delete(present.id);
  } else {
    call.store.environments.update(present.id, { deletedAt: call.store.now() });
    call.store.environmentConnections.deleteWhere({ environmentId: present.id });
    call.store.workspaceEnvironments.deleteWhere({ environmentId: present.id });
  }
  if (call.era.deleted === "no content") return { status: 204 };
  return writeAnswer(call, 200, encodeEnvironment(call, present));
}

function existing(call: Call, store: Store): EnvironmentRow {
  const id = parameter(call, "id");
  const row = sees(store, call.viewer, "environments", id) ? store.environments.get(id) : undefined;
  if (row === undefined) throw missing("environments", id, call);
  return row;
}

/** The answer of a write: the object, or nothing where writes answer with empty bodies. */
export function writeAnswer(call: Call, status: number, encoded: Record<string, unknown>): Reply {
  return call.quirks.emptyWriteBodies ? { status } : { status, json: encoded };
}

/** The name in a body; eras that check nothing take an empty one. */
export function nameIn(call: Call, body: Body): string {
  const name = body.text("name") ?? "";
  if (call.era.nameRequired && name.trim() === "") throw badRequest("name is required");
  return name;
}

/** Refuses a name that another living object of the organization has, where the server was told to. */
export function refuseDuplicateName(
  call: Call,
  table: "environments" | "workspaces",
  organizationId: string,
  name: string,
  except?: string,
): void {
  if (call.duplicateNames === "allowed") return;
  const taken = call.store[table].list({ organizationId, name, deletedAt: null }).some(({ id }) => id !== except);
  if (!taken) return;
  throw new Failure("topology", call.duplicateNames, `failed to save ${table.slice(0, -1)}`, {
    code: "meshery-server-1033",
    cause: `${table.slice(0, -1)} with the same name already exists in this organization`,
  });
}

export const environmentRoutes: readonly Route[] = [
  { method: "GET", path: "/api/environments", handle: list },
  { method: "POST", path: "/api/environments", handle: create },
  { method: "GET", path: "/api/environments/{id}", handle: get },
  { method: "PUT", path: "/api/environments/{id}", handle: update },
  { method: "DELETE", path: "/api/environments/{id}", handle: remove },
  { method: "GET", path: "/api/environments/{id}/connections", handle: (call) => listEdges(call, assignments) },
  {
    method: "POST",
    path: "/api/environments/{id}/connections/{connectionId}",
    handle: (call) => addEdge(call, assignments),
  },
  {
    method: "DELETE",
    path: "/api/environments/{id}/connections/{connectionId}",
    handle: (call) => removeEdge(call, assignments),
  },
];
