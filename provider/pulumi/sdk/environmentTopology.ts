import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import {
  ConnectionAssignment,
  Environment,
  getConnectionOutput,
  getWorkspaceOutput,
  WorkspaceBinding,
} from "./generated/classes";
import type { LookupOptions } from "./lookups";
import { alwaysDeleted, dynamicType } from "./resource";
import { runError } from "./runError";
import type { EnvironmentTopologyArgs } from "./topologyArgs";

/**
 * Environments, their connections, and the workspaces they are bound to, from one readable object or a `topology.yaml`.
 *
 * It declares an `Environment` for each environment, named by its key, a `ConnectionAssignment` for each connection in it, named
 * `<environment key>/<connection key>`, and a `WorkspaceBinding` for each environment of a workspace, named
 * `<workspace key>/<environment key>`. Connections and workspaces exist already and are looked up.
 */
export class EnvironmentTopology extends pulumi.ComponentResource {
  /** The environments, by their keys. */
  readonly environments: Readonly<Record<string, Environment>>;
  /** Ids of the environments, by their keys. */
  readonly environmentIds: pulumi.Output<Record<string, string>>;

  /**
   * @param name Name of the component in the program. The names of what it declares do not depend on it.
   * @param args The topology, or `{ file: "topology.yaml" }`, a path from the program's folder.
   * @param opts Options; `provider` is used for all of it.
   */
  constructor(name: string, args: EnvironmentTopologyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("meshery:index:EnvironmentTopology", name, {}, alwaysDeleted(opts));
    const { movedFromRoot = false, ...topology } = args;
    const plan = planned(name, topology);
    const own: pulumi.CustomResourceOptions = {
      parent: this,
      ...(movedFromRoot ? { aliases: [{ parent: pulumi.rootStackResource }] } : {}),
    };
    const provider = this.getProvider(dynamicType("Environment"));
    const lookup: LookupOptions = provider ? { provider } : {};
    const environments = Object.fromEntries(
      plan.environments.map(({ key, inputs }) => [key, new Environment(key, inputs, own)]),
    );
    // Ends are given by id and by name: the names are what a preview shows of new edges, and by the ids a connection that comes
    // back under another id is followed, for which a diff has no request to send.
    const connections = new Map(
      plan.connections.map(({ key, by, names }) => [
        key,
        { ...names, connectionId: getConnectionOutput(by, lookup).id },
      ]),
    );
    const workspaces = new Map(
      plan.workspaces.map(({ key, by, names }) => [key, { ...names, workspaceId: getWorkspaceOutput(by, lookup).id }]),
    );
    const environment = (key: string) => ({
      environmentId: environments[key]!.id,
      environmentName: environments[key]!.name,
    });
    const inOrganization = plan.organizationId === undefined ? {} : { organizationId: plan.organizationId };
    for (const { child, from, to } of plan.assignments) {
      const ends = { ...environment(from), ...connections.get(to)! };
      new ConnectionAssignment(child, { ...ends, ...inOrganization }, own);
    }
    for (const { child, from, to } of plan.bindings) {
      const ends = { ...workspaces.get(from)!, ...environment(to) };
      new WorkspaceBinding(child, { ...ends, ...inOrganization }, own);
    }
    this.environments = environments;
    this.environmentIds = pulumi
      .output(Object.fromEntries(Object.entries(environments).map(([key, environment]) => [key, environment.id])))
      .apply((ids) => ids as Record<string, string>);
    this.registerOutputs({ environmentIds: this.environmentIds });
  }
}

/** The plan of a topology whose texts may be outputs: they stand in it as placeholders while it is checked and planned. */
function planned(component: string, args: object) {
  const { planFile, planObject } = require("./runtime") as typeof import("./runtime");
  const outputs: pulumi.Output<unknown>[] = [];
  const placeholder = (at: number) => `\u0000output ${at}\u0000`;
  const hide = (value: unknown): unknown => {
    if (pulumi.Output.isInstance(value) || value instanceof Promise) {
      outputs.push(pulumi.output(value));
      return placeholder(outputs.length - 1);
    }
    return mapped(value, hide);
  };
  const show = (value: unknown): unknown => {
    const at = typeof value === "string" ? /^\0output (\d+)\0$/.exec(value)?.[1] : undefined;
    return at === undefined ? mapped(value, show) : outputs[Number(at)];
  };
  try {
    const plan = "file" in args ? planFile(String(args.file), readFileSync) : planObject(hide(args));
    return show(plan) as ReturnType<typeof planObject>;
  } catch (error) {
    throw runError(`EnvironmentTopology "${component}": ${(error as Error).message}`);
  }
}

function mapped(value: unknown, map: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(map);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, map(item)]));
}
