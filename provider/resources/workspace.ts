import { defineResource, name, optional, required, text } from "../framework";
import { refuseMarker } from "./environment";
import { ownershipFields } from "./shared/adoption";
import { holder } from "./shared/dependents";
import { ownerField } from "./shared/existence";
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
import { organizationField } from "./shared/organization";
import { bindings } from "./workspaceBinding";

const fields = {
  name: required(name(255), {
    description: "Name, unique in the organization as far as this program is concerned; at most 255 characters.",
    example: "platform-team",
  }),
  description: optional(text(5000), {
    description: 'What the workspace is for; at most 5000 characters. Left out it is not managed, `""` clears it.',
    example: "Everything the platform team runs",
  }),
  organizationId: organizationField("workspace"),
  ...ownershipFields("workspace", "environments of others are bound to it"),
  owner: ownerField("workspace"),
};

const workspaces: NamedKind = {
  resource: "Workspace",
  list: (client, organizationId) => client.workspaces(organizationId),
  create: (client, body) => client.createWorkspace(body),
  update: (client, id, body) => client.updateWorkspace(id, body),
  remove: (client, id, organizationId) => client.deleteWorkspace(id, organizationId),
  async holders({ client }, id, organizationId, look) {
    const bound = [...(await look(client.bound(organizationId, id))).values()];
    return bound.map((environment) =>
      holder(bindings, organizationId, id, environment.id, `environment "${environment.name}"`),
    );
  },
};

export const Workspace = defineResource({
  name: "Workspace",
  description:
    "A Meshery workspace: where teams work together. Environments are made available in it by `WorkspaceBinding`; the members of its teams thereby reach the connections of those environments.",
  fields,
  importForms: [
    { form: "<id>", example: "c0a5b1de-51a1-4a0b-a0de-0e7d3a0b6c33" },
    {
      form: "<organizationId>/<id>",
      example: "5f7b2c1a-0b1e-4c57-9d60-4f1f0e3b9a77/c0a5b1de-51a1-4a0b-a0de-0e7d3a0b6c33",
    },
    { form: "name:<exact name>", example: "name:platform-team" },
  ],
  check: ({ description }) => refuseMarker(description),
  adoptable: (context, inputs) => adoptableNamed(workspaces, context, inputs),
  plannedNotices: (context, inputs) => noticesNamed(workspaces, context, inputs),
  create: (context, inputs) => createNamed(workspaces, context, inputs),
  read: (context, state) => readNamed(workspaces, context, state, { fields }),
  update: (context, state, inputs) => updateNamed(workspaces, context, state, inputs),
  delete: (context, state) => deleteNamed(workspaces, context, state),
  import: (context, importId) => importNamed(workspaces, context, importId),
});
