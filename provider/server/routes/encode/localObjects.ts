import type { ConnectionRow, EnvironmentRow, Json, WorkspaceRow } from "../../store/rows";
import { type Call, nilUuid } from "../shared/call";

// How the Local provider of the newer schemas encodes its rows: no owner but the nil id, the keys that generated structs leave out
// where they are zero, and null for what nobody stored.

type Times = { createdAt: string; updatedAt: string; deletedAt: unknown };

const zeroTime = "0001-01-01T00:00:00Z";

export const encodeLocalEnvironment = (row: EnvironmentRow, times: Times): Json => ({
  id: row.id,
  schemaVersion: "",
  name: row.name,
  description: row.description,
  organizationId: row.organizationId,
  owner: nilUuid,
  metadata: null,
  ...times,
});

/** What stands among a connection's environments for a row that names one which is gone. */
export const danglingEnvironment: Json = {
  id: nilUuid,
  schemaVersion: "",
  name: "",
  description: "",
  organizationId: nilUuid,
  owner: null,
  metadata: null,
  createdAt: zeroTime,
  updatedAt: zeroTime,
  deletedAt: null,
};

export const encodeLocalWorkspace = (row: WorkspaceRow, times: Times): Json => ({
  id: row.id,
  ...(row.name === "" ? {} : { name: row.name }),
  ...(row.description === "" ? {} : { description: row.description }),
  organizationId: row.organizationId,
  metadata: null,
  ...times,
});

export function encodeLocalConnection(row: ConnectionRow, times: Times, environments: readonly Json[] = []): Json {
  return {
    id: row.id,
    schemaVersion: "",
    name: row.name,
    description: row.description || null,
    url: row.url || null,
    credentialId: row.credentialId,
    kind: row.kind,
    type: row.type,
    subType: row.subType,
    modelReference: null,
    ...(Object.keys(row.metadata).length === 0 ? {} : { metadata: row.metadata }),
    status: row.status,
    owner: row.owner === null ? null : nilUuid,
    styles: null,
    ...times,
    ...(environments.length === 0 ? {} : { environments }),
  };
}

/** A connection in the list of an environment's: that query fills fewer columns. */
export const encodeLocalAssignedConnection = (row: ConnectionRow, times: Times): Json =>
  encodeLocalConnection({ ...row, type: "", credentialId: null, owner: null }, times);

/** The user of a Meshery Server without accounts, or the one that a remote provider names, as the newer schemas have it. */
export function encodeUserProfile(call: Call): Json {
  const { user, local } = call.viewer;
  const [first = "", ...rest] = user.name.split(" ");
  return {
    id: user.id,
    provider: "",
    email: local ? "meshery@meshery.local" : user.email,
    firstName: local ? "Meshery" : first,
    lastName: local ? "Meshery" : rest.join(" "),
    avatarUrl: "",
    status: "",
    bio: null,
    country: null,
    region: null,
    socials: null,
    preferences: null,
    organizations: null,
    teams: null,
    roleNames: null,
    acceptedTermsAt: zeroTime,
    firstLoginTime: zeroTime,
    lastLoginTime: zeroTime,
    createdAt: zeroTime,
    updatedAt: zeroTime,
    deletedAt: null,
  };
}
