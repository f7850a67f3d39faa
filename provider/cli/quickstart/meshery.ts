import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Meshery } from "../../client";
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
  const rows = async <Row>(list: { read(freshness: "cached"): Promise<ReadonlyMap<string, Row>> }) => [
    ...(await list.read("cached")).values(),
  ];
  const environments = await Promise.all(
    (await rows(client.environments(organizationId))).map(async ({ id, name }) => ({
      id,
      name,
      holds: await rows(client.assigned(organizationId, id)),
    })),
  );
  const workspaces = await Promise.all(
    (await rows(client.workspaces(organizationId))).map(async ({ id, name }) => {
      const bound = await client.bound(organizationId, id).read("cached");
      return { name, holds: environments.filter((environment) => bound.has(environment.id)) };
    }),
  );
  return { connections: (await client.connections().read("cached")).size, environments, workspaces };
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
