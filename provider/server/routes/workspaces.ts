import type { Reply } from "../http/replies";
import type { WorkspaceRow } from "../store/rows";
import type { Store } from "../store/store";
import { encodeEnvironment, encodeListedWorkspace, encodeTeam, encodeWorkspace, zeroed } from "./encode/objects";
import { nameIn, refuseDuplicateName, writeAnswer } from "./environments";
import { Body } from "./shared/body";
import { badRequest, type Call, isNewerLocal, ownerOf, parameter, type Route } from "./shared/call";
import { addEdge, type EdgeKind, listEdges, missing, removeEdge } from "./shared/edges";
import { deletionCondition, envelope, listRows, pageOf } from "./shared/listing";
import { inOrganization, organizationIn, organizationOf } from "./shared/organization";
import { sees } from "./shared/visibility";

const bindings: EdgeKind<"workspaceId", "environmentId"> = {
  parent: "workspaces",
  child: "environments",
  one: "workspaceId",
  other: "environmentId",
  table: (store) => store.workspaceEnvironments,
  columns: ["workspace_id", "environment_id"],
  mappings: "workspacesEnvironmentsMapping",
  parameters: ["id", "environmentId"],
  shown: (call, row) => encodeEnvironment(call, call.view.environments.read(row)),
};

const grants: EdgeKind<"workspaceId", "teamId"> = {
  parent: "workspaces",
  child: "teams",
  one: "workspaceId",
  other: "teamId",
  table: (store) => store.workspaceTeams,
  columns: ["workspace_id", "team_id"],
  mappings: "workspacesTeamsMapping",
  parameters: ["id", "teamId"],
  shown: (call, row) => encodeTeam(call, call.view.teams.read(row), !call.viewer.local),
};

function list(call: Call): Reply {
  const organization = organizationOf(call, "workspaces");
  const page = pageOf(call, "topology");
  const conditions = [...inOrganization(call, "workspaces", organization), deletionCondition({}, "workspaces")];
  const { rows, total } = listRows(call.view, call, { table: "workspaces", conditions }, page);
  const shown = rows.map((row) => encodeListedWorkspace(call, call.view.workspaces.read(row)));
  return { status: 200, json: envelope(call, call.era.envelopes.workspaces, "workspaces", shown, total, page) };
}

function get(call: Call): Reply {
  organizationOf(call, "workspace");
  return { status: 200, json: encodeWorkspace(call, existing(call, call.view)) };
}

function create(call: Call): Reply {
  const body = new Body(call, "topology");
  const name = nameIn(call, body);
  const description = body.text("description") ?? "";
  const given = body.object("metadata") ?? {};
  const metadata = isNewerLocal(call) ? {} : given;
  const organizationId = organizationIn(call, body);
  refuseDuplicateName(call, "workspaces", organizationId, name);
  const row = call.store.workspaces.insert({ name, description, metadata, organizationId, owner: ownerOf(call) });
  return writeAnswer(call, call.era.createdStatus, encodeWorkspace(call, row));
}

/** The Local provider applies only what is not empty and ignores metadata; a remote one applies what it is given. */
function update(call: Call): Reply {
  const present = existing(call, call.store);
  const body = new Body(call, "topology");
  const name = body.text("name") || present.name;
  const given = body.text("description");
  if (given === "" && call.quirks.emptyDescriptionRefused) throw badRequest("description cannot be empty");
  const keepsEmpty = call.viewer.local || call.quirks.textsStay;
  const description = keepsEmpty ? given || present.description : (given ?? present.description);
  const metadata = call.viewer.local ? present.metadata : (body.object("metadata") ?? present.metadata);
  if (!call.viewer.local && !body.text("organizationId")) {
    throw badRequest(`${call.era.keys === "camel" ? "organizationId" : "organization_id"} is required`);
  }
  refuseDuplicateName(call, "workspaces", present.organizationId, name, present.id);
  const row = call.store.workspaces.update(present.id, { name, description, metadata }) as WorkspaceRow;
  const encoded = encodeWorkspace(call, row);
  if (call.quirks.zeroedPut) return { status: 200, json: zeroed(encoded) };
  return writeAnswer(call, 200, encoded);
}

function remove(call: Call): Reply {
  const present = existing(call, call.store);
  if (call.viewer.local) {
    call.store.workspaces.delete(present.id);
  } else {
    call.store.workspaces.update(present.id, { deletedAt: call.store.now() });
    call.store.workspaceEnvironments.deleteWhere({ workspaceId: present.id });
    call.store.workspaceTeams.deleteWhere({ workspaceId: present.id });
  }
  if (call.era.deleted === "no content") return { status: 204 };
  return writeAnswer(call, 200, encodeWorkspace(call, present));
}

function existing(call: Call, store: Store): WorkspaceRow {
  const id = parameter(call, "id");
  const row = sees(store, call.viewer, "workspaces", id) ? store.workspaces.get(id) : undefined;
  if (row === undefined) throw missing("workspaces", id, call);
  return row;
}

export const workspaceRoutes: readonly Route[] = [
  { method: "GET", path: "/api/workspaces", handle: list },
  { method: "POST", path: "/api/workspaces", handle: create },
  { method: "GET", path: "/api/workspaces/{id}", handle: get },
  { method: "PUT", path: "/api/workspaces/{id}", handle: update },
  { method: "DELETE", path: "/api/workspaces/{id}", handle: remove },
  { method: "GET", path: "/api/workspaces/{id}/environments", handle: (call) => listEdges(call, bindings) },
  {
    method: "POST",
    path: "/api/workspaces/{id}/environments/{environmentId}",
    handle: (call) => addEdge(call, bindings),
  },
  {
    method: "DELETE",
    path: "/api/workspaces/{id}/environments/{environmentId}",
    handle: (call) => removeEdge(call, bindings),
  },
  {
    method: "GET",
    path: "/api/workspaces/{id}/teams",
    handle: (call) => listEdges(call, grants),
    in: (era) => era.workspaceTeams,
  },
  {
    method: "POST",
    path: "/api/workspaces/{id}/teams/{teamId}",
    handle: (call) => addEdge(call, grants),
    in: (era) => era.workspaceTeams,
  },
  {
    method: "DELETE",
    path: "/api/workspaces/{id}/teams/{teamId}",
    handle: (call) => removeEdge(call, grants),
    in: (era) => era.workspaceTeams,
  },
];
