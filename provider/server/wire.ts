import { type Call, nilUuid } from "./call";
import type {
  ConnectionRow,
  CredentialRow,
  EnvironmentRow,
  OrganizationRow,
  PairRow,
  TeamRow,
  UserRow,
  WorkspaceRow,
} from "./rows";

type Wire = Record<string, unknown>;

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
function spelled(call: Call, object: Wire): Wire {
  if (call.era.keys === "camel") return object;
  const result: Wire = {};
  for (const key in object) result[snakeKey(key)] = object[key];
  return result;
}

function deletion(call: Call, deletedAt: string | null): unknown {
  if (call.era.deletedAt === "null" && !call.quirks.deletedAtObject) return deletedAt;
  return { Time: deletedAt ?? zeroTime, Valid: deletedAt !== null };
}

/** What only the newer schemas have, and what the Local provider does not store. */
function version(call: Call, name: string): Wire {
  if (call.era.keys === "snake") return {};
  return { schemaVersion: call.viewer.local ? "" : `${name}.meshery.io/v1beta3` };
}

export function environmentWire(call: Call, row: EnvironmentRow): Wire {
  return spelled(call, {
    id: row.id,
    ...version(call, "environments"),
    name: row.name,
    description: row.description,
    organizationId: row.organizationId,
    owner: row.owner,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    deletedAt: deletion(call, row.deletedAt),
    metadata: {},
  });
}

export function workspaceWire(call: Call, row: WorkspaceRow): Wire {
  return spelled(call, {
    id: row.id,
    name: row.name,
    description: row.description,
    organizationId: row.organizationId,
    owner: row.owner,
    metadata: row.metadata,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    deletedAt: deletion(call, row.deletedAt),
  });
}

/** A workspace as lists show it: there, a remote provider names the owner and gives the id beside it. */
export function listedWorkspaceWire(call: Call, row: WorkspaceRow): Wire {
  const single = workspaceWire(call, row);
  if (!call.era.listedOwnerIsName || call.viewer.local) return single;
  const owner = call.view.users.get(row.owner);
  return {
    ...single,
    ...spelled(call, {
      orgName: call.view.organizations.get(row.organizationId)?.name ?? "",
      owner: owner?.name ?? "",
      ownerId: row.owner,
      ownerEmail: owner?.email ?? "",
    }),
  };
}

/** @param environments the environments it is assigned to, as the connections' list shows them */
export function connectionWire(call: Call, row: ConnectionRow, environments?: readonly Wire[]): Wire {
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
    [newer ? "owner" : "userId"]: row.owner,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    deletedAt: deletion(call, row.deletedAt),
    ...(environments === undefined ? {} : { environments }),
  });
}

/** Meshery Server encodes the whole struct, secret included. */
export function credentialWire(call: Call, row: CredentialRow): Wire {
  return spelled(call, {
    id: row.id,
    name: row.name,
    userId: row.userId,
    type: row.type,
    ...(call.era.secretsShown ? { secret: row.secret } : {}),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    deletedAt: deletion(call, row.deletedAt),
  });
}

const noPictures = { svg: "", location: "" };
/** What the schema wants every organization to prefer. */
const organizationMetadata = {
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
    dashboard: {},
  },
};

export function organizationWire(call: Call, row: OrganizationRow): Wire {
  return spelled(call, {
    id: row.id,
    name: row.name,
    description: row.description,
    country: row.country,
    region: row.region,
    owner: row.owner,
    metadata: organizationMetadata,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    deletedAt: deletion(call, row.deletedAt),
  });
}

/** @param snake teams in a workspace are spelled in snake_case even where the rest is not */
export function teamWire(call: Call, row: TeamRow, snake: boolean): Wire {
  const times = { createdAt: row.createdAt, updatedAt: row.updatedAt, deletedAt: deletion(call, row.deletedAt) };
  const shown: Wire = snake
    ? Object.fromEntries(Object.entries(times).map(([key, value]) => [snakeKey(key), value]))
    : times;
  return spelled(call, {
    id: row.id,
    name: row.name,
    description: row.description,
    owner: row.owner,
    metadata: {},
    ...shown,
  });
}

export function mappingWire<One extends string, Other extends string>(
  call: Call,
  row: PairRow<One, Other>,
  one: One,
  other: Other,
): Wire {
  return spelled(call, {
    id: row.id,
    [one]: row[one],
    [other]: row[other],
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    deletedAt: deletion(call, row.deletedAt),
  });
}

export function userWire(call: Call, row: UserRow): Wire {
  return spelled(call, { id: row.id, userId: row.key, name: row.name, email: row.email });
}

/** The object a decoder leaves when what it read had another form: every field of `wire` is zero. */
export function zeroed(wire: Wire): Wire {
  return Object.fromEntries(
    Object.entries(wire).map(([key, value]) => {
      if (/^(id|owner|.*(Id|_id))$/.test(key)) return [key, nilUuid];
      if (/^(created|updated)(At|_at)$/.test(key)) return [key, zeroTime];
      return [key, typeof value === "string" ? "" : null];
    }),
  );
}
