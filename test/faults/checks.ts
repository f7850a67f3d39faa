import type { MesheryServer } from "../../provider/server";
import type { Workdir } from "../support/engines";
import type { Seen } from "../support/meshery";

/** Ids of everything on the server that is not deleted: objects by type, and edges as pairs. */
export interface Inventory {
  objects: Map<string, { type: string; name: string }>;
  edges: Map<string, string>;
}

const alive = <Row extends { deletedAt: string | null }>(rows: readonly Row[]) =>
  rows.filter((row) => row.deletedAt === null);

export function inventory({ store }: MesheryServer): Inventory {
  const tables = {
    meshery_environment: store.environments,
    meshery_workspace: store.workspaces,
    meshery_connection: store.connections,
  };
  const objects = new Map<string, { type: string; name: string }>();
  for (const [type, table] of Object.entries(tables)) {
    for (const { id, name } of alive<{ id: string; name: string; deletedAt: string | null }>(table.list()))
      objects.set(id, { type, name });
  }
  const name = (id: string) => objects.get(id)?.name;
  const edges = new Map<string, string>();
  const add = (parent: string, child: string) => {
    // Rows that a deleted object left behind give access to nothing.
    if (objects.has(parent) && objects.has(child)) edges.set(`${parent}/${child}`, `${name(child)} in ${name(parent)}`);
  };
  for (const edge of alive(store.environmentConnections.list())) add(edge.environmentId, edge.connectionId);
  for (const edge of alive(store.workspaceEnvironments.list())) add(edge.workspaceId, edge.environmentId);
  return { objects, edges };
}

interface StateFile {
  resources?: {
    mode: string;
    type: string;
    name: string;
    instances: { index_key?: string; attributes: Record<string, unknown> }[];
  }[];
}

/** What the state holds: id to address. */
export function recorded(dir: Workdir): Map<string, string> {
  let text: string;
  try {
    text = dir.read("terraform.tfstate");
  } catch {
    return new Map();
  }
  // An engine that was killed may have made the file, and not written it.
  if (text === "") return new Map();
  const { resources = [] } = JSON.parse(text) as StateFile;
  return new Map(
    resources
      .filter(({ mode }) => mode === "managed")
      .flatMap(({ type, name, instances }) =>
        instances.map(({ index_key: key, attributes }): [string, string] => [
          String(attributes.id),
          `${type}.${name}${key === undefined ? "" : `[${JSON.stringify(key)}]`}`,
        ]),
      ),
  );
}

/** What is on the server, neither others' nor in the state. */
export function unrecorded(
  server: MesheryServer,
  foreign: Inventory,
  dir: Workdir,
): { objects: string[]; edges: Map<string, string> } {
  const now = inventory(server);
  const state = recorded(dir);
  const left = <T>(all: Map<string, T>, others: Map<string, unknown>) =>
    [...all].filter(([id]) => !others.has(id) && !state.has(id));
  return {
    objects: left(now.objects, foreign.objects).map(([id, { type, name }]) => `${type} "${name}" (${id})`),
    edges: new Map(left(now.edges, foreign.edges)),
  };
}

/** What others had and is no longer there, or no longer as it was. */
export function lost(server: MesheryServer, foreign: Inventory): string[] {
  const now = inventory(server);
  return [
    ...[...foreign.objects]
      .filter(([id, { name }]) => now.objects.get(id)?.name !== name)
      .map(([id, { type, name }]) => `${type} "${name}" (${id})`),
    ...[...foreign.edges].filter(([id]) => !now.edges.has(id)).map(([, names]) => names),
  ];
}

/** Names that two objects of one type bear. */
export function twins(server: MesheryServer): string[] {
  const names = [...inventory(server).objects.values()].map(({ type, name }) => `${type} "${name}"`);
  return [...new Set(names.filter((name, i) => names.indexOf(name) !== i))];
}

/** Differences between two views of a server, in a line each. */
export function differences(is: Seen, should: Seen): string[] {
  const lines: string[] = [];
  const compare = (path: string, a: unknown, b: unknown): void => {
    if (typeof a === "object" && typeof b === "object" && a && b && !Array.isArray(a)) {
      for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
        compare(`${path} ${key}`, (a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]);
    } else if (JSON.stringify(a) !== JSON.stringify(b)) {
      lines.push(`${path}: is ${JSON.stringify(a)}, should be ${JSON.stringify(b)}`);
    }
  };
  compare("", is, should);
  return lines;
}

/** A token with every character that encodings change. */
export const CANARY = `eyJ${"Canary+To/ken".repeat(4)}==`;
const SPELLINGS = [CANARY, encodeURIComponent(CANARY), Buffer.from(CANARY).toString("base64").replace(/=+$/, "")];
export const holdsCanary = (text: string): boolean => SPELLINGS.some((spelling) => text.includes(spelling));
