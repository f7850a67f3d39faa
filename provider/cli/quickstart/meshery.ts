import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type CachedList, Meshery } from "../../client";
import { connections } from "../../resources/connection";
import { environmentConnections } from "../../resources/connectionAssignment";
import { environments } from "../../resources/environment";
import type { ObjectRow } from "../../resources/shared/wire";
import { workspaces } from "../../resources/workspace";
import { workspaceEnvironments } from "../../resources/workspaceBinding";
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
  const client = () => new Meshery({ url: server.url, token: server.token, mesheryProvider: server.mesheryProvider });
  return {
    url: server.url,
    environment: { MESHERY_URL: server.url, MESHERY_TOKEN: server.token, MESHERY_PROVIDER: server.mesheryProvider },
    snapshot: async () => {
      const { workspaces, environments, connections } = await read(client(), server.organizationId);
      return {
        connections,
        workspaces: workspaces.length,
        environments: environments.map(({ name }) => name),
        bindings: workspaces.flatMap(({ name, holds }) => holds.map((environment) => `${name}/${environment.name}`)),
      };
    },
    tree: async () => draw(await read(client(), server.organizationId)),
    stop: () => server.close(),
  };
}

interface Read {
  connections: number;
  environments: { id: string; name: string; holds: { name: string; kind: string; status: string }[] }[];
  workspaces: { name: string; holds: Read["environments"] }[];
}

async function read(client: Meshery, organizationId: string): Promise<Read> {
  const rows = async (list: CachedList<ObjectRow>) => [...(await list.read("cached")).values()];
  const found = await Promise.all(
    (await rows(environments.list(client, organizationId))).map(async ({ id, name }) => {
      const held = await rows(environmentConnections.held({ client }, organizationId, id));
      return { id, name, holds: held as unknown as Read["environments"][number]["holds"] };
    }),
  );
  const holding = await Promise.all(
    (await rows(workspaces.list(client, organizationId))).map(async ({ id, name }) => {
      const bound = await workspaceEnvironments.held({ client }, organizationId, id).read("cached");
      return { name, holds: found.filter((environment) => bound.has(environment.id)) };
    }),
  );
  return {
    connections: (await rows(connections.list(client, organizationId))).length,
    environments: found,
    workspaces: holding,
  };
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
