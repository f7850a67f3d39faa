import type { Topology } from "./schema";

/** How something that exists is found: the arguments of a lookup. */
export interface PlannedLookup {
  readonly key: string;
  readonly by: Readonly<Record<string, string>>;
  /** How edges name it; undefined where it is found by its id. */
  readonly names?: Readonly<Record<string, string>>;
  /** Whether more is said of it than edges can: it has to be looked up. */
  readonly needsLookup: boolean;
}

/** An environment to declare. */
export interface PlannedEnvironment {
  readonly key: string;
  readonly inputs: {
    readonly name: string;
    readonly description?: string;
    readonly tags?: Readonly<Record<string, string>>;
    readonly archived?: boolean;
    readonly organizationId?: string;
    readonly adopt?: boolean;
    readonly forceDestroy?: boolean;
  };
}

/** An edge to declare, named `<key of the one>/<key of the other>`. */
export interface PlannedEdge {
  readonly child: string;
  readonly from: string;
  readonly to: string;
}

/** The resources and lookups of a topology, for any engine. */
export interface TopologyPlan {
  readonly organizationId?: string;
  readonly environments: readonly PlannedEnvironment[];
  readonly connections: readonly PlannedLookup[];
  readonly workspaces: readonly PlannedLookup[];
  /** From an environment to a connection. */
  readonly assignments: readonly PlannedEdge[];
  /** From a workspace to an environment. */
  readonly bindings: readonly PlannedEdge[];
}

/** What a topology declares. The names of its children are permanent: users' state is keyed by them. */
export function planTopology(topology: Topology): TopologyPlan {
  const { organizationId } = topology;
  const inOrganization: { organizationId?: string } = organizationId === undefined ? {} : { organizationId };
  const environments = Object.entries(topology.environments);
  const connections = new Set(environments.flatMap(([, environment]) => environment.connections));
  const workspaces = Object.entries(topology.workspaces);
  return {
    ...inOrganization,
    environments: environments.map(([key, { connections: _, name = key, ...rest }]) => ({
      key,
      inputs: { name, ...defined(rest), ...inOrganization },
    })),
    connections: [...connections].map((key) => {
      const how = Object.hasOwn(topology.connections, key) ? topology.connections[key]! : {};
      return lookupOf("connection", key, how, {});
    }),
    workspaces: workspaces.map(([key, { environments: _, ...how }]) =>
      lookupOf("workspace", key, how, inOrganization as Record<string, string>),
    ),
    assignments: environments.flatMap(([from, environment]) =>
      environment.connections.map((to) => ({ child: `${from}/${to}`, from, to })),
    ),
    bindings: workspaces.flatMap(([from, workspace]) =>
      workspace.environments.map((to) => ({ child: `${from}/${to}`, from, to })),
    ),
  };
}

/** By id where one is given, else by name, which is the key where none is given. */
function lookupOf(
  word: "connection" | "workspace",
  key: string,
  how: Record<string, string | undefined>,
  inOrganization: Record<string, string>,
): PlannedLookup {
  const given = defined(how) as Record<string, string>;
  const by = given.id === undefined && given.name === undefined ? { name: key, ...given } : given;
  const { id, name, kind, ...narrower } = by;
  const names = defined({ [`${word}Name`]: name, [`${word}Kind`]: kind }) as Record<string, string>;
  return {
    key,
    by: { ...by, ...inOrganization },
    ...(id === undefined && { names }),
    needsLookup: id !== undefined || Object.keys(narrower).length > 0,
  };
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
const defined = <T extends object>(values: T): Defined<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
