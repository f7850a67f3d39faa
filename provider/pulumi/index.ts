/**
 * Meshery in Pulumi programs, by dynamic providers: nothing to install but this package.
 * @packageDocumentation
 */
export * from "./generated/classes";
export type { LookupOptions } from "./lookups";
export { MesheryProvider, type MesheryProviderArgs } from "./mesheryProvider";
