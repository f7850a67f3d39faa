import type { Era, OrganizationQuery, PageRule } from "./era";

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

/**
 * The versions of Meshery's API that the server speaks, one row each: a new one is a row here.
 *
 * `docs` is the API as users' documentation shows it; `E1` (2024 to April 2026), `E2` (from 23 April 2026) and `E3`
 * (from about late July 2026) are what Meshery Server's handlers did; `cloud` is what the schemas say of Meshery Cloud.
 */
export const eras = { docs, E1, E2, E3, cloud } satisfies Record<string, Era>;

export type EraName = keyof typeof eras;
export const eraNames = Object.keys(eras) as EraName[];
