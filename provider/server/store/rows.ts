/** What the store keeps; how it is encoded is the business of the eras. */

/** Times are ISO 8601 in UTC with microseconds, so that they sort as text. */
export type Timestamp = string;
export type Json = Record<string, unknown>;

/** What every row has. */
export interface StoredRow {
  id: string;
  createdAt: Timestamp;
  updatedAt: Timestamp;
  deletedAt: Timestamp | null;
}

export interface OrganizationRow extends StoredRow {
  name: string;
  description: string;
  country: string;
  region: string;
  owner: string;
  /** True once the organization was forgotten: nobody sees it or what it holds. */
  hidden: boolean;
}

export interface UserRow extends StoredRow {
  /** The user's name in the world file. */
  key: string;
  name: string;
  email: string;
  /** Holds "View All Organizations": sees everything. */
  viewAll: boolean;
}

export interface TeamRow extends StoredRow {
  name: string;
  description: string;
  organizationId: string;
  owner: string;
}

export interface EnvironmentRow extends StoredRow {
  name: string;
  description: string;
  organizationId: string;
  owner: string;
}

export interface WorkspaceRow extends StoredRow {
  name: string;
  description: string;
  organizationId: string;
  owner: string;
  metadata: Json;
}

export interface ConnectionRow extends StoredRow {
  name: string;
  description: string;
  url: string;
  kind: string;
  type: string;
  subType: string;
  status: string;
  metadata: Json;
  credentialId: string | null;
  organizationId: string;
  /** Null once the Local provider has updated it. */
  owner: string | null;
}

export interface CredentialRow extends StoredRow {
  name: string;
  type: string;
  secret: Json;
  userId: string;
}

/** One edge: a row that names one object of each side. The same pair may stand in several rows. */
export type PairRow<One extends string, Other extends string> = StoredRow & Record<One | Other, string>;

/** One connection in one environment. */
export type EnvironmentConnectionRow = PairRow<"environmentId", "connectionId">;
/** One environment in one workspace. */
export type WorkspaceEnvironmentRow = PairRow<"workspaceId", "environmentId">;
/** One workspace granted to one team. */
export type WorkspaceTeamRow = PairRow<"workspaceId", "teamId">;
export type TeamMemberRow = PairRow<"teamId", "userId">;
export type OrganizationMemberRow = PairRow<"organizationId", "userId">;
