import { MesheryServer, type MesheryServerOptions } from "../../provider/server";
import { foreignName, type Named, type Program, type Size } from "./programs";

/** The people who were there before: their connections, an environment, a workspace, and the edges between them. */
export function foreignWorld(size: Size): NonNullable<MesheryServerOptions["world"]> {
  const names = Array.from({ length: size.foreign }, (_, i) => foreignName(i));
  return {
    connections: Object.fromEntries(
      names.map((name) => [name, { kind: "kubernetes", type: "platform", status: "connected" as const }]),
    ),
    environments: { theirs: { description: "not ours", connections: names.slice(0, 3) } },
    workspaces: { "their workspace": { environments: ["theirs"] } },
  };
}

/** Somebody makes the connections that the program's twins tell of, but for those that are there. Gives the names of the new ones. */
export function addTwins({ store }: MesheryServer, { twins = [] }: Program): string[] {
  const names = twins.map(foreignName).filter((name) => !store.connections.find({ name, kind: TWIN_KIND }));
  for (const name of names) {
    const { id: _, ...like } = store.connections.find({ name, deletedAt: null })!;
    store.connections.insert({ ...like, kind: TWIN_KIND });
  }
  return names;
}

/** Ids of the environments that hold a twin, where no program ever puts one. */
export const holdTwins = ({ store }: MesheryServer): string[] =>
  store.environmentConnections
    .list()
    .filter(({ connectionId }) => store.connections.get(connectionId)?.kind === TWIN_KIND)
    .map(({ environmentId }) => environmentId);

const TWIN_KIND = "twin";

export interface Seen {
  environments: Record<string, { description: string; connections: string[] }>;
  workspaces: Record<string, { description: string; environments: string[] }>;
  connections: string[];
}

/** Everything on the server, by name, from behind; a pair that is stored twice counts once. */
export function seen(server: MesheryServer): Seen {
  const { store } = server;
  const alive = <Row extends { deletedAt: string | null }>(rows: readonly Row[]) =>
    rows.filter((row) => row.deletedAt === null);
  const environments = new Map(alive(store.environments.list()).map((row) => [row.id, row]));
  const workspaces = new Map(alive(store.workspaces.list()).map((row) => [row.id, row]));
  const connections = new Map(alive(store.connections.list()).map((row) => [row.id, row]));
  const assigned = alive(store.environmentConnections.list());
  const bound = alive(store.workspaceEnvironments.list());
  const names = (ids: string[], rows: Map<string, { name: string }>) =>
    [...new Set(ids)].flatMap((id) => rows.get(id)?.name ?? []).sort();
  const described = (description: string) => (description === "[meshery-iac]" ? "" : description);
  return {
    environments: Object.fromEntries(
      [...environments.values()].map((row) => [
        row.name,
        {
          description: described(row.description),
          connections: names(
            assigned.filter((a) => a.environmentId === row.id).map((a) => a.connectionId),
            connections,
          ),
        },
      ]),
    ),
    workspaces: Object.fromEntries(
      [...workspaces.values()].map((row) => [
        row.name,
        {
          description: described(row.description),
          environments: names(
            bound.filter((b) => b.workspaceId === row.id).map((b) => b.environmentId),
            environments,
          ),
        },
      ]),
    ),
    connections: [...connections.values()].map((row) => row.name).sort(),
  };
}

/** Who holds what: the connections of each environment, the environments of each workspace. */
export function heldBy(server: MesheryServer): Record<string, string[]> {
  const { environments, workspaces } = seen(server);
  return {
    ...Object.fromEntries(Object.entries(environments).map(([name, { connections }]) => [name, connections])),
    ...Object.fromEntries(Object.entries(workspaces).map(([name, of]) => [name, of.environments])),
  };
}

/**
 * What the server must hold after `program` was applied: the foreign world, and the program word for word. `before` tells the
 * descriptions of objects whose description the program does not manage.
 */
export function expected(program: Program, foreign: Seen, descriptions: ReadonlyMap<string, string>): Seen {
  const connection = (address: string) =>
    address.startsWith("foreign:")
      ? foreignName(Number(address.slice("foreign:".length)))
      : program.connections[address]!.name;
  const described = (group: string, address: string, own: Named) => {
    const known = descriptions.get(`${group} ${address}`);
    const before = known === undefined ? {} : (JSON.parse(known) as Partial<Named>);
    const { description = "", tags = {}, archived = false } = { ...before, ...declared(own) };
    const words = Object.keys(tags)
      .sort()
      .map((key) => `${percents(key).replaceAll("=", "%3D")}=${percents(tags[key]!)}`);
    const line = ["[meshery-iac]", ...(archived ? ["archived"] : []), ...words].join(" ");
    if (line === "[meshery-iac]") return description;
    return description === "" ? line : `${description}\n${line}`;
  };
  const result = structuredClone(foreign);
  for (const [address, environment] of Object.entries(program.environments)) {
    const own = Object.values(program.assignments).filter((edge) => edge.environment === address);
    result.environments[environment.name] = {
      description: described("environments", address, environment),
      connections: own.map((edge) => connection(edge.connection)).sort(),
    };
  }
  for (const [address, workspace] of Object.entries(program.workspaces)) {
    const own = Object.values(program.bindings).filter((edge) => edge.workspace === address);
    result.workspaces[workspace.name] = {
      description: described("workspaces", address, workspace),
      environments: own.map((edge) => program.environments[edge.environment]!.name).sort(),
    };
  }
  result.connections = [...foreign.connections, ...Object.values(program.connections).map(({ name }) => name)].sort();
  return result;
}

/** What a program says of what stands in a description. */
const declared = ({ description, tags, archived }: Named): Partial<Named> =>
  Object.fromEntries(Object.entries({ description, tags, archived }).filter(([, value]) => value !== undefined));

const percents = (text: string) => text.replace(/[\s%]/g, (character) => encodeURIComponent(character).toUpperCase());

/** Descriptions, tags and archives that stay where a program stops managing them, as JSON. */
export function remembered(program: Program, before: ReadonlyMap<string, string>): Map<string, string> {
  const result = new Map<string, string>();
  for (const group of ["environments", "workspaces"] as const) {
    for (const [address, object] of Object.entries(program[group])) {
      // What is adopted under a new address has the name that it had.
      const [key, byName] = [`${group} ${address}`, `${group} named ${object.name}`];
      const known = before.get(key) ?? (object.adopt ? before.get(byName) : undefined) ?? "{}";
      const all = JSON.stringify({ ...(JSON.parse(known) as object), ...declared(object) });
      result.set(key, all).set(byName, all);
    }
  }
  return result;
}

export { MesheryServer };
