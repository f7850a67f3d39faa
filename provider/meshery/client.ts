import { Collection } from "./collection";
import { ApiError } from "./errors";
import { Http, type HttpOptions, segment } from "./http";
import { PAGE_SIZE, readAll } from "./paging";
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
  readPage,
  storedText,
  type TeamRow,
  teamRow,
  userIds,
  type WorkspaceRow,
  workspaceRow,
} from "./rows";

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
  private readonly collections = new Map<string, unknown>();
  private userIds?: Promise<string[]>;
  /** Set once a server failed to list an environment's connections: the connections' own `environments` are used then. */
  private environmentListingFails = false;

  constructor(options: HttpOptions) {
    this.signal = options.signal;
    this.http = new Http(options);
  }

  /** Organizations that the token's user sees. */
  organizations(): Collection<OrganizationRow> {
    return this.collection("organizations", () => this.list(ORGANIZATIONS, "organizations", organizationRow));
  }
  environments(organizationId: string): Collection<EnvironmentRow> {
    return this.collection(`environments ${organizationId}`, () =>
      this.list(ENVIRONMENTS, "environments", environmentRow, inOrganization(organizationId)),
    );
  }
  workspaces(organizationId: string): Collection<WorkspaceRow> {
    return this.collection(`workspaces ${organizationId}`, () =>
      this.list(WORKSPACES, "workspaces", workspaceRow, inOrganization(organizationId)),
    );
  }
  /** Connections that the token's user sees; they belong to no one organization. */
  connections(): Collection<ConnectionRow> {
    return this.collection("connections", () => this.list(CONNECTIONS, "connections", connectionRow));
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
  teams(organizationId: string): Collection<TeamRow> {
    return this.collection(`teams ${organizationId}`, () =>
      this.list(`${ORGANIZATIONS}/${segment(organizationId)}/teams`, "teams", teamRow),
    );
  }
  /** Connections assigned to an environment. */
  assigned(organizationId: string, environmentId: string): Collection<ConnectionRow> {
    return this.collection(`assigned ${environmentId}`, () => this.listAssigned(organizationId, environmentId));
  }
  /** Environments bound to a workspace. */
  bound(organizationId: string, workspaceId: string): Collection<EnvironmentRow> {
    return this.collection(`bound ${workspaceId}`, () =>
      this.list(`${WORKSPACES}/${segment(workspaceId)}/environments`, "environments", environmentRow, {
        ...inOrganization(organizationId),
        filter: '{"assigned":true}',
      }),
    );
  }

  /** Sends a new environment. Never repeated. */
  createEnvironment(body: EnvironmentBody): Promise<Written<EnvironmentRow>> {
    return this.write(this.environments(body.organizationId), "POST", ENVIRONMENTS, environmentWire(body), (answer) =>
      asSent(readObject(answer, "environments", environmentRow), body),
    );
  }
  updateEnvironment(id: string, body: EnvironmentBody): Promise<Written<EnvironmentRow>> {
    return this.write(
      this.environments(body.organizationId),
      "PUT",
      `${ENVIRONMENTS}/${segment(id)}`,
      environmentWire(body),
      (answer) => asSent(readObject(answer, "environments", environmentRow), body, id),
    );
  }
  deleteEnvironment(id: string, organizationId: string): Promise<void> {
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
  updateWorkspace(id: string, body: WorkspaceBody): Promise<Written<WorkspaceRow>> {
    return this.write(
      this.workspaces(body.organizationId),
      "PUT",
      `${WORKSPACES}/${segment(id)}`,
      environmentWire(body),
      (answer) => asSent(readObject(answer, "workspaces", workspaceRow), body, id),
    );
  }
  deleteWorkspace(id: string, organizationId: string): Promise<void> {
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
  updateConnection(id: string, body: Partial<ConnectionBody>): Promise<Written<ConnectionRow>> {
    return this.write(this.connections(), "PUT", `${CONNECTIONS}/${segment(id)}`, connectionWire(body), () => ({}));
  }
  deleteConnection(id: string): Promise<void> {
    return this.remove(this.connections(), id, `${CONNECTIONS}/${segment(id)}`);
  }

  /** Sends one assignment; true where the answer states the very pair. Some servers add a second row for a second call. */
  assign(organizationId: string, environmentId: string, connection: ConnectionRow): Promise<boolean> {
    return this.relate(
      this.assigned(organizationId, environmentId),
      `${ENVIRONMENTS}/${segment(environmentId)}/connections/${segment(connection.id)}`,
      organizationId,
      connection,
      { environmentId, connectionId: connection.id },
    );
  }
  /** Removes one row of an assignment; a server that stored it twice keeps the other. */
  unassign(organizationId: string, environmentId: string, connectionId: string): Promise<void> {
    return this.unrelate(
      this.assigned(organizationId, environmentId),
      `${ENVIRONMENTS}/${segment(environmentId)}/connections/${segment(connectionId)}`,
      organizationId,
    );
  }
  bind(organizationId: string, workspaceId: string, environment: EnvironmentRow): Promise<boolean> {
    return this.relate(
      this.bound(organizationId, workspaceId),
      `${WORKSPACES}/${segment(workspaceId)}/environments/${segment(environment.id)}`,
      organizationId,
      environment,
      { workspaceId, environmentId: environment.id },
    );
  }
  unbind(organizationId: string, workspaceId: string, environmentId: string): Promise<void> {
    return this.unrelate(
      this.bound(organizationId, workspaceId),
      `${WORKSPACES}/${segment(workspaceId)}/environments/${segment(environmentId)}`,
      organizationId,
    );
  }

  private collection<Row extends NamedRow>(key: string, load: () => Promise<Row[]>): Collection<Row> {
    let found = this.collections.get(key) as Collection<Row> | undefined;
    if (!found) {
      found = new Collection(load);
      this.collections.set(key, found);
    }
    return found;
  }

  private list<Row extends NamedRow>(
    path: string,
    key: string,
    parse: ParseRow<Row>,
    query: Record<string, string> = {},
  ): Promise<Row[]> {
    const call = { method: "GET", path } as const;
    const read = async (page: number) => {
      const answer = await this.http.request({
        ...call,
        query: { ...query, page, pageSize: PAGE_SIZE, pagesize: PAGE_SIZE, page_size: PAGE_SIZE, order: "name asc" },
      });
      return readPage(answer, key, parse, call);
    };
    return readAll(read, call, this.signal);
  }

  private async listAssigned(organizationId: string, environmentId: string): Promise<ConnectionRow[]> {
    if (!this.environmentListingFails) {
      try {
        return await this.list(`${ENVIRONMENTS}/${segment(environmentId)}/connections`, "connections", connectionRow, {
          ...inOrganization(organizationId),
          filter: '{"assigned":true}',
        });
      } catch (error) {
        // Some releases fail this one route for every environment; the connections then still name their environments.
        if (!(error instanceof ApiError) || error.code !== "server-error") throw error;
        const rows = await this.assignedByConnections(environmentId);
        if (!rows) throw error;
        this.environmentListingFails = true;
        return rows;
      }
    }
    const rows = await this.assignedByConnections(environmentId);
    if (rows) return rows;
    this.environmentListingFails = false;
    return this.listAssigned(organizationId, environmentId);
  }

  private async assignedByConnections(environmentId: string): Promise<ConnectionRow[] | undefined> {
    const all = [...(await this.connections().fresh()).values()];
    // Who sees no connection sees none in any environment.
    if (all.length > 0 && all.every((row) => row.environments === undefined)) return undefined;
    return all.filter((row) => row.environments?.includes(environmentId));
  }

  private write<Row extends NamedRow>(
    collection: Collection<Row>,
    method: "POST" | "PUT",
    path: string,
    body: unknown,
    stated: (answer: unknown) => Written<Row>,
  ): Promise<Written<Row>> {
    const send = async () => stated(await this.http.request({ method, path, body }));
    return collection.change(send, ({ row }) => row && { id: row.id, row });
  }

  private async remove<Row extends NamedRow>(
    collection: Collection<Row>,
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
    collection: Collection<Row>,
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
    collection: Collection<Row>,
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
