import type { Era } from "../eras/era";
import { Failure } from "../http/failure";
import type { Reply } from "../http/replies";
import { encodeOrganization, encodeTeam, encodeUser } from "./encode/objects";
import { type Call, parameter, type Route } from "./shared/call";
import { deletionCondition, listRows, pageOf } from "./shared/listing";
import { sees } from "./shared/visibility";

/** Both spellings of the envelope, as Meshery Server's handler writes them. */
function organizations(call: Call): Reply {
  const page = pageOf(call, "identity");
  const conditions = [deletionCondition({}, "organizations")];
  const { rows, total } = listRows(call.view, call, { table: "organizations", conditions }, page);
  if (call.quirks.emptyListIsObject && total === 0) return { status: 200, json: {} };
  const size = page.size ?? rows.length;
  const shown = rows.map((row) => encodeOrganization(call, call.view.organizations.read(row)));
  return {
    status: 200,
    json: {
      [call.quirks.rowsUnderData ? "data" : "organizations"]: shown,
      page: page.number,
      pageSize: size,
      page_size: size,
      totalCount: total,
      total_count: total,
    },
  };
}

/** A page with one item, as Meshery Cloud answers. Meshery Server has no such route. */
function organization(call: Call): Reply {
  const id = parameter(call, "id");
  const row = sees(call.view, call.viewer, "organizations", id) ? call.view.organizations.get(id) : undefined;
  if (row === undefined) throw unknownOrganization(id);
  const envelope = { page: 0, pageSize: 1, totalCount: 1 };
  return { status: 200, json: { ...envelope, organizations: [encodeOrganization(call, row)] } };
}

function teams(call: Call): Reply {
  const id = parameter(call, "id");
  if (!sees(call.view, call.viewer, "organizations", id)) throw unknownOrganization(id);
  const page = pageOf(call, "identity");
  const conditions = [deletionCondition({}, "teams"), { sql: "teams.organization_id = ?", values: [id] }];
  const { rows, total } = listRows(call.view, call, { table: "teams", conditions }, page);
  return {
    status: 200,
    json: {
      page: page.number,
      page_size: page.size ?? rows.length,
      total_count: total,
      teams: rows.map((row) => encodeTeam(call, call.view.teams.read(row), false)),
    },
  };
}

const unknownOrganization = (id: string) =>
  new Failure("other", 404, `organization ${id} not found`, { cause: `organization ${id} not found` });

const user = (call: Call): Reply => ({ status: 200, json: encodeUser(call) });
const separate = (era: Era) => era.identityRoutes;

export const identityRoutes: readonly Route[] = [
  { method: "GET", path: "/api/identity/orgs", handle: organizations },
  { method: "GET", path: "/api/identity/orgs/{id}", handle: organization, in: separate },
  { method: "GET", path: "/api/identity/orgs/{id}/teams", handle: teams, in: separate },
  { method: "GET", path: "/api/user", handle: user },
  { method: "GET", path: "/api/identity/users/profile", handle: user },
];
