/**
 * The wire forms of Meshery, one row each. Routes read these rows and never ask which era it is.
 *
 * `docs` is the API as users' documentation shows it; `E1` (2024 to April 2026), `E2` (from 23 April 2026) and `E3`
 * (from about late July 2026) are what Meshery Server's handlers did; `cloud` is what the schemas say of Meshery Cloud.
 */
export type EraName = "docs" | "E1" | "E2" | "E3" | "cloud";

/** Groups of endpoints that read and answer alike. `edges` are the lists below one environment or workspace. */
export type Family = "topology" | "edges" | "connections" | "credentials" | "identity";

export interface OrganizationQuery {
  /** Query names that are read, the first one wins. */
  readonly names: readonly string[];
  /** `several`: only where the user sees more than one organization. */
  readonly required: "always" | "several" | "never";
}

export type OrderName = "name" | "created_at" | "updated_at" | "createdAt" | "updatedAt" | "CreatedAt" | "UpdatedAt";

export interface PageRule {
  /** Query names of the page size, the first one wins. */
  readonly sizeNames: readonly string[];
  readonly defaultSize: number;
  /** Greater sizes are cut to it. */
  readonly cap?: number;
}

export interface EnvelopeRule {
  /** What the page size in the answer is: the size asked for, or the number of rows in this page. */
  readonly size: "asked" | "returned";
  /** Zero values left out, as Go's `omitempty` does. */
  readonly omit: "nothing" | "page and rows" | "every zero";
}

/**
 * What the Local provider, which keeps its rows in Meshery Server's own database, does in its own way. In every era an update
 * is a save: it makes what is missing, begins `createdAt` anew and forgets a connection's owner.
 */
export interface LocalProvider {
  readonly name: string;
  /** Whether it fails to list an environment's connections when page or page size is left out. */
  readonly edgesNeedPage: boolean;
  /** What becomes of a credential's secret when an update leaves it out. */
  readonly absentSecret: "kept" | "wiped";
  /**
   * Whether its rows are those of the newer schemas: columns that some lists do not fill, texts and keys left out where they are
   * empty, ids in paths and bodies checked.
   */
  readonly newerRows: boolean;
}

export interface Era {
  readonly name: EraName;
  readonly ids: "uuid" | "prefixed";
  /** Spelling of keys in answers. */
  readonly keys: "camel" | "snake";
  /** Spellings read in bodies, the first one wins. */
  readonly bodyKeys: {
    readonly topology: readonly ("camel" | "snake")[];
    readonly connections: readonly ("camel" | "snake")[];
  };
  /** Where the token is read from. */
  readonly token: { readonly cookie: boolean; readonly bearer: boolean };
  /** True where a provider has to be chosen and a refused token is answered by redirects, as Meshery Server does. */
  readonly providers: boolean;
  /** Whether `GET /api/providers` is there. */
  readonly providerList: boolean;
  /** The provider without users; absent where there is none. */
  readonly local?: LocalProvider;
  /** Form of error bodies: MeshKit text, MeshKit JSON, `{"error"}` or Echo's `{"message"}`. */
  readonly errors: "text" | "meshkit" | "error" | "message";
  readonly failures: {
    /** Environments and workspaces: 404 for every failure of the provider, or the provider's own status. */
    readonly topology: 404 | "passed";
    /** When the provider (the Local one) says nothing but "record not found". */
    readonly topologyWithoutStatus: number;
    readonly connectionWrite: 500 | "passed";
    readonly connectionDelete: 500 | "passed";
    /** A body that is no JSON or has a value of the wrong type. */
    readonly badBody: number;
  };
  readonly organization: {
    readonly environments: OrganizationQuery;
    readonly environment: OrganizationQuery;
    readonly workspaces: OrganizationQuery;
    readonly workspace: OrganizationQuery;
  };
  /** Headers that name the organization where the query does not, the first one wins. */
  readonly organizationHeaders: readonly string[];
  /** What becomes of a body without organization: refused, or the nil UUID. */
  readonly missingOrganization: "refused" | "nil";
  /** What an update does to an environment's organization. */
  readonly organizationOnUpdate: "overwritten" | "kept";
  /** What an update does to fields that the body leaves out. */
  readonly absentOnUpdate: "emptied" | "kept";
  readonly nameRequired: boolean;
  /** Whether a second assignment of one pair adds a second row. */
  readonly repeatedEdges: "second row" | "same row";
  /** Whether a pair with two rows shows twice in the list of its environment, of its workspace. */
  readonly repeatedEdgesShow: { readonly environment: boolean; readonly workspace: boolean };
  readonly pages: Readonly<Record<Family, PageRule>>;
  readonly envelopes: {
    readonly environments: EnvelopeRule;
    readonly workspaces: EnvelopeRule;
    readonly others: EnvelopeRule;
  };
  /** What one environment is, read by its id or after an update: the object, or as the schema has it a page of one. */
  readonly oneEnvironment: "object" | "page";
  /** Whether secrets of credentials come back when they are read. */
  readonly secretsShown: boolean;
  readonly createdStatus: 200 | 201;
  /** Whether writes of connections and credentials answer with the object, or with nothing. */
  readonly connectionBodies: boolean;
  /** Deletes of environments and workspaces: the deleted object, or nothing and 204. */
  readonly deleted: "object" | "no content";
  readonly assigned: {
    readonly environment: 200 | 201;
    readonly workspace: 200 | 201;
    readonly form: "mapping" | "page";
  };
  readonly deletedAt: "null" | "object";
  /** Whether workspaces in a list name their owner instead of giving the id. */
  readonly listedOwnerIsName: boolean;
  /** Lists of values in the query of the connections' list: JSON arrays, or repeated parameters. */
  readonly connectionFilters: "json arrays" | "repeated";
  /** Whether `filter` is a key and a value with a blank between them; else it is JSON. */
  readonly keyValueFilters: boolean;
  /** Names by which the connections' list can be ordered; the other lists know those that are columns. */
  readonly orders: readonly OrderName[];
  /** Type of JSON that is no error. */
  readonly jsonType: "application/json" | "application/json; charset=utf-8";
  /** Whether reads of connections say that they are JSON; Meshery Server leaves the type to a guess, which is text. */
  readonly connectionsAreTyped: boolean;
  /** A filter `{"assigned": "x"}`: refused, or the end of the connection, as when a handler panics. */
  readonly badAssignedFilter: "refused" | "panic";
  readonly workspaceTeams: boolean;
  /** Whether organizations and their teams can be read one by one. */
  readonly identityRoutes: boolean;
  /** Unknown paths: the user interface's HTML for GET and 405 otherwise, or 404. */
  readonly unknownPath: "user interface" | 404;
}

const sized = (sizeNames: readonly string[], defaultSize: number, cap?: number): PageRule => ({
  sizeNames,
  defaultSize,
  ...(cap === undefined ? {} : { cap }),
});
const organization = (required: OrganizationQuery["required"], ...names: string[]): OrganizationQuery => ({
  names,
  required,
});

const E3: Era = {
  name: "E3",
  ids: "uuid",
  keys: "camel",
  bodyKeys: { topology: ["camel", "snake"], connections: ["camel"] },
  token: { cookie: true, bearer: false },
  providers: true,
  providerList: true,
  local: { name: "Local", edgesNeedPage: false, absentSecret: "kept", newerRows: true },
  errors: "meshkit",
  failures: {
    topology: "passed",
    topologyWithoutStatus: 502,
    connectionWrite: 500,
    connectionDelete: "passed",
    badBody: 500,
  },
  organization: {
    environments: organization("always", "orgId"),
    environment: organization("always", "orgId"),
    workspaces: organization("always", "orgId", "orgID"),
    workspace: organization("always", "orgId", "orgID"),
  },
  organizationHeaders: [],
  missingOrganization: "nil",
  organizationOnUpdate: "overwritten",
  absentOnUpdate: "emptied",
  nameRequired: false,
  repeatedEdges: "second row",
  repeatedEdgesShow: { environment: true, workspace: false },
  pages: {
    topology: sized(["pagesize"], 10),
    edges: sized(["pagesize"], 10),
    connections: sized(["pageSize", "pagesize"], 10, 100),
    credentials: sized(["page_size"], 10, 25),
    identity: sized(["pagesize"], 10),
  },
  envelopes: {
    environments: { size: "returned", omit: "page and rows" },
    workspaces: { size: "returned", omit: "every zero" },
    others: { size: "asked", omit: "nothing" },
  },
  oneEnvironment: "object",
  secretsShown: true,
  createdStatus: 201,
  connectionBodies: false,
  deleted: "object",
  assigned: { environment: 200, workspace: 200, form: "mapping" },
  deletedAt: "null",
  listedOwnerIsName: true,
  connectionFilters: "repeated",
  keyValueFilters: true,
  orders: ["name", "created_at", "updated_at", "createdAt", "updatedAt", "CreatedAt", "UpdatedAt"],
  jsonType: "application/json",
  connectionsAreTyped: false,
  badAssignedFilter: "refused",
  workspaceTeams: true,
  identityRoutes: false,
  unknownPath: "user interface",
};

const E2: Era = { ...E3, name: "E2", failures: { ...E3.failures, topology: 404, topologyWithoutStatus: 404 } };

const E1: Era = {
  ...E2,
  name: "E1",
  keys: "snake",
  bodyKeys: { topology: ["snake"], connections: ["snake"] },
  local: { name: "None", edgesNeedPage: true, absentSecret: "wiped", newerRows: false },
  errors: "text",
  failures: { ...E2.failures, connectionDelete: 500 },
  organization: {
    environments: organization("never", "orgID"),
    environment: organization("never", "orgID"),
    workspaces: organization("always", "orgID"),
    workspace: organization("never", "orgID"),
  },
  repeatedEdgesShow: { environment: true, workspace: true },
  pages: { ...E2.pages, connections: sized(["pagesize"], 10, 100) },
  envelopes: { ...E2.envelopes, environments: { size: "returned", omit: "every zero" } },
  createdStatus: 200,
  deletedAt: "object",
  connectionFilters: "json arrays",
  orders: ["name", "created_at", "updated_at"],
  badAssignedFilter: "panic",
  workspaceTeams: false,
};

const cloud: Era = {
  ...E3,
  name: "cloud",
  bodyKeys: { topology: ["camel", "snake"], connections: ["camel"] },
  token: { cookie: false, bearer: true },
  providers: false,
  providerList: false,
  local: undefined,
  errors: "message",
  failures: {
    topology: "passed",
    topologyWithoutStatus: 404,
    connectionWrite: "passed",
    connectionDelete: "passed",
    badBody: 400,
  },
  organization: {
    environments: organization("never", "orgId"),
    environment: organization("never", "orgId"),
    workspaces: organization("never", "orgId"),
    workspace: organization("never", "orgId"),
  },
  organizationHeaders: ["x-current-orgid", "layer5-current-orgid"],
  missingOrganization: "refused",
  organizationOnUpdate: "kept",
  absentOnUpdate: "kept",
  nameRequired: true,
  repeatedEdges: "same row",
  repeatedEdgesShow: { environment: false, workspace: false },
  pages: {
    topology: sized(["pagesize", "pageSize"], 10),
    edges: sized(["pagesize", "pageSize"], 10),
    connections: sized(["pageSize", "pagesize"], 10, 100),
    credentials: sized(["pagesize", "page_size"], 10, 100),
    identity: sized(["pagesize", "pageSize"], 10),
  },
  envelopes: {
    environments: { size: "asked", omit: "page and rows" },
    workspaces: { size: "asked", omit: "every zero" },
    others: { size: "asked", omit: "nothing" },
  },
  oneEnvironment: "page",
  secretsShown: false,
  connectionBodies: true,
  keyValueFilters: false,
  orders: ["name", "created_at", "updated_at"],
  jsonType: "application/json; charset=utf-8",
  connectionsAreTyped: true,
  deleted: "no content",
  assigned: { environment: 201, workspace: 200, form: "page" },
  identityRoutes: true,
  unknownPath: 404,
};

const docs: Era = {
  ...cloud,
  name: "docs",
  ids: "prefixed",
  keys: "snake",
  bodyKeys: { topology: ["snake"], connections: ["snake"] },
  token: { cookie: true, bearer: true },
  providerList: true,
  errors: "error",
  organization: {
    environments: organization("several", "orgID"),
    environment: organization("never", "orgID"),
    workspaces: organization("several", "orgID"),
    workspace: organization("never", "orgID"),
  },
  organizationHeaders: [],
  pages: {
    topology: sized(["pagesize"], 20),
    edges: sized(["pagesize"], 20),
    connections: sized(["pagesize"], 20),
    credentials: sized(["pagesize"], 20),
    identity: sized(["pagesize"], 20),
  },
  envelopes: {
    environments: { size: "asked", omit: "nothing" },
    workspaces: { size: "asked", omit: "nothing" },
    others: { size: "asked", omit: "nothing" },
  },
  oneEnvironment: "object",
  secretsShown: true,
  assigned: { environment: 200, workspace: 200, form: "mapping" },
  deleted: "object",
  listedOwnerIsName: false,
};

export const eras: Readonly<Record<EraName, Era>> = { docs, E1, E2, E3, cloud };
