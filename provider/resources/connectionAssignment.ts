import * as z from "zod";
import type { ConnectionRow, EnvironmentRow } from "../client";
import { defineResource, id, output, required } from "../framework";
import { edgeFunctions } from "./shared/edgeResource";
import { ownerField } from "./shared/existence";
import { organizationField } from "./shared/organization";
import type { EdgeKind } from "./shared/relation";

export const assignments: EdgeKind<EnvironmentRow, ConnectionRow> = {
  resource: "ConnectionAssignment",
  parent: { field: "environmentId", name: "environmentName", word: "environment", resource: "Environment" },
  child: { field: "connectionId", name: "connectionName", word: "connection", resource: "Connection" },
  parents: ({ client }, organizationId) => client.environments(organizationId),
  children: ({ client }) => client.connections(),
  held: ({ client }, organizationId, environmentId) => client.assigned(organizationId, environmentId),
  add: ({ client }, organizationId, environmentId, connection) =>
    client.assign(organizationId, environmentId, connection),
  remove: ({ client }, organizationId, environmentId, connectionId) =>
    client.unassign(organizationId, environmentId, connectionId),
  childrenSeenWithParent: false,
  named: (environment, connection) => ({
    ...(environment && { environmentName: environment.name }),
    ...(connection && { connectionName: connection.name, connectionKind: connection.kind }),
  }),
};

export const ConnectionAssignment = defineResource({
  name: "ConnectionAssignment",
  description:
    "One connection in one environment. The workspaces that have the environment, and with them their teams, thereby reach the connection. An assignment that a program declares is the program's, however it came there, and removing it revokes it; the connection itself stays. To keep one that leaves the program, let the engine forget it: `removed` with `lifecycle { destroy = false }` (Terraform), `retainOnDelete` (Pulumi), or `state rm`. Assignments that the program does not declare are not touched.",
  fields: {
    environmentId: required(id("an environment"), { description: "Id of the environment.", onChange: "end" }),
    connectionId: required(id("a connection"), { description: "Id of the connection.", onChange: "end" }),
    organizationId: organizationField("environment"),
    environmentName: output(z.string(), { description: "Name of the environment when the assignment was made." }),
    connectionName: output(z.string(), { description: "Name of the connection when the assignment was made." }),
    connectionKind: output(z.string(), {
      description: "Kind of the connection, for instance `kubernetes`, when the assignment was made.",
    }),
    owner: ownerField("environment"),
  },
  ends: ["environmentId", "connectionId"],
  importForms: [
    {
      form: "<environmentId>/<connectionId>",
      example: "8b1f5c0e-6f0d-4a57-9f6e-3a3c5e0f7a11/2d9b1c44-0a55-4f0e-8a52-5b0c1c9d7e21",
    },
    { form: "name:<environment name>/<connection name>", example: "name:production/prod-gke-us-east" },
  ],
  ...edgeFunctions(assignments),
});
