import { EMPTY_TEXT } from "../client";
import { defineResource, name, optional, required, text } from "../framework";
import { assignments } from "./connectionAssignment";
import { ownershipFields } from "./shared/adoption";
import { holder } from "./shared/dependents";
import { ownerField, unlessGone } from "./shared/existence";
import {
  adoptableNamed,
  createNamed,
  deleteNamed,
  importNamed,
  type NamedKind,
  noticesNamed,
  readNamed,
  updateNamed,
} from "./shared/objectResource";
import { isOf, organizationField } from "./shared/organization";
import { asSettled, type Look } from "./shared/retryWithFreshRead";
import { bindings } from "./workspaceBinding";

const fields = {
  name: required(name(100), {
    description: "Name, unique in the organization as far as this program is concerned; at most 100 characters.",
    example: "production",
  }),
  description: optional(text(1000), {
    description: 'What the environment is for; at most 1000 characters. Left out it is not managed, `""` clears it.',
    example: "Production infrastructure",
  }),
  organizationId: organizationField("environment"),
  ...ownershipFields("environment", "it still holds connections of others or is bound to workspaces"),
  owner: ownerField("environment"),
};

const environments: NamedKind = {
  resource: "Environment",
  list: (client, organizationId) => client.environments(organizationId),
  create: (client, body) => client.createEnvironment(body),
  update: (client, id, body) => client.updateEnvironment(id, body),
  remove: (client, id, organizationId) => client.deleteEnvironment(id, organizationId),
  async holders({ client }, id, organizationId, look) {
    const connections = [...(await look(client.assigned(organizationId, id))).values()];
    const workspaces = client.workspaces(organizationId);
    // No endpoint tells the workspaces of an environment: each workspace has to be asked.
    const bound = await Promise.all(
      [...(await look(workspaces)).values()].map(async (workspace) => {
        if (!isOf(organizationId, workspace)) return [];
        const holds = async (read: Look) => {
          const environments = read(client.bound(organizationId, workspace.id));
          return (await unlessGone(workspaces, workspace.id, environments))?.has(id) ?? false;
        };
        // Of many workspaces few hold it: only those are worth another reading.
        return (await holds(asSettled)) && (await holds(look)) ? [workspace] : [];
      }),
    );
    return [
      ...bound
        .flat()
        .map((workspace) => holder(bindings, organizationId, workspace.id, id, `workspace "${workspace.name}"`)),
      ...connections.map((connection) =>
        holder(assignments, organizationId, id, connection.id, `connection "${connection.name}" (${connection.kind})`),
      ),
    ];
  },
};

export const Environment = defineResource({
  name: "Environment",
  description:
    "A Meshery environment: a logical group of connections and their credentials, such as a deployment stage, a region, or shared infrastructure. Connections are put into it by `ConnectionAssignment`, and it is made available to the teams of a workspace by `WorkspaceBinding`. Deleting it never deletes a connection or a credential.",
  fields,
  importForms: [
    { form: "<id>", example: "8b1f5c0e-6f0d-4a57-9f6e-3a3c5e0f7a11" },
    {
      form: "<organizationId>/<id>",
      example: "5f7b2c1a-0b1e-4c57-9d60-4f1f0e3b9a77/8b1f5c0e-6f0d-4a57-9f6e-3a3c5e0f7a11",
    },
    { form: "name:<exact name>", example: "name:production" },
  ],
  check: ({ description }) => refuseMarker(description),
  adoptable: (context, inputs) => adoptableNamed(environments, context, inputs),
  plannedNotices: (context, inputs) => noticesNamed(environments, context, inputs),
  create: (context, inputs) => createNamed(environments, context, inputs),
  read: (context, state) => readNamed(environments, context, state, { fields }),
  update: (context, state, inputs) => updateNamed(environments, context, state, inputs),
  delete: (context, state) => deleteNamed(environments, context, state),
  import: (context, importId) => importNamed(environments, context, importId),
});

/** The marker that stands for an empty text on some servers cannot be somebody's text. */
export function refuseMarker(description: string | undefined) {
  const last = description?.trimEnd().split("\n").at(-1) ?? "";
  return last.startsWith(EMPTY_TEXT)
    ? [
        {
          field: "description",
          message: `description must not end with a line that begins with ${EMPTY_TEXT}: that marks what this tool itself keeps there.`,
        },
      ]
    : [];
}
