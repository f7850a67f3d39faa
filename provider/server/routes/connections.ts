import { Failure } from "../http/failure";
import type { Reply } from "../http/replies";
import type { ConnectionRow } from "../store/rows";
import type { Store } from "../store/store";
import { environmentsOf, listConnections, readAnswer } from "./connectionList";
import { encodeConnection } from "./encode/objects";
import { Body } from "./shared/body";
import {
  badRequest,
  badUuid,
  type Call,
  isNewerLocal,
  isUuid,
  nilUuid,
  noRecord,
  ownerOf,
  parameter,
  type Route,
} from "./shared/call";
import { administers } from "./shared/listing";
import { sees } from "./shared/visibility";

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
  const row = existing(call, call.view, id);
  if (row === undefined) {
    throw new Failure("other", 404, "unable to get: .connection", {
      code: "meshery-server-1032",
      cause: `connection ${id}: record not found`,
      terse: true,
    });
  }
  return readAnswer(call, encodeConnection(call, row, environmentsOf(call, [row]).get(row.id) ?? []));
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
    credentialId: body.text("credentialId") || (isNewerLocal(call) ? nilUuid : null),
    description: body.text("description") ?? "",
    url: body.text("url") ?? "",
    owner: ownerOf(call),
  };
  const present = chosen === undefined ? undefined : call.store.connections.get(chosen);
  if (present !== undefined && !(call.viewer.local && call.era.local?.newerRows === false)) {
    throw notSaved("connection write", 409, `connection with ID ${chosen} already exists`);
  }
  const row = present ?? call.store.connections.insert(chosen === undefined ? values : { ...values, id: chosen });
  return writeAnswer(call, 201, row);
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
  return writeAnswer(call, 200, row);
}

/**
 * What an update is in the Local provider: a new row, or one over the row that is there. Texts that are empty are taken from
 * that one, so they cannot be cleared; its owner and the time when it was made are not.
 */
function save(call: Call, body: Body): Reply {
  const id = parameter(call, "id");
  if (call.era.ids === "uuid" && !isUuid(id)) throw notSaved("connection write", 400, badUuid(id));
  const { connections } = call.store;
  const present = connections.get(id);
  if (present?.deletedAt === null && existing(call, call.store, id) === undefined)
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
  return writeAnswer(call, 200, row);
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
  return writeAnswer(call, 200, present);
}

function writeAnswer(call: Call, status: number, row: ConnectionRow): Reply {
  if (!call.era.connectionBodies || call.quirks.emptyWriteBodies) return { status };
  return { status, json: encodeConnection(call, row) };
}

/** The connection of the path, where the viewer may change it: sharing gives leave to read alone. */
function changeable(call: Call, scope: "connection write" | "connection delete"): ConnectionRow {
  const id = parameter(call, "id");
  const row = existing(call, call.store, id);
  if (row === undefined) throw missing(call, id, scope);
  if (!administers(call.viewer) && row.owner !== call.viewer.user.id) {
    throw notSaved(scope, 403, `connection ${id} belongs to another user`);
  }
  return row;
}

function existing(call: Call, store: Store, id: string): ConnectionRow | undefined {
  return sees(store, call.viewer, "connections", id) ? store.connections.get(id) : undefined;
}

const missing = (call: Call, id: string, scope: "connection write" | "connection delete") =>
  notSaved(scope, 404, call.viewer.local ? noRecord : `connection ${id}: record not found`);

const notSaved = (scope: "connection write" | "connection delete", status: number, cause: string) =>
  new Failure(scope, status, "Failed to Save: .connection", {
    code: "meshery-server-1051",
    cause,
    probably: "Provider Database could be down or not reachable",
    remedy: "Make sure provider is up and reachable",
  });

export const connectionRoutes: readonly Route[] = [
  { method: "GET", path: "/api/integrations/connections", handle: listConnections },
  { method: "POST", path: "/api/integrations/connections", handle: create },
  { method: "GET", path: "/api/integrations/connections/{id}", handle: get },
  { method: "PUT", path: "/api/integrations/connections/{id}", handle: update },
  { method: "DELETE", path: "/api/integrations/connections/{id}", handle: remove },
];
