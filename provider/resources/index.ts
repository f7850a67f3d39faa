import type { AnyLookup, AnyResource } from "../framework";
import { Lifecycle } from "../run/lifecycle";
import { Connection } from "./connection";
import { ConnectionAssignment } from "./connectionAssignment";
import { Environment } from "./environment";
import { lookups as lookupList } from "./lookups";
import { Workspace } from "./workspace";
import { WorkspaceBinding } from "./workspaceBinding";

export { Connection, ConnectionAssignment, Environment, Workspace, WorkspaceBinding };

/** Everything that can be declared. A new resource is a line here. */
export const resources: readonly AnyResource[] = [
  Environment,
  ConnectionAssignment,
  WorkspaceBinding,
  Workspace,
  Connection,
] as unknown as readonly AnyResource[];

/** Everything that can be asked. */
export const lookups: readonly AnyLookup[] = lookupList as unknown as readonly AnyLookup[];

/** Resources as front doors drive them, by name. */
export const lifecycles: ReadonlyMap<string, Lifecycle> = new Map(
  resources.map((definition) => [definition.name, new Lifecycle(definition)]),
);
