import type {
  ConnectionRow,
  CredentialRow,
  EnvironmentConnectionRow,
  EnvironmentRow,
  OrganizationMemberRow,
  OrganizationRow,
  PairRow,
  TeamMemberRow,
  TeamRow,
  UserRow,
  WorkspaceEnvironmentRow,
  WorkspaceRow,
  WorkspaceTeamRow,
} from "./rows";
import type { Columns, TableDefinition } from "./table";

const base = { id: "text", createdAt: "text", updatedAt: "text", deletedAt: "text" } as const;
const named = { ...base, name: "text", description: "text", organizationId: "text", owner: "text" } as const;

export const ORGANIZATIONS: TableDefinition<OrganizationRow> = {
  name: "organizations",
  idPrefix: "org",
  columns: {
    ...base,
    name: "text",
    description: "text",
    country: "text",
    region: "text",
    owner: "text",
    hidden: "boolean",
  },
  defaults: ({ owner }) => ({ name: "", description: "", country: "", region: "", owner, hidden: false }),
};

export const USERS: TableDefinition<UserRow> = {
  name: "users",
  idPrefix: "user",
  columns: { ...base, key: "text", name: "text", email: "text", viewAll: "boolean" },
  defaults: () => ({ key: "", name: "", email: "", viewAll: false }),
  indices: [["key"]],
};

export const TEAMS: TableDefinition<TeamRow> = {
  name: "teams",
  idPrefix: "team",
  columns: named,
  defaults: (owned) => ({ name: "", description: "", ...owned }),
  indices: [["organizationId", "name"]],
};

export const ENVIRONMENTS: TableDefinition<EnvironmentRow> = {
  name: "environments",
  idPrefix: "env",
  columns: named,
  defaults: (owned) => ({ name: "", description: "", ...owned }),
  indices: [["organizationId", "name"]],
};

export const WORKSPACES: TableDefinition<WorkspaceRow> = {
  name: "workspaces",
  idPrefix: "ws",
  columns: { ...named, metadata: "json" },
  defaults: (owned) => ({ name: "", description: "", metadata: {}, ...owned }),
  indices: [["organizationId", "name"]],
};

export const CONNECTIONS: TableDefinition<ConnectionRow> = {
  name: "connections",
  idPrefix: "conn",
  columns: {
    ...named,
    url: "text",
    kind: "text",
    type: "text",
    subType: "text",
    status: "text",
    metadata: "json",
    credentialId: "text",
  },
  defaults: (owned) => ({
    name: "",
    description: "",
    url: "",
    kind: "",
    type: "",
    subType: "",
    status: "",
    metadata: {},
    credentialId: null,
    ...owned,
  }),
  indices: [["name"], ["updatedAt"]],
};

export const CREDENTIALS: TableDefinition<CredentialRow> = {
  name: "credentials",
  idPrefix: "cred",
  columns: { ...base, name: "text", type: "text", secret: "json", userId: "text" },
  defaults: ({ owner }) => ({ name: "", type: "", secret: {}, userId: owner }),
  indices: [["userId"]],
};

/** Rows that each name one object of two tables. */
const pairs = <One extends string, Other extends string>(
  name: string,
  one: One,
  other: Other,
): TableDefinition<PairRow<One, Other>> => ({
  name,
  columns: { ...base, [one]: "text", [other]: "text" } as Columns<PairRow<One, Other>>,
  defaults: () => ({ [one]: "", [other]: "" }) as Omit<PairRow<One, Other>, keyof typeof base>,
  indices: [[one, other], [other]],
});

export const ENVIRONMENT_CONNECTIONS: TableDefinition<EnvironmentConnectionRow> = pairs(
  "environment_connections",
  "environmentId",
  "connectionId",
);
export const WORKSPACE_ENVIRONMENTS: TableDefinition<WorkspaceEnvironmentRow> = pairs(
  "workspace_environments",
  "workspaceId",
  "environmentId",
);
export const WORKSPACE_TEAMS: TableDefinition<WorkspaceTeamRow> = pairs("workspace_teams", "workspaceId", "teamId");
export const TEAM_MEMBERS: TableDefinition<TeamMemberRow> = pairs("team_members", "teamId", "userId");
export const ORGANIZATION_MEMBERS: TableDefinition<OrganizationMemberRow> = pairs(
  "organization_members",
  "organizationId",
  "userId",
);
