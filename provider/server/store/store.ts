import { randomBytes, randomUUID } from "node:crypto";
import type {
  ConnectionRow,
  CredentialRow,
  EnvironmentConnectionRow,
  EnvironmentRow,
  OrganizationMemberRow,
  OrganizationRow,
  TeamMemberRow,
  TeamRow,
  UserRow,
  WorkspaceEnvironmentRow,
  WorkspaceRow,
  WorkspaceTeamRow,
} from "./rows";
import { Sql } from "./sql";
import { type RowDefaults, Table } from "./table";
import {
  CONNECTIONS,
  CREDENTIALS,
  ENVIRONMENT_CONNECTIONS,
  ENVIRONMENTS,
  ORGANIZATION_MEMBERS,
  ORGANIZATIONS,
  TEAM_MEMBERS,
  TEAMS,
  USERS,
  WORKSPACE_ENVIRONMENTS,
  WORKSPACE_TEAMS,
  WORKSPACES,
} from "./tables";

export interface StoreOptions {
  /** Path of the database file; in memory when it is left out. */
  file?: string | undefined;
  /** `uuid`, or ids such as `env-3f9a1c2b` as the documents show them. */
  ids: "uuid" | "prefixed";
}

/**
 * Everything the server knows, in SQLite. Whoever uses it directly goes past the API: it keeps no rules, sees deleted rows and the
 * raw rows of assignments, and tests use it to look at the server and to change it behind a client's back.
 */
export class Store {
  readonly sql: Sql;
  readonly organizations: Table<OrganizationRow>;
  readonly users: Table<UserRow>;
  readonly teams: Table<TeamRow>;
  readonly environments: Table<EnvironmentRow>;
  readonly workspaces: Table<WorkspaceRow>;
  readonly connections: Table<ConnectionRow>;
  readonly credentials: Table<CredentialRow>;
  /** Raw assignment rows: one connection in one environment. */
  readonly environmentConnections: Table<EnvironmentConnectionRow>;
  /** Raw binding rows: one environment in one workspace. */
  readonly workspaceEnvironments: Table<WorkspaceEnvironmentRow>;
  readonly workspaceTeams: Table<WorkspaceTeamRow>;
  readonly teamMembers: Table<TeamMemberRow>;
  readonly organizationMembers: Table<OrganizationMemberRow>;
  /** Whom rows belong to when nothing else is said: set by the world's loader. */
  defaultOwner = "";
  defaultOrganization = "";
  #lastMicroseconds = 0;

  constructor(options: StoreOptions) {
    this.sql = new Sql(options.file);
    const defaults: RowDefaults = {
      id: (prefix) =>
        options.ids === "uuid" || prefix === undefined ? randomUUID() : `${prefix}-${randomBytes(5).toString("hex")}`,
      now: () => this.now(),
      owned: () => ({ owner: this.defaultOwner, organizationId: this.defaultOrganization }),
    };
    this.organizations = new Table(this.sql, ORGANIZATIONS, defaults);
    this.users = new Table(this.sql, USERS, defaults);
    this.teams = new Table(this.sql, TEAMS, defaults);
    this.environments = new Table(this.sql, ENVIRONMENTS, defaults);
    this.workspaces = new Table(this.sql, WORKSPACES, defaults);
    this.connections = new Table(this.sql, CONNECTIONS, defaults);
    this.credentials = new Table(this.sql, CREDENTIALS, defaults);
    this.environmentConnections = new Table(this.sql, ENVIRONMENT_CONNECTIONS, defaults);
    this.workspaceEnvironments = new Table(this.sql, WORKSPACE_ENVIRONMENTS, defaults);
    this.workspaceTeams = new Table(this.sql, WORKSPACE_TEAMS, defaults);
    this.teamMembers = new Table(this.sql, TEAM_MEMBERS, defaults);
    this.organizationMembers = new Table(this.sql, ORGANIZATION_MEMBERS, defaults);
  }

  /** Every table, for what concerns them all. */
  get tables() {
    return [
      this.organizations,
      this.users,
      this.teams,
      this.environments,
      this.workspaces,
      this.connections,
      this.credentials,
      this.environmentConnections,
      this.workspaceEnvironments,
      this.workspaceTeams,
      this.teamMembers,
      this.organizationMembers,
    ];
  }

  /** The present time; never the same twice, so that the order of writes shows in the rows. */
  now(): string {
    const microseconds = Math.max(this.#lastMicroseconds + 1, Date.now() * 1000);
    this.#lastMicroseconds = microseconds;
    const whole = new Date(Math.floor(microseconds / 1000)).toISOString();
    return `${whole.slice(0, -1)}${String(microseconds % 1000).padStart(3, "0")}Z`;
  }

  /** Empties every table. */
  clear(): void {
    this.sql.transaction(() => {
      for (const table of this.tables) this.sql.run(`delete from ${table.name}`);
    });
  }

  close(): void {
    this.sql.close();
  }
}
