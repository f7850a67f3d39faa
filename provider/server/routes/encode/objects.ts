import type {
  ConnectionRow,
  CredentialRow,
  EnvironmentRow,
  Json,
  OrganizationRow,
  PairRow,
  TeamRow,
  WorkspaceRow,
} from "../../store/rows";
import { type Call, isNewerLocal, nilUuid } from "../shared/call";
import {
  encodeLocalAssignedConnection,
  encodeLocalConnection,
  encodeLocalEnvironment,
  encodeLocalWorkspace,
  encodeUserProfile,
} from "./localObjects";

const zeroTime = "0001-01-01T00:00:00Z";
const snakeKeys = new Map<string, string>();

function snakeKey(key: string): string {
  let snake = snakeKeys.get(key);
  if (snake === undefined) {
    snake = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    snakeKeys.set(key, snake);
  }
  return snake;
}

/** The object with its own keys in the era's spelling; values stay as they are. */
function spelled(call: Call, object: Json): Json {
  if (call.quirks.noOwners) for (const key of ["owner", "ownerId", "ownerEmail", "userId"]) delete object[key];
  if (call.era.keys === "camel") return object;
  const result: Json = {};
  for (const key in object) result[snakeKey(key)] = object[key];
  return result;
}

/** Rows of the Local provider name no owner but the nil id. */
const owner = (call: Call, id: string | null) => (call.viewer.local && id !== null ? nilUuid : id);

const times = (call: Call, row: { createdAt: string; updatedAt: string; deletedAt: string | null }) => ({
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
  deletedAt: deletion(call, row.deletedAt),
});

function deletion(call: Call, deletedAt: string | null): unknown {
  if (call.era.deletedAt === "null" && !call.quirks.deletedAtObject) return deletedAt;
  return { Time: deletedAt ?? zeroTime, Valid: deletedAt !== null };
}

/** What only the newer schemas have, and what the Local provider does not store. */
function version(call: Call, name: string): Json {
  if (call.era.keys === "snake") return {};
  return { schemaVersion: call.viewer.local ? "" : `${name}.meshery.io/v1beta3` };
}

export function encodeEnvironment(call: Call, row: EnvironmentRow): Json {
  if (isNewerLocal(call)) return spelled(call, encodeLocalEnvironment(row, times(call, row)));
  return spelled(call, {
    id: row.id,
    ...version(call, "environments"),
    name: row.name,
    description: row.description,
    organizationId: row.organizationId,
    owner: owner(call, row.owner),
    ...times(call, row),
    metadata: {},
  });
}

export function encodeWorkspace(call: Call, row: WorkspaceRow): Json {
  if (isNewerLocal(call)) return spelled(call, encodeLocalWorkspace(row, times(call, row)));
  return spelled(call, {
    id: row.id,
    name: row.name,
    description: row.description,
    organizationId: row.organizationId,
    owner: owner(call, row.owner),
    metadata: row.metadata,
    ...times(call, row),
  });
}

/** A workspace as lists show it: there, a remote provider names the owner and gives the id beside it. */
export function encodeListedWorkspace(call: Call, row: WorkspaceRow): Json {
  const { metadata, ...bare } = encodeWorkspace(call, row);
  const single = isNewerLocal(call) ? bare : { ...bare, metadata };
  if (!call.era.listedOwnerIsName || call.viewer.local) return single;
  const user = call.view.users.get(row.owner);
  return {
    ...single,
    ...spelled(call, {
      orgName: call.view.organizations.get(row.organizationId)?.name ?? "",
      owner: user?.name ?? "",
      ownerId: row.owner,
      ownerEmail: user?.email ?? "",
    }),
  };
}

/** @param environments the environments it is assigned to, as the connections' list shows them */
export function encodeConnection(call: Call, row: ConnectionRow, environments?: readonly Json[]): Json {
  if (isNewerLocal(call)) return spelled(call, encodeLocalConnection(row, times(call, row), environments));
  const newer = call.era.keys === "camel";
  return spelled(call, {
    id: row.id,
    ...version(call, "connections"),
    name: row.name,
    ...(newer && row.description !== "" ? { description: row.description } : {}),
    ...(newer && row.url !== "" ? { url: row.url } : {}),
    kind: row.kind,
    type: row.type,
    subType: row.subType,
    status: row.status,
    metadata: row.metadata,
    ...(row.credentialId === null ? {} : { credentialId: row.credentialId }),
    [newer ? "owner" : "userId"]: owner(call, row.owner),
    ...times(call, row),
    ...(environments === undefined ? {} : { environments }),
  });
}

/** A connection as the list of an environment's connections shows it. */
export function encodeAssignedConnection(call: Call, row: ConnectionRow): Json {
  if (!isNewerLocal(call)) return encodeConnection(call, row);
  return spelled(call, encodeLocalAssignedConnection(row, times(call, row)));
}

/** Meshery Server encodes the whole struct, secret included. */
export function encodeCredential(call: Call, row: CredentialRow): Json {
  return spelled(call, {
    id: row.id,
    name: row.name,
    userId: row.userId,
    type: row.type,
    ...(call.era.secretsShown ? { secret: row.secret } : {}),
    ...times(call, row),
  });
}

const noPictures = { svg: "", location: "" };
/** What the schema wants every organization to prefer. */
const organizationMetadata = (dashboard: object | null) => ({
  preferences: {
    theme: {
      id: nilUuid,
      logo: {
        desktopView: noPictures,
        mobileView: noPictures,
        darkDesktopView: noPictures,
        darkMobileView: noPictures,
      },
    },
    dashboard,
  },
});

export function encodeOrganization(call: Call, row: OrganizationRow): Json {
  return spelled(call, {
    id: row.id,
    name: row.name,
    description: row.description,
    country: row.country,
    region: row.region,
    owner: owner(call, row.owner),
    metadata: organizationMetadata(call.viewer.local ? null : {}),
    ...times(call, row),
  });
}

/** @param snake teams in a workspace are spelled in snake_case even where the rest is not */
export function encodeTeam(call: Call, row: TeamRow, snake: boolean): Json {
  const shown: Json = snake
    ? Object.fromEntries(Object.entries(times(call, row)).map(([key, value]) => [snakeKey(key), value]))
    : times(call, row);
  return spelled(call, {
    id: row.id,
    name: row.name,
    description: row.description,
    owner: row.owner,
    metadata: {},
    ...shown,
  });
}

export function encodeMapping<One extends string, Other extends string>(
  call: Call,
  row: PairRow<One, Other>,
  one: One,
  other: Other,
): Json {
  return spelled(call, {
    id: row.id,
    [one]: row[one],
    [other]: row[other],
    ...times(call, row),
  });
}

/** Documents show a short user; Meshery Server shows the one of its schemas, and so does Meshery Cloud, which has more ids. */
export function encodeUser(call: Call): Json {
  const { id, key, name, email } = call.viewer.user;
  if (call.era.ids === "prefixed") return spelled(call, { id, userId: key, name, email });
  const older = call.era.keys === "snake" || !call.era.providers;
  return spelled(call, { ...encodeUserProfile(call), ...(older ? { userId: key } : {}) });
}

/** The object a decoder leaves when what it read had another form: every field of `object` is zero. */
export function zeroed(object: Json): Json {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => {
      if (/^(id|owner|.*(Id|_id))$/.test(key)) return [key, nilUuid];
      if (/^(created|updated)(At|_at)$/.test(key)) return [key, zeroTime];
      return [key, typeof value === "string" ? "" : null];
    }),
  );
}
