import type { AnyLookup, AnyResource } from "../framework";
import { Lifecycle } from "../run/lifecycle";
import { Connection, getConnection, getConnections } from "./connection";
import { ConnectionAssignment } from "./connectionAssignment";
import { Credential, getCredential, getCredentials } from "./credential";
import { Environment, getEnvironment, getEnvironments } from "./environment";
import { getOrganization, getOrganizations } from "./organization";
import { getTeam, getTeams } from "./team";
import { getWorkspace, getWorkspaces, Workspace } from "./workspace";
import { WorkspaceBinding } from "./workspaceBinding";
import { WorkspaceTeam } from "./workspaceTeam";

/** Everything that can be declared. A new resource is a line here. */
export const resources: readonly AnyResource[] = [
  Environment,
  ConnectionAssignment,
  WorkspaceBinding,
  WorkspaceTeam,
  Workspace,
  Connection,
  Credential,
] as readonly unknown[] as readonly AnyResource[];

/** Everything that can be asked. */
export const lookups: readonly AnyLookup[] = [
  getEnvironment,
  getEnvironments,
  getConnection,
  getConnections,
  getCredential,
  getCredentials,
  getWorkspace,
  getWorkspaces,
  getOrganization,
  getOrganizations,
  getTeam,
  getTeams,
];

/** Resources as front doors drive them, by name. */
export const lifecycles: ReadonlyMap<string, Lifecycle> = new Map(
  resources.map((definition) => [definition.name, new Lifecycle(definition)]),
);
