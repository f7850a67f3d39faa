import { ApiError } from "./errors";
import { segment } from "./http/call";
import { DEFAULT_TIMEOUT, Http, type HttpOptions } from "./http/http";
import { CachedList } from "./lists/cachedList";
import { readPage } from "./lists/page";
import { type Habits, type Held, LIMITS, type Limits, readAll } from "./lists/paging";
import {
  type ConnectionRow,
  confirmsPair,
  connectionRow,
  type EnvironmentRow,
  environmentRow,
  type NamedRow,
  type OrganizationRow,
  organizationRow,
  type ParseRow,
  readObject,
  storedText,
  type TeamRow,
  teamRow,
  userIds,
  type WorkspaceRow,
  workspaceRow,
} from "./models";

/** What the answer to a write states: the row as it was sent, or only something with an id; else the list has to tell. */
export interface Written<Row> {
  id?: string;
  /** Present only where it states exactly what was sent. */
  row?: Row;
  /** What the answer says instead. */
  other?: Row;
}
export interface EnvironmentBody {
  name: string;
  description: string;
  organizationId: string;
}
export interface WorkspaceBody extends EnvironmentBody {}
export interface ConnectionBody {
  name: string;
  kind: string;
  type: string;
  subType: string;
  status: string | undefined;
  metadata: Record<string, unknown>;
  credentialId?: string;
}

const ENVIRONMENTS = "/api/environments";
const WORKSPACES = "/api/workspaces";
const CONNECTIONS = "/api/integrations/connections";
const ORGANIZATIONS = "/api/identity/orgs";

/**
 * One Meshery as the resources see it: shared lists, and writes that keep the lists true. Both spellings of query names and
 * body keys are sent, since each version of the API reads another one.
 */
export class Meshery {
  private readonly http: Http;
  private readonly signal: AbortSignal | undefined;
  private readonly limits: Limits;
  private readonly held: Held = { bytes: 0 };
  private readonly collections = new Map<string, unknown>();
  private userIds?: Promise<string[]>;
  /** Set once a server failed to list an environment's connections: the connections' own `environments` are used then. */
  private environmentListingFails = false;

  constructor(options: HttpOptions) {
    this.signal = options.signal;
    // Patient with a slow server, but not for ever.
    this.limits = { ...LIMITS, time: Math.max(2 * LIMITS.patience, 10 * (options.timeout ?? DEFAULT_TIMEOUT)) };
    this.http = new Http(options);
  }

  /**
   * Runs what finds out by reading whether a write was carried out: it may go on for a moment after a stop; the signal tells when
   * there is no more time.
   */
  confirm<T>(work: (over: AbortSignal) => Promise<T>): Promise<T> {
    return this.http.confirm(work);
  }
  /** Whether the token's user sees everything there is, so that what no list holds is gone. */
  seesEverything(): Promise<boolean> {
    return this.http.seesEverything();
  }
  /** Organizations that the token's user sees. */
  organizations(): CachedList<OrganizationRow> {
    return this.lists("organizations", { path: ORGANIZATIONS, key: "organizations", parse: organizationRow });
  }
  environments(organizationId: string): CachedList<EnvironmentRow> {
    const list = { path: ENVIRONMENTS, key: "environments", parse: environmentRow, organizationId };
    return this.lists(`environments ${organizationId}`, list);
  }
  workspaces(organizationId: string): CachedList<WorkspaceRow> {
    const list = { path: WORKSPACES, key: "workspaces", parse: workspaceRow, organizationId };
    return this.lists(`workspaces ${organizationId}`, list);
  }
  /** Connections that the token's user sees; they belong to no one organization. */
  connections(): CachedList<ConnectionRow> {
    return this.lists("connections", { path: CONNECTIONS, key: "connections", parse: connectionRow });
  }
  /** The ids under which the server knows the token's user: rows name their owner by one of them. */
  user(): Promise<string[]> {
    this.userIds ??= this.http.request({ method: "GET", path: "/api/user" }).then(
      (answer) => userIds(answer),
      (error) => {
        this.userIds = undefined;
        throw error;
      },
    );
    return this.userIds;
  }
  /** Teams of an organization. Meshery Cloud only. */
  teams(organizationId: string): CachedList<TeamRow> {
    return this.collection(`teams ${organizationId}`, (habits) => {
      const path = `${ORGANIZATIONS}/${segment(organizationId)}/teams`;
      return this.list({ path, key: "teams", parse: teamRow }, habits);
    });
  }
  /** Connections assigned to an environment. */
  assigned(organizationId: string, environmentId: string): CachedList<ConnectionRow> {
    return this.collection(`assigned ${environmentId}`, (habits) =>
      this.listAssigned(organizationId, environmentId, habits),
    );
  }
  /** Environments bound to a workspace. */
  bound(organizationId: string, workspaceId: string): CachedList<EnvironmentRow> {
    return this.collection(`bound ${workspaceId}`, (habits) => {
      const path = `${WORKSPACES}/${segment(workspaceId)}/environments`;
      const list = { path, key: "environments", parse: environmentRow, organizationId, query: ASSIGNED };
      return this.list(list, habits);
    });
  }

  /** Sends a new environment. Never repeated. */
  createEnvironment(body: EnvironmentBody): Promise<Written<EnvironmentRow>> {
    return this.write(this.environments(body.organizationId), "POST", ENVIRONMENTS, environmentWire(body), (answer) =>
      asSent(readObject(answer, "environments", environmentRow), body),
    );
  }
  async updateEnvironment(id: string, body: EnvironmentBody): Promise<Written<EnvironmentRow>> {
    return this.write(
      this.environments(body.organizationId),
      "PUT",
      `${ENVIRONMENTS}/${segment(id)}`,
      environmentWire(body),
      (answer) => asSent(readObject(answer, "environments", environmentRow), body, id),
    );
  }
  async deleteEnvironment(id: string, organizationId: string): Promise<void> {
    return this.remove(
      this.environments(organizationId),
      id,
      `${ENVIRONMENTS}/${segment(id)}`,
      inOrganization(organizationId),
    );
  }

  createWorkspace(body: WorkspaceBody): Promise<Written<WorkspaceRow>> {
    return this.write(this.workspaces(body.organizationId), "POST", WORKSPACES, environmentWire(body), (answer) =>
      asSent(readObject(answer, "workspaces", workspaceRow), body),
    );
  }
  async updateWorkspace(id: string, body: WorkspaceBody): Promise<Written<WorkspaceRow>> {
    return this.write(
      this.workspaces(body.organizationId),
      "PUT",
      `${WORKSPACES}/${segment(id)}`,
      environmentWire(body),
      (answer) => asSent(readObject(answer, "workspaces", workspaceRow), body, id),
    );
  }
  async deleteWorkspace(id: string, organizationId: string): Promise<void> {
    return this.remove(
      this.workspaces(organizationId),
      id,
      `${WORKSPACES}/${segment(id)}`,
      inOrganization(organizationId),
    );
  }

  /** Most servers answer with an empty body: the new id is then found by the list. */
  createConnection(body: ConnectionBody): Promise<Written<ConnectionRow>> {
    return this.write(this.connections(), "POST", CONNECTIONS, connectionWire(body), (answer) => {
      const row = readObject(answer, "connections", connectionRow);
      return row && row.name === body.name && row.kind === body.kind ? { id: row.id } : {};
    });
  }
  /** Keys left out are kept by the server. The answer is empty: the list has to tell. */
  async updateConnection(id: string, body: Partial<ConnectionBody>): Promise<Written<ConnectionRow>> {
    return this.write(this.connections(), "PUT", `${CONNECTIONS}/${segment(id)}`, connectionWire(body), () => ({}));
  }
  async deleteConnection(id: string): Promise<void> {
    return this.remove(this.connections(), id, `${CONNECTIONS}/${segment(id)}`);
  }

  /** Sends one assignment; true where the answer states the very pair. Some servers add a second row for a second call. */
  async assign(organizationId: string, environmentId: string, connection: ConnectionRow): Promise<boolean> {
    return this.relate(
      this.assigned(organizationId, environmentId),
      `${ENVIRONMENTS}/${segment(environmentId)}/connections/${segment(connection.id)}`,
      organizationId,
      connection,
      { environmentId, connectionId: connection.id },
    );
  }
  /** Removes one row of an assignment; a server that stored it twice keeps the other. */
  async unassign(organizationId: string, environmentId: string, connectionId: string): Promise<void> {
    return this.unrelate(
      this.assigned(organizationId, environmentId),
      `${ENVIRONMENTS}/${segment(environmentId)}/connections/${segment(connectionId)}`,
      organizationId,
    );
  }
  async bind(organizationId: string, workspaceId: string, environment: EnvironmentRow): Promise<boolean> {
    return this.relate(
      this.bound(organizationId, workspaceId),
      `${WORKSPACES}/${segment(workspaceId)}/environments/${segment(environment.id)}`,
      organizationId,
      environment,
      { workspaceId, environmentId: environment.id },
    );
  }
  async unbind(organizationId: string, workspaceId: string, environmentId: string): Promise<void> {
    return this.unrelate(
      this.bound(organizationId, workspaceId),
      `${WORKSPACES}/${segment(workspaceId)}/environments/${segment(environmentId)}`,
      organizationId,
    );
  }

  private lists<Row extends NamedRow>(name: string, listing: Listing<Row>): CachedList<Row> {
    return this.collection(name, (habits) => this.list(listing, habits));
  }

  private collection<Row extends NamedRow>(key: string, load: (habits: Habits) => Promise<Row[]>): CachedList<Row> {
    let found = this.collections.get(key) as CachedList<Row> | undefined;
    if (!found) {
      const habits: Habits = {};
      found = new CachedList(() => load(habits));
      this.collections.set(key, found);
    }
    return found;
  }

  private list<Row extends NamedRow>(
    { path, key, parse, organizationId, query = {} }: Listing<Row>,
    habits: Habits,
  ): Promise<Row[]> {
    const call = { method: "GET", path } as const;
    const inside = organizationId === undefined ? {} : inOrganization(organizationId);
    const read = (page: number, size: number) =>
      this.http.list(
        {
          ...call,
          query: { ...inside, ...query, page, pageSize: size, pagesize: size, page_size: size, order: "name asc" },
        },
        (body, weight) => {
          const read = readPage(body, key, parse, call);
          if (read.withheld && page === 0) throw withheld(call, key);
          return { ...read, weight };
        },
      );
    return readAll(read, call, { signal: this.signal, limits: this.limits, habits, held: this.held });
  }

  private async listAssigned(organizationId: string, environmentId: string, habits: Habits): Promise<ConnectionRow[]> {
    if (!this.environmentListingFails) {
      try {
        const path = `${ENVIRONMENTS}/${segment(environmentId)}/connections`;
        const list = { path, key: "connections", parse: connectionRow, organizationId, query: ASSIGNED };
        return await this.list(list, habits);
      } catch (error) {
        // Some releases fail this one route, or count rows and send none; the connections then still name their environments.
        const code = error instanceof ApiError ? error.code : undefined;
        if (code !== "server-error" && code !== "incomplete-list") throw error;
        const rows = await this.assignedByConnections(environmentId);
        if (!rows) throw error;
        this.environmentListingFails = code === "server-error";
        return rows;
      }
    }
    const rows = await this.assignedByConnections(environmentId);
    if (rows) return rows;
    this.environmentListingFails = false;
    return this.listAssigned(organizationId, environmentId, habits);
  }

  private async assignedByConnections(environmentId: string): Promise<ConnectionRow[] | undefined> {
    const all = [...(await this.connections().read("now")).values()];
    // Who sees no connection sees none in any environment.
    if (all.length > 0 && all.every((row) => row.environments === undefined)) return undefined;
    return all.filter((row) => row.environments?.includes(environmentId));
  }

  private write<Row extends NamedRow>(
    collection: CachedList<Row>,
    method: "POST" | "PUT",
    path: string,
    body: unknown,
    stated: (answer: unknown) => Written<Row>,
  ): Promise<Written<Row>> {
    const send = async () => stated(await this.http.request({ method, path, body }));
    return collection.change(send, ({ row }) => row && { id: row.id, row });
  }

  private async remove<Row extends NamedRow>(
    collection: CachedList<Row>,
    id: string,
    path: string,
    query?: Record<string, string>,
  ): Promise<void> {
    await collection.change(
      () => this.http.request({ method: "DELETE", path, query }),
      () => ({ id }),
    );
  }

  private relate<Row extends NamedRow>(
    collection: CachedList<Row>,
    path: string,
    organizationId: string,
    row: Row,
    pair: Record<string, string>,
  ): Promise<boolean> {
    const query = inOrganization(organizationId);
    const send = async () => confirmsPair(await this.http.request({ method: "POST", path, query }), pair);
    return collection.change(send, (confirmed) => (confirmed ? { id: row.id, row } : undefined));
  }

  private async unrelate<Row extends NamedRow>(
    collection: CachedList<Row>,
    path: string,
    organizationId: string,
  ): Promise<void> {
    const query = inOrganization(organizationId);
    // A pair that was stored twice is still there.
    await collection.change(
      () => this.http.request({ method: "DELETE", path, query }),
      () => undefined,
    );
  }
}

/** Of two lists that a route has, the one of what is assigned. */
const ASSIGNED = { filter: '{"assigned":true}' };

interface Listing<Row> {
  path: string;
  /** Under which the rows stand. */
  key: string;
  parse: ParseRow<Row>;
  organizationId?: string;
  query?: Record<string, string>;
}

const withheld = (call: { method: string; path: string }, key: string) =>
  new ApiError("incomplete-list", `The server counts ${key} and sends none; nothing was decided from it`, call);

const inOrganization = (organizationId: string) => ({ orgId: organizationId, orgID: organizationId });

/** Always the full body: servers overwrite what is left out (a missing organization becomes the nil one). */
function environmentWire({ name, description, organizationId }: EnvironmentBody): Record<string, unknown> {
  return { name, description, organizationId, organization_id: organizationId };
}

function connectionWire(body: Partial<ConnectionBody>): Record<string, unknown> {
  const { subType, credentialId, ...rest } = body;
  return {
    ...rest,
    ...(subType === undefined ? {} : { subType, sub_type: subType }),
    ...(credentialId === undefined ? {} : { credentialId, credential_id: credentialId }),
  };
}

/** Some servers answer a write with zeros, or with another spelling: only a row that states what was sent is believed. */
function asSent<Row extends EnvironmentRow>(row: Row | undefined, body: EnvironmentBody, id?: string): Written<Row> {
  if (!row || (id !== undefined && row.id !== id) || row.name !== body.name) return {};
  const same =
    row.description === storedText(body.description) &&
    (row.organizationId === undefined || row.organizationId === body.organizationId);
  return same ? { id: row.id, row } : { id: row.id, other: row };
}
