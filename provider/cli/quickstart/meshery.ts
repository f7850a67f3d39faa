import { readFileSync } from "node:fs";
import { join } from "node:path";
import { MesheryServer } from "../../server";
import { parseWorld } from "../../topology";
import { packageRoot } from "../package";

export interface QuickstartMeshery {
  url: string;
  /** What the engine's process needs to reach it. */
  environment: Record<string, string>;
  /** Counts and names of all there is, to compare before and after. */
  snapshot(): Promise<{ connections: number; workspaces: number; environments: string[]; bindings: string[] }>;
  /** Workspaces, their environments, and what those hold, as a tree. */
  tree(): Promise<string>;
  stop(): Promise<void>;
}

/** An embedded Meshery with the example world's connections and workspaces, as a team finds it before it declares anything. */
export async function startMeshery(): Promise<QuickstartMeshery> {
  const file = join(packageRoot, "examples", "world.yaml");
  const server = await MesheryServer.start({ world: parseWorld(readFileSync(file, "utf8"), file) });
  return {
    url: server.url,
    environment: { MESHERY_URL: server.url, MESHERY_TOKEN: server.token, MESHERY_PROVIDER: server.mesheryProvider },
    snapshot: async () => {
      const { workspaces, environments, connections } = read(server);
      return {
        connections,
        workspaces: workspaces.length,
        environments: environments.map(({ name }) => name),
        bindings: workspaces.flatMap(({ name, holds }) => holds.map((environment) => `${name}/${environment.name}`)),
      };
    },
    tree: async () => draw(read(server)),
    stop: () => server.close(),
  };
}

interface Read {
  connections: number;
  environments: { id: string; name: string; holds: { name: string; kind: string; status: string }[] }[];
  workspaces: { name: string; holds: Read["environments"] }[];
}

/** Read from behind: the embedded server is in this process. */
function read({ store }: MesheryServer): Read {
  const alive = <Row extends { deletedAt: string | null }>(rows: readonly Row[]) =>
    rows.filter((row) => row.deletedAt === null);
  const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
  const connections = alive(store.connections.list());
  const assigned = alive(store.environmentConnections.list());
  const bound = alive(store.workspaceEnvironments.list());
  const environments = alive(store.environments.list())
    .map(({ id, name }) => {
      const held = assigned.filter(({ environmentId }) => environmentId === id).map((row) => row.connectionId);
      return { id, name, holds: connections.filter((row) => held.includes(row.id)).sort(byName) };
    })
    .sort(byName);
  const workspaces = alive(store.workspaces.list())
    .map(({ id, name }) => {
      const held = bound.filter(({ workspaceId }) => workspaceId === id).map((row) => row.environmentId);
      return { name, holds: environments.filter((row) => held.includes(row.id)) };
    })
    .sort(byName);
  return { connections: connections.length, environments, workspaces };
}

function draw({ workspaces }: Read): string {
  const lines: string[] = [];
  const branch = (indent: string, items: readonly { label: string; below: readonly string[] }[]) => {
    items.forEach(({ label, below }, i) => {
      const last = i === items.length - 1;
      lines.push(`${indent}${last ? "└── " : "├── "}${label}`);
      below.forEach((text, j) => {
        lines.push(`${indent}${last ? "    " : "│   "}${j === below.length - 1 ? "└── " : "├── "}${text}`);
      });
    });
  };
  for (const { name, holds } of workspaces) {
    lines.push(`workspace ${name}${holds.length === 0 ? " (no environment)" : ""}`);
    branch(
      "",
      holds.map((environment) => ({
        label: `environment ${environment.name}`,
        below: environment.holds.map((connection) => `${connection.name} (${connection.kind}, ${connection.status})`),
      })),
    );
  }
  return lines.join("\n");
}
