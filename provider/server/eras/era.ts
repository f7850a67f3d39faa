/**
 * What can differ between versions of Meshery's API. Routes read these rules and never ask which era it is; a difference that is
 * not here yet becomes a rule here first.
 */
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
 * is a save: it makes what is missing, sets `createdAt` to the present time and forgets a connection's owner.
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
  readonly name: string;
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
  readonly local?: LocalProvider | undefined;
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
