import { randomBytes, randomUUID } from "node:crypto";
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
import { Sql } from "./sql";
import { type Columns, type Stamps, Table } from "./table";

const kept = { id: "text", createdAt: "text", updatedAt: "text", deletedAt: "text" } as const;
const owned = { ...kept, name: "text", description: "text", organizationId: "text", owner: "text" } as const;

export interface StoreOptions {
  /** Path of the database file; in memory when it is left out. */
  file?: string;
  /** `uuid`, or ids such as `env-3f9a1c2b` as the documents show them. */
  ids: "uuid" | "prefixed";
}

/**
 * Everything the server knows, in SQLite. This is the view from behind: it keeps no rules, sees deleted rows and the
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
    const sql = new Sql(options.file);
    this.sql = sql;
    const stamps = (prefix: string): Stamps => ({
      id: () => (options.ids === "uuid" ? randomUUID() : `${prefix}-${randomBytes(5).toString("hex")}`),
      now: () => this.now(),
    });
    const belonging = () => ({
      name: "",
      description: "",
      organizationId: this.defaultOrganization,
      owner: this.defaultOwner,
    });

    this.organizations = new Table<OrganizationRow>(
      sql,
      "organizations",
      { ...kept, name: "text", description: "text", country: "text", region: "text", owner: "text", hidden: "boolean" },
      stamps("org"),
      () => ({ name: "", description: "", country: "", region: "", owner: this.defaultOwner, hidden: false }),
    );
    this.users = new Table<UserRow>(
      sql,
      "users",
      { ...kept, key: "text", name: "text", email: "text", viewAll: "boolean" },
      stamps("user"),
      () => ({ key: "", name: "", email: "", viewAll: false }),
      [["key"]],
    );
    this.teams = new Table<TeamRow>(sql, "teams", owned, stamps("team"), belonging, [["organizationId", "name"]]);
    this.environments = new Table<EnvironmentRow>(sql, "environments", owned, stamps("env"), belonging, [
      ["organizationId", "name"],
    ]);
    this.workspaces = new Table<WorkspaceRow>(
      sql,
      "workspaces",
      { ...owned, metadata: "json" },
      stamps("ws"),
      () => ({ ...belonging(), metadata: {} }),
      [["organizationId", "name"]],
    );
    this.connections = new Table<ConnectionRow>(
      sql,
      "connections",
      {
        ...owned,
        url: "text",
        kind: "text",
        type: "text",
        subType: "text",
        status: "text",
        metadata: "json",
        credentialId: "text",
      },
      stamps("conn"),
      () => ({
        ...belonging(),
        url: "",
        kind: "",
        type: "",
        subType: "",
        status: "",
        metadata: {},
        credentialId: null,
      }),
      [["name"], ["updatedAt"]],
    );
    this.credentials = new Table<CredentialRow>(
      sql,
      "credentials",
      { ...kept, name: "text", type: "text", secret: "json", userId: "text" },
      stamps("cred"),
      () => ({ name: "", type: "", secret: {}, userId: this.defaultOwner }),
      [["userId"]],
    );
    const pairs = <One extends string, Other extends string>(name: string, one: One, other: Other) =>
      new Table<PairRow<One, Other>>(
        sql,
        name,
        { ...kept, [one]: "text", [other]: "text" } as Columns<PairRow<One, Other>>,
        { id: randomUUID, now: () => this.now() },
        () => ({ [one]: "", [other]: "" }) as Omit<PairRow<One, Other>, keyof typeof kept>,
        [[one, other], [other]],
      );
    this.environmentConnections = pairs("environment_connections", "environmentId", "connectionId");
    this.workspaceEnvironments = pairs("workspace_environments", "workspaceId", "environmentId");
    this.workspaceTeams = pairs("workspace_teams", "workspaceId", "teamId");
    this.teamMembers = pairs("team_members", "teamId", "userId");
    this.organizationMembers = pairs("organization_members", "organizationId", "userId");
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
