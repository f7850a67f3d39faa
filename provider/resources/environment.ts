import {
  type Context,
  text as freeText,
  name,
  optional,
  required,
  type State,
  type Values,
  type Warning,
} from "../framework";
import { adoptionFields } from "./shared/adoption";
import { ownerField } from "./shared/existence";
import { holdersOf, lookupAll, lookupOne } from "./shared/lookups";
import { objectResource } from "./shared/objectResource";
import { objectType } from "./shared/objectType";
import { organizationField } from "./shared/organization";
import { relationNamed } from "./shared/relation";
import { archivedField, checkTagged, describedText, tagFields } from "./shared/tags";
import { text } from "./shared/wire";

const CARRIER = { resource: "Environment", longest: 1000 };

export const environments = objectType({
  name: "Environment",
  path: "/api/environments",
  rows: "environments",
  identity: ["organizationId", "name"],
  answerStatesRow: true,
  exampleId: "8b1f5c0e-6f0d-4a57-9f6e-3a3c5e0f7a11",
  fields: {
    name: required(name(100), {
      description: "Name, unique in the organization as far as this program is concerned; at most 100 characters.",
      example: "production",
      wire: text("name"),
    }),
    description: optional(freeText(CARRIER.longest), {
      description: 'What the environment is for; at most 1000 characters. Left out it is not managed, `""` clears it.',
      example: "Production infrastructure",
      wire: describedText,
    }),
    ...tagFields(CARRIER),
    archived: archivedField(CARRIER),
    organizationId: organizationField("environment"),
    ...adoptionFields("environment", "it still holds connections of others or is bound to workspaces"),
    owner: ownerField("environment", "ownerId", "owner"),
  },
});

export const Environment = objectResource(environments, {
  description:
    "A Meshery environment: a logical group of connections and their credentials, such as a deployment stage, a region, or shared infrastructure. Connections are put into it by `ConnectionAssignment`, and it is made available to the teams of a workspace by `WorkspaceBinding`. Deleting it never deletes a connection or a credential.",
  check: (inputs) => checkTagged(inputs, CARRIER.longest),
  changeNotices: archiveNotices,
});

/** Archiving closes nothing: whoever reaches its connections still does. */
async function archiveNotices(context: Context, state: State, { archived }: Values): Promise<Warning[]> {
  if (archived !== true || state.archived === true) return [];
  const binding = relationNamed("workspace-environment");
  const holders = await holdersOf(binding, context, String(state.organizationId), state.id);
  if (holders.length === 0) return [];
  const where = holders.map(({ id, name: called }) => `workspace "${called}" (${id})`).join(", ");
  return [
    {
      summary: `Environment "${String(state.name)}" is archived while it is bound`,
      detail: `It stays bound to ${where}: their teams reach its connections as before. To end that, remove its bindings.`,
    },
  ];
}

/** @param held the output with the connections that it holds */
const stateFrom = (held: string) => ({
  description: "`archived`, else `active`, or `empty` while it holds no connection.",
  choices: ["active", "empty", "archived"],
  of: (outputs: Values) => {
    if (outputs.archived === true) return "archived";
    return (outputs[held] as unknown[]).length === 0 ? "empty" : "active";
  },
});

export const getEnvironment = lookupOne(environments, {
  description: "One environment, by id or exact name, with its connections and the workspaces it is bound to.",
  computed: { state: stateFrom("connections") },
  related: {
    connections: {
      relation: "environment-connection",
      description: "Connections assigned to it.",
      columns: ["id", "name", "kind", "type", "subType", "status"],
    },
    workspaces: {
      relation: "workspace-environment",
      description: "Workspaces it is bound to.",
      columns: ["id", "name"],
    },
  },
});

export const getEnvironments = lookupAll(environments, {
  description:
    "Every environment of an organization, narrowed by tags, state or a part of the name, with all assignments and bindings.",
  filters: ["tags"],
  computed: { state: stateFrom("assignments") },
  pairs: {
    assignments: {
      relation: "environment-connection",
      description: "Which connection is in which environment.",
      columns: ["environmentId", "environmentName", "connectionId", "connectionName", "connectionKind"],
    },
    bindings: {
      relation: "workspace-environment",
      description: "Which environment is in which workspace.",
      columns: ["workspaceId", "workspaceName", "environmentId", "environmentName"],
    },
  },
});
