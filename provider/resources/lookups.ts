import * as z from "zod";
import { ApiError, type ConnectionRow, type NamedRow } from "../client";
import { type Context, defineLookup, type Fields, id, optional, output, ResourceError } from "../framework";
import { listed, listedWith, noMatch, one, oneWith, several } from "./shared/lookupMatch";
import { organizationFor } from "./shared/organization";
import { asItIsNow, asKnown, type Look, retryWithFreshRead } from "./shared/retryWithFreshRead";

const connectionRow = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.string(),
  type: z.string(),
  subType: z.string(),
  status: z.string(),
});
const namedRow = z.object({ id: z.string(), name: z.string() });
const describedRow = z.object({ id: z.string(), name: z.string(), description: z.string() });
const assignmentRow = z.object({
  environmentId: z.string(),
  environmentName: z.string(),
  connectionId: z.string(),
  connectionName: z.string(),
  connectionKind: z.string(),
});
const bindingRow = z.object({
  workspaceId: z.string(),
  workspaceName: z.string(),
  environmentId: z.string(),
  environmentName: z.string(),
});

const byIdOrName = (what: string) => ({
  id: optional(id(what), { description: `Id of ${what}. Give it or the name.` }),
  name: optional(z.string(), { description: `Exact name of ${what}. Give it or the id.` }),
});
const inOrganization = {
  organizationId: optional(id("an organization"), {
    description:
      "Organization to look in. Left out: the provider's `organizationId`, else the only one that the token sees.",
  }),
};
const connectionFilters = {
  kind: optional(z.string(), { description: "Only connections of this kind, for instance `kubernetes`." }),
  type: optional(z.string(), { description: "Only connections of this type." }),
  subType: optional(z.string(), { description: "Only connections of this subtype." }),
  status: optional(z.string(), { description: "Only connections of this status, for instance `connected`." }),
};

const organizationOf = (context: Context, name: string, inputs: { organizationId?: string | undefined }) =>
  organizationFor(context, name, inputs.organizationId);
const pickConnection = ({ id, name, kind, type, subType, status }: ConnectionRow) => ({
  id,
  name,
  kind,
  type,
  subType,
  status,
});
const pickNamed = ({ id, name }: NamedRow) => ({ id, name });
const needsOne = (inputs: Record<string, unknown>, keys: readonly string[]) =>
  keys.some((key) => inputs[key] !== undefined) ? [] : [{ field: keys[0]!, message: `Give ${keys.join(" or ")}.` }];

/** A connection in one of these states is a leftover of one that came back under a new id, or is meant to be left alone. */
const NOT_IN_USE = new Set(["not found", "disconnected", "ignored", "deleted"]);

type ConnectionCriteria = {
  id?: string;
  name?: string;
  kind?: string;
  type?: string;
  subType?: string;
  status?: string;
};
const CRITERIA = ["id", "name", "kind", "type", "subType", "status"] as const;

function matching(
  rows: readonly ConnectionRow[],
  wanted: { [K in keyof ConnectionCriteria]?: string | undefined },
): ConnectionRow[] {
  return rows.filter((row) => CRITERIA.every((key) => wanted[key] === undefined || row[key] === wanted[key]));
}

async function environmentTopology(context: Context, organizationId: string) {
  const { client } = context;
  const environments = await listedWith(
    context,
    "Environment",
    client.environments(organizationId),
    organizationId,
    ({ id }) => listed(context, "Connection", client.assigned(organizationId, id)),
  );
  const workspaces = await listedWith(
    context,
    "Workspace",
    client.workspaces(organizationId),
    organizationId,
    ({ id }) => listed(context, "Environment", client.bound(organizationId, id)),
  );
  return {
    environments: environments.map(({ row }) => row),
    assignments: environments.flatMap(({ row: environment, held }) =>
      held.map((connection) => ({
        environmentId: environment.id,
        environmentName: environment.name,
        connectionId: connection.id,
        connectionName: connection.name,
        connectionKind: connection.kind,
      })),
    ),
    bindings: workspaces.flatMap(({ row: workspace, held }) =>
      held.map((environment) => ({
        workspaceId: workspace.id,
        workspaceName: workspace.name,
        environmentId: environment.id,
        environmentName: environment.name,
      })),
    ),
  };
}

/** What is no matter of the server or the way to it, but of teams that are not there. */
const NO_TEAMS = new Set(["not-found", "not-authenticated", "not-allowed", "refused", "unreadable", "no-route"]);

/** Self-hosted servers have no teams, and answer as if something else was wrong: a sign-in page, for instance. */
const explainTeams =
  ({ client }: Context, lookup: string) =>
  async (error: unknown): Promise<never> => {
    if (!(error instanceof ApiError) || !NO_TEAMS.has(error.code)) throw error;
    // A token that is refused everywhere is another matter.
    await client.organizations().read("now");
    throw new ResourceError(
      "missing",
      {
        resource: lookup,
        what: "this Meshery does not tell of teams",
        hint: "Teams are Meshery Cloud's: a self-hosted Meshery Server has none. On Meshery Cloud, see whether the token's user may see the teams of the organization.",
      },
      { cause: error },
    );
  };

export const lookups = [
  defineLookup({
    name: "getEnvironment",
    description: "One environment, by id or exact name, with its connections and the workspaces it is bound to.",
    fields: {
      ...byIdOrName("the environment"),
      ...inOrganization,
      description: output(z.string(), { description: "Description." }),
      state: output(z.string(), { description: "`active`, or `empty` while it holds no connection." }),
      connections: output(z.array(connectionRow), { description: "Connections assigned to it." }),
      workspaces: output(z.array(namedRow), { description: "Workspaces it is bound to." }),
    },
    check: (inputs) => needsOne(inputs, ["name", "id"]),
    async read(context, inputs) {
      const organizationId = await organizationOf(context, "getEnvironment", inputs);
      const { client } = context;
      const { row, held } = await oneWith(
        context,
        "getEnvironment",
        "Environment",
        client.environments(organizationId),
        { ...inputs, organizationId },
        ({ id }) => listed(context, "Connection", client.assigned(organizationId, id)),
      );
      const connections = held.map(pickConnection);
      // No endpoint tells the workspaces of an environment: each workspace has to be asked.
      const workspaces = await listedWith(
        context,
        "Workspace",
        client.workspaces(organizationId),
        organizationId,
        ({ id }) => client.bound(organizationId, id).read("cached"),
      );
      return {
        id: row.id,
        name: row.name,
        organizationId,
        description: row.description,
        state: connections.length === 0 ? "empty" : "active",
        connections,
        workspaces: workspaces.filter(({ held }) => held.has(row.id)).map((workspace) => pickNamed(workspace.row)),
      };
    },
  }),
  defineLookup({
    name: "getEnvironments",
    description: "Every environment of an organization, with all assignments and bindings.",
    fields: {
      ...inOrganization,
      environments: output(z.array(describedRow), { description: "The environments, by name." }),
      assignments: output(z.array(assignmentRow), { description: "Which connection is in which environment." }),
      bindings: output(z.array(bindingRow), { description: "Which environment is in which workspace." }),
    },
    async read(context, inputs) {
      const organizationId = await organizationOf(context, "getEnvironments", inputs);
      const { environments, assignments, bindings } = await environmentTopology(context, organizationId);
      return {
        organizationId,
        environments: environments.map(({ id, name, description }) => ({ id, name, description })),
        assignments,
        bindings,
      };
    },
  }),
  defineLookup({
    name: "getConnection",
    description:
      "One connection, by id or exact name, narrowed by kind, type, subtype or status. Where several match and exactly one of them is in use, that one is taken, with a warning that names the others.",
    fields: {
      ...byIdOrName("the connection"),
      ...connectionFilters,
      metadata: output(z.record(z.string(), z.string()), { description: "Metadata with text values." }),
      metadataJson: output(z.string(), { description: "All metadata, as JSON text." }),
    },
    check: (inputs) => needsOne(inputs, ["name", "id", "kind"]),
    async read(context, inputs) {
      const shown = (rows: readonly ConnectionRow[]) =>
        rows.map((r) => `${r.id} (${r.name}, ${r.kind}, ${r.status || "no status"})`);
      const choose = async (look: Look) => {
        const matches = matching(await listed(context, "Connection", context.client.connections(), { look }), inputs);
        const used = matches.filter((row) => !NOT_IN_USE.has(row.status));
        const row = matches.length === 1 ? matches[0]! : used.length === 1 ? used[0]! : undefined;
        if (row) return { row, matches };
        throw matches.length === 0
          ? noMatch("getConnection", "connection", inputs)
          : several("getConnection", "connection", shown(matches));
      };
      const chosen = await retryWithFreshRead(asKnown, choose);
      // One that is out of use may have come back under a new id since the list was read.
      const open = inputs.id === undefined && inputs.status === undefined;
      const { row, matches } = open && NOT_IN_USE.has(chosen.row.status) ? await choose(asItIsNow) : chosen;
      if (matches.length > 1) {
        context.warn({
          summary: `${matches.length} connections match; ${row.id} was taken`,
          detail: `It is the only one in use. The others: ${shown(matches.filter((other) => other !== row)).join("; ")}.`,
        });
      }
      const flat = Object.entries(row.metadata).filter(
        (entry): entry is [string, string] => typeof entry[1] === "string",
      );
      return { ...pickConnection(row), metadata: Object.fromEntries(flat), metadataJson: JSON.stringify(row.metadata) };
    },
  }),
  defineLookup({
    name: "getConnections",
    description: "Every connection that the token's user sees, narrowed by kind, type, subtype or status.",
    fields: {
      ...connectionFilters,
      connections: output(z.array(connectionRow), { description: "The connections, by name." }),
    },
    async read(context, inputs) {
      const connections = matching(await listed(context, "Connection", context.client.connections()), inputs).map(
        pickConnection,
      );
      return { ...inputs, connections };
    },
  }),
  defineLookup({
    name: "getWorkspace",
    description: "One workspace, by id or exact name, with the environments that are bound to it.",
    fields: {
      ...byIdOrName("the workspace"),
      ...inOrganization,
      description: output(z.string(), { description: "Description." }),
      environments: output(z.array(namedRow), { description: "Environments bound to it." }),
    },
    check: (inputs) => needsOne(inputs, ["name", "id"]),
    async read(context, inputs) {
      const organizationId = await organizationOf(context, "getWorkspace", inputs);
      const { client } = context;
      const { row, held } = await oneWith(
        context,
        "getWorkspace",
        "Workspace",
        client.workspaces(organizationId),
        { ...inputs, organizationId },
        ({ id }) => listed(context, "Environment", client.bound(organizationId, id)),
      );
      const environments = held.map(pickNamed);
      return { id: row.id, name: row.name, organizationId, description: row.description, environments };
    },
  }),
  defineLookup({
    name: "getWorkspaces",
    description: "Every workspace of an organization.",
    fields: {
      ...inOrganization,
      workspaces: output(z.array(describedRow), { description: "The workspaces, by name." }),
    },
    async read(context, inputs) {
      const organizationId = await organizationOf(context, "getWorkspaces", inputs);
      const rows = await listed(context, "Workspace", context.client.workspaces(organizationId), {
        organizationId,
      });
      return { organizationId, workspaces: rows.map(({ id, name, description }) => ({ id, name, description })) };
    },
  }),
  defineLookup({
    name: "getOrganization",
    description: "One organization, by id or exact name; without either the only one that the token sees.",
    fields: byIdOrName("the organization"),
    async read(context, inputs) {
      const asked = inputs.id === undefined && inputs.name === undefined;
      const id = asked ? await organizationFor(context, "getOrganization", undefined) : inputs.id;
      return pickNamed(
        await one(context, "getOrganization", "Organization", context.client.organizations(), { ...inputs, id }),
      );
    },
  }),
  defineLookup({
    name: "getOrganizations",
    description: "Every organization that the token sees.",
    fields: { organizations: output(z.array(namedRow), { description: "The organizations, by name." }) },
    async read(context) {
      return { organizations: (await listed(context, "Organization", context.client.organizations())).map(pickNamed) };
    },
  }),
  defineLookup({
    name: "getTeam",
    description: "One team of an organization, by id or exact name. Meshery Cloud only.",
    fields: { ...byIdOrName("the team"), ...inOrganization },
    check: (inputs) => needsOne(inputs, ["name", "id"]),
    async read(context, inputs) {
      const organizationId = await organizationOf(context, "getTeam", inputs);
      const { id, name } = inputs;
      const team = one(context, "getTeam", "Team", context.client.teams(organizationId), { id, name });
      return { ...pickNamed(await team.catch(explainTeams(context, "getTeam"))), organizationId };
    },
  }),
  defineLookup({
    name: "getTeams",
    description: "Every team of an organization. Meshery Cloud only.",
    fields: { ...inOrganization, teams: output(z.array(namedRow), { description: "The teams, by name." }) },
    async read(context, inputs) {
      const organizationId = await organizationOf(context, "getTeams", inputs);
      return {
        organizationId,
        teams: (
          await listed(context, "Team", context.client.teams(organizationId)).catch(explainTeams(context, "getTeams"))
        ).map(pickNamed),
      };
    },
  }),
] as const satisfies readonly { name: string; fields: Fields }[];
