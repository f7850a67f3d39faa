import { Failure } from "../http/failure";
import type { Reply } from "../http/replies";
import type { CredentialRow } from "../store/rows";
import { encodeCredential } from "./encode/objects";
import { Body } from "./shared/body";
import { badRequest, type Call, isUuid, parameter, type Route } from "./shared/call";
import { deletionCondition, listRows, pageOf } from "./shared/listing";

/** Credentials are scoped to their user, not to an organization. */
function list(call: Call): Reply {
  const page = pageOf(call, "credentials");
  const conditions = [
    deletionCondition({}, "credentials"),
    { sql: "credentials.user_id = ?", values: [call.viewer.user.id] },
  ];
  const { rows, total } = listRows(
    call.view,
    call,
    { table: "credentials", conditions, defaultOrder: "created_at desc" },
    page,
  );
  if (call.quirks.emptyListIsObject && total === 0) return { status: 200, json: {} };
  return {
    status: 200,
    // The envelope of credentials is spelled in snake_case in every version.
    json: {
      credentials: rows.map((row) => encodeCredential(call, call.view.credentials.read(row))),
      total_count: total,
      page: page.number,
      page_size: page.size ?? rows.length,
    },
  };
}

function get(call: Call): Reply {
  const id = parameter(call, "id");
  const row = call.view.credentials.get(id);
  if (row === undefined || row.deletedAt !== null || row.userId !== call.viewer.user.id) throw missing(id);
  return { status: 200, json: encodeCredential(call, row) };
}

function create(call: Call): Reply {
  const body = new Body(call, "connections");
  const name = body.text("name") ?? "";
  if (call.era.nameRequired && name.trim() === "") throw badRequest("name is required");
  const row = call.store.credentials.insert({
    name,
    type: body.text("type") ?? "",
    secret: body.object("secret") ?? {},
    userId: call.viewer.user.id,
  });
  return writeAnswer(call, 201, row);
}

/** The id stands in the body. A secret that is left out stays, but for the old Local provider. */
function update(call: Call): Reply {
  const body = new Body(call, "connections");
  const present = ownCredential(call, body.text("id") ?? "");
  const wiped = call.viewer.local && call.era.local?.absentSecret === "wiped";
  const row = call.store.credentials.update(present.id, {
    name: body.text("name") ?? present.name,
    type: body.text("type") ?? present.type,
    secret: body.object("secret") ?? (wiped ? {} : present.secret),
  }) as CredentialRow;
  return writeAnswer(call, 200, row);
}

function remove(call: Call): Reply {
  const id = call.query.get("credentialId") ?? call.query.get("credential_id") ?? "";
  if (id === "" || (call.era.ids === "uuid" && !isUuid(id))) throw badRequest("credentialId is missing or invalid");
  const present = ownCredential(call, id);
  call.store.credentials.delete(present.id);
  if (call.era.deleted === "no content") return { status: 204 };
  return writeAnswer(call, 200, present);
}

function writeAnswer(call: Call, status: number, row: CredentialRow): Reply {
  if (!call.era.connectionBodies || call.quirks.emptyWriteBodies) return { status };
  return { status, json: encodeCredential(call, row) };
}

function ownCredential(call: Call, id: string): CredentialRow {
  const row = call.store.credentials.get(id);
  if (row === undefined || row.userId !== call.viewer.user.id) throw missing(id);
  return row;
}

const missing = (id: string) =>
  new Failure("other", 404, `failed to get credential ${id}`, {
    code: "meshery-server-1028",
    cause: `credential ${id}: record not found`,
  });

export const credentialRoutes: readonly Route[] = [
  { method: "GET", path: "/api/integrations/credentials", handle: list },
  { method: "POST", path: "/api/integrations/credentials", handle: create },
  { method: "PUT", path: "/api/integrations/credentials", handle: update },
  { method: "DELETE", path: "/api/integrations/credentials", handle: remove },
  { method: "GET", path: "/api/integrations/credentials/{id}", handle: get },
];
