import { text as freeText, name, optional, required } from "../framework";
import { adoptionFields } from "./shared/adoption";
import { ownerField } from "./shared/existence";
import { lookupAll, lookupOne } from "./shared/lookups";
import { objectResource } from "./shared/objectResource";
import { objectType } from "./shared/objectType";
import { organizationField } from "./shared/organization";
import { checkTagged, describedText, tagFields } from "./shared/tags";
import { text } from "./shared/wire";

const CARRIER = { resource: "Workspace", longest: 5000 };

export const workspaces = objectType({
  name: "Workspace",
  path: "/api/workspaces",
  rows: "workspaces",
  identity: ["organizationId", "name"],
  answerStatesRow: true,
  exampleId: "c0a5b1de-51a1-4a0b-a0de-0e7d3a0b6c33",
  fields: {
    name: required(name(255), {
      description: "Name, unique in the organization as far as this program is concerned; at most 255 characters.",
      example: "platform-team",
      wire: text("name"),
    }),
    description: optional(freeText(CARRIER.longest), {
      description: 'What the workspace is for; at most 5000 characters. Left out it is not managed, `""` clears it.',
      example: "Everything the platform team runs",
      wire: describedText,
    }),
    ...tagFields(CARRIER),
    organizationId: organizationField("workspace"),
    ...adoptionFields("workspace", "environments of others are bound to it, or teams of others are in it"),
    // Lists may have the owner's name in `owner` and the id beside it.
    owner: ownerField("workspace", "ownerId", "owner"),
  },
});

export const Workspace = objectResource(workspaces, {
  description:
    "A Meshery workspace: where teams work together. Environments are made available in it by `WorkspaceBinding`; the members of its teams (`WorkspaceTeam`) thereby reach the connections of those environments.",
  check: (inputs) => checkTagged(inputs, CARRIER.longest),
});

export const getWorkspace = lookupOne(workspaces, {
  description:
    "One workspace, by id or exact name, with the environments that are bound to it and, on Meshery Cloud, its teams.",
  related: {
    environments: {
      relation: "workspace-environment",
      description: "Environments bound to it.",
      columns: ["id", "name"],
    },
    teams: {
      relation: "workspace-team",
      description: "Teams that are in it; none where the server knows of no teams.",
      columns: ["id", "name"],
    },
  },
});

export const getWorkspaces = lookupAll(workspaces, {
  description: "Every workspace of an organization, narrowed by tags or a part of the name.",
  filters: ["tags"],
});
