// Compiled beside the generated constructs, once for CDKTF and once for CDK Terrain: what stands below as "cdktf" and as
// "./generated" is put in at build, and so is the plan of a topology, which both share.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import {
  ConnectionAssignment,
  DataMesheryConnection,
  DataMesheryWorkspace,
  Environment,
  WorkspaceBinding,
} from "./generated";
import { planTopologyFile, planTopologyObject, type TopologyInput } from "./topologyPlan";

export type EnvironmentTopologyConfig = (TopologyInput | { readonly file: string }) & {
  /** The provider to use. @default - the stack's only one */
  readonly provider?: TerraformProvider;
};

/**
 * Environments, their connections, and the workspaces they are bound to, from one readable object or a `topology.yaml`.
 *
 * It declares an `Environment` for each environment, named by its key, a `ConnectionAssignment` for each connection in it, named
 * `<environment key>/<connection key>`, and a `WorkspaceBinding` for each environment of a workspace, named
 * `<workspace key>/<environment key>`. Connections and workspaces exist already; edges name them, and they are looked up only where
 * the topology gives an id, or narrows by more than a kind. Keys are permanent: state is keyed by them; names may change.
 */
export class EnvironmentTopology extends Construct {
  /** The environments, by their keys. */
  readonly environments: Readonly<Record<string, Environment>>;

  /** @param config The topology, or `{ file: "topology.yaml" }`, a path from the program's folder. */
  constructor(scope: Construct, id: string, config: EnvironmentTopologyConfig) {
    super(scope, id);
    const { provider, ...topology } = config;
    const own = provider === undefined ? {} : { provider };
    const plan = planned(id, topology);
    const organization = plan.organizationId === undefined ? {} : { organizationId: plan.organizationId };
    // A key has no slash, so that no environment can stand in the way of these two.
    const lookups = {
      connections: new Construct(this, "/connections"),
      workspaces: new Construct(this, "/workspaces"),
    };
    const connections = new Map(
      plan.connections.map(({ key, by, names, needsLookup }) => [
        key,
        needsLookup
          ? { connectionId: new DataMesheryConnection(lookups.connections, key, { ...by, ...own }).id }
          : { ...names },
      ]),
    );
    const workspaces = new Map(
      plan.workspaces.map(({ key, by, names, needsLookup }) => [
        key,
        needsLookup
          ? { workspaceId: new DataMesheryWorkspace(lookups.workspaces, key, { ...by, ...own }).id }
          : { ...names },
      ]),
    );
    const environments = Object.fromEntries(
      plan.environments.map(({ key, inputs }) => [key, new Environment(this, key, { ...inputs, ...own })]),
    );
    for (const { child, from, to } of plan.assignments) {
      const ends = { environmentName: environments[from]!.name, ...connections.get(to) };
      new ConnectionAssignment(this, child, { ...ends, ...organization, ...own });
    }
    for (const { child, from, to } of plan.bindings) {
      const ends = { ...workspaces.get(from), environmentName: environments[to]!.name };
      new WorkspaceBinding(this, child, { ...ends, ...organization, ...own });
    }
    this.environments = environments;
  }
}

/** @throws Error with what is wrong. Thrown again here: Node shows the line that throws, which in the shared plan is a whole bundle. */
function planned(id: string, topology: TopologyInput | { readonly file: string }) {
  try {
    return "file" in topology
      ? planTopologyFile(readFileSync(resolve(topology.file), "utf8"), topology.file)
      : planTopologyObject(topology);
  } catch (error) {
    // What a program holds has no lines.
    const text = (error as Error).message.replace(/^topology:1:1: /gm, "");
    throw new Error(`EnvironmentTopology "${id}": ${text}`);
  }
}
