import type * as pulumi from "@pulumi/pulumi";

/** A connection that exists, and how it is found: by its id, or by its name, which is its key where none is given. */
export interface TopologyConnection {
  id?: pulumi.Input<string>;
  /** Its exact name. @default the key */
  name?: pulumi.Input<string>;
  kind?: pulumi.Input<string>;
  type?: pulumi.Input<string>;
  subType?: pulumi.Input<string>;
  status?: pulumi.Input<string>;
}

/** An environment that the program creates. */
export interface TopologyEnvironment {
  /** Name shown in Meshery. It may change, the key stays. @default the key */
  name?: pulumi.Input<string>;
  /** What it is for. Left out it is not managed, `""` clears it. */
  description?: pulumi.Input<string>;
  /** Its tags: all of them, `{}` removes all. Left out they are not managed. */
  tags?: Record<string, pulumi.Input<string>>;
  /** Whether it is archived: it keeps what it has and is bound nowhere anew. Left out it is not managed. */
  archived?: boolean;
  /** What is in it: keys of `connections`, or exact names of connections. */
  connections?: string[];
  /** Take over an environment of this name that exists already; a destroy releases it and does not delete it. @default false */
  adopt?: boolean;
  /** Delete it even while others still use it. @default false */
  forceDestroy?: boolean;
}

/** A workspace that exists, and the environments that are bound to it. */
export interface TopologyWorkspace {
  id?: pulumi.Input<string>;
  /** Its exact name. @default the key */
  name?: pulumi.Input<string>;
  /** Keys of environments. */
  environments?: string[];
}

/** A whole topology. Keys are permanent: the stack's state knows the resources by them. */
export interface Topology {
  /** Organization of all of it. @default as the provider has it */
  organizationId?: pulumi.Input<string>;
  /** Connections that are not found by their key as the name. */
  connections?: Record<string, TopologyConnection>;
  environments?: Record<string, TopologyEnvironment>;
  workspaces?: Record<string, TopologyWorkspace>;
}

/** Arguments of `EnvironmentTopology`: the topology itself, or the file it stands in. */
export type EnvironmentTopologyArgs = (Topology | { file: string }) & {
  /**
   * The same resources stood in the program by themselves before, under the same names: says so to the engine, which then moves
   * them into the component instead of replacing them. Harmless afterwards, as long as no others of these names stand there.
   * @default false
   */
  movedFromRoot?: boolean;
};
