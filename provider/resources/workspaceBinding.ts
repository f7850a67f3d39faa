import * as z from "zod";
import type { EnvironmentRow, WorkspaceRow } from "../client";
import { defineResource, id, output, required } from "../framework";
import { edgeFunctions } from "./shared/edgeResource";
import { ownerField } from "./shared/existence";
import { organizationField } from "./shared/organization";
import type { EdgeKind } from "./shared/relation";

export const bindings: EdgeKind<WorkspaceRow, EnvironmentRow> = {
  resource: "WorkspaceBinding",
  parent: { field: "workspaceId", name: "workspaceName", word: "workspace", resource: "Workspace" },
  child: { field: "environmentId", name: "environmentName", word: "environment", resource: "Environment" },
  parents: ({ client }, organizationId) => client.workspaces(organizationId),
  children: ({ client }, organizationId) => client.environments(organizationId),
  held: ({ client }, organizationId, workspaceId) => client.bound(organizationId, workspaceId),
  add: ({ client }, organizationId, workspaceId, environment) => client.bind(organizationId, workspaceId, environment),
  remove: ({ client }, organizationId, workspaceId, environmentId) =>
    client.unbind(organizationId, workspaceId, environmentId),
  // The chain by which access follows: a workspace, its environments, their connections.
  childrenSeenWithParent: true,
  named: (workspace, environment) => ({
    ...(workspace && { workspaceName: workspace.name }),
    ...(environment && { environmentName: environment.name }),
  }),
};

export const WorkspaceBinding = defineResource({
  name: "WorkspaceBinding",
  description:
    "One environment in one workspace. The teams of the workspace thereby reach the connections of the environment. A binding that a program declares is the program's, however it came there, and removing it revokes it; workspace and environment stay. To keep one that leaves the program, let the engine forget it: `removed` with `lifecycle { destroy = false }` (Terraform), `retainOnDelete` (Pulumi), or `state rm`. Bindings that the program does not declare are not touched.",
  fields: {
    workspaceId: required(id("a workspace"), { description: "Id of the workspace.", onChange: "end" }),
    environmentId: required(id("an environment"), { description: "Id of the environment.", onChange: "end" }),
    organizationId: organizationField("workspace"),
    workspaceName: output(z.string(), { description: "Name of the workspace when the binding was made." }),
    environmentName: output(z.string(), { description: "Name of the environment when the binding was made." }),
    owner: ownerField("workspace"),
  },
  ends: ["workspaceId", "environmentId"],
  importForms: [
    {
      form: "<workspaceId>/<environmentId>",
      example: "c0a5b1de-51a1-4a0b-a0de-0e7d3a0b6c33/8b1f5c0e-6f0d-4a57-9f6e-3a3c5e0f7a11",
    },
    { form: "name:<workspace name>/<environment name>", example: "name:platform-team/shared-monitoring" },
  ],
  ...edgeFunctions(bindings),
});
