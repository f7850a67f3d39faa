/**
 * Meshery in Pulumi programs, by dynamic providers: nothing to install but this package.
 * @packageDocumentation
 */

export { EnvironmentTopology } from "./environmentTopology";
export * from "./generated/classes";
export type { MesheryProviderArgs } from "./generated/configuration";
export type { LookupOptions } from "./lookups";
export { MesheryProvider } from "./mesheryProvider";
export type {
  EnvironmentTopologyArgs,
  Topology,
  TopologyConnection,
  TopologyEnvironment,
  TopologyWorkspace,
} from "./topologyArgs";
