import type { Meshery } from "../../provider/client";
import { segment } from "../../provider/client/http/call";
import { connections } from "../../provider/resources/connection";
import { environmentConnections } from "../../provider/resources/connectionAssignment";
import { environments } from "../../provider/resources/environment";
import type { ObjectType } from "../../provider/resources/shared/objectType";
import { organizations } from "../../provider/resources/shared/organization";
import { statement } from "../../provider/resources/shared/updateObject";
import { bodyOf, type ObjectRow } from "../../provider/resources/shared/wire";
import { teams } from "../../provider/resources/team";
import { workspaces } from "../../provider/resources/workspace";
import { workspaceEnvironments } from "../../provider/resources/workspaceBinding";

type Values = Record<string, unknown>;

/** The lists and writes of a client, each as the resources send it, but without their looks before and after. */
export function typed(client: Meshery) {
  const organizationOf = (values: Values) => String(values.organizationId ?? "");
  const create = (type: ObjectType, values: Values) => {
    const list = type.list(client, organizationOf(values));
    const body = bodyOf(type.wired, values);
    const path = type.path(organizationOf(values));
    return client.write(list, { method: "POST", path, body }, (answer) => statement(type, answer, values));
  };
  const update = async (type: ObjectType, id: string, values: Values) => {
    const list = type.list(client, organizationOf(values));
    const body = bodyOf(type.wired, values, { id, name: "" });
    const path = `${type.path(organizationOf(values))}/${segment(id)}`;
    return client.write(list, { method: "PUT", path, body }, (answer) => statement(type, answer, values, id));
  };
  const remove = (type: ObjectType, id: string, organizationId?: string) =>
    client.remove(type.list(client, organizationId ?? ""), id, {
      path: type.path(organizationId ?? ""),
      organizationId,
    });
  return {
    organizations: () => organizations.list(client, ""),
    environments: (organizationId: string) => environments.list(client, organizationId),
    workspaces: (organizationId: string) => workspaces.list(client, organizationId),
    connections: () => connections.list(client, ""),
    teams: (organizationId: string) => teams.list(client, organizationId),
    assigned: (organizationId: string, environmentId: string) =>
      environmentConnections.held({ client }, organizationId, environmentId),
    bound: (organizationId: string, workspaceId: string) =>
      workspaceEnvironments.held({ client }, organizationId, workspaceId),
    createEnvironment: (values: Values) => create(environments, values),
    updateEnvironment: (id: string, values: Values) => update(environments, id, values),
    deleteEnvironment: (id: string, organizationId: string) => remove(environments, id, organizationId),
    createWorkspace: (values: Values) => create(workspaces, values),
    updateWorkspace: (id: string, values: Values) => update(workspaces, id, values),
    deleteWorkspace: (id: string, organizationId: string) => remove(workspaces, id, organizationId),
    createConnection: (values: Values) => create(connections, values),
    deleteConnection: (id: string) => remove(connections, id),
    assign: (organizationId: string, environmentId: string, connection: ObjectRow) =>
      environmentConnections.add({ client }, organizationId, environmentId, connection),
    unassign: (organizationId: string, environmentId: string, connectionId: string) =>
      environmentConnections.remove({ client }, organizationId, environmentId, connectionId),
    bind: (organizationId: string, workspaceId: string, environment: ObjectRow) =>
      workspaceEnvironments.add({ client }, organizationId, workspaceId, environment),
    unbind: (organizationId: string, workspaceId: string, environmentId: string) =>
      workspaceEnvironments.remove({ client }, organizationId, workspaceId, environmentId),
    seesEverything: () => client.seesEverything(),
    confirm: client.confirm.bind(client),
    user: () => client.user(),
  };
}
export type TypedMeshery = ReturnType<typeof typed>;
