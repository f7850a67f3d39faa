import { existsSync } from "node:fs";
import { join } from "node:path";
import { MesheryServer, type MesheryServerOptions } from "../../../../provider/server";
import type { ProviderCommand } from "../../../pulumi-engine";

export const root = join(__dirname, "..", "..", "..", "..");
export const pluginFolder = join(root, "dist", "pulumi-plugin");

/** How the built plugin is started, with nothing of the environment of the one who runs the tests. */
export function pluginCommand(env: Record<string, string | undefined> = {}): ProviderCommand {
  const file = join(pluginFolder, "plugin.cjs");
  if (!existsSync(file)) throw new Error("the plugin is not built: run npm run build");
  return { command: process.execPath, args: [file], env: { ...NO_MESHERY, ...env } };
}

const NO_MESHERY = {
  MESHERY_URL: undefined,
  MESHERY_TOKEN: undefined,
  MESHERY_PROVIDER: undefined,
  MESHERY_ORGANIZATION_ID: undefined,
  MESHERY_ADOPT: undefined,
  // Whoever runs the tests may be signed in by mesheryctl.
  CI: "true",
};

export const credentials = (server: MesheryServer): Record<string, string> => ({
  MESHERY_URL: server.url,
  MESHERY_TOKEN: server.token,
  MESHERY_PROVIDER: server.mesheryProvider,
});

/** Runs something against a server of its own. */
export async function withServer<T>(
  options: MesheryServerOptions,
  run: (server: MesheryServer) => Promise<T>,
): Promise<T> {
  const server = await MesheryServer.start(options);
  try {
    return await run(server);
  } finally {
    await server.close();
  }
}

/** Two connections that Meshery knows already, and a workspace. */
export const WORLD: NonNullable<MesheryServerOptions["world"]> = {
  connections: {
    gke: { kind: "kubernetes", type: "platform", subType: "orchestration", status: "connected" },
    grafana: { kind: "grafana", type: "observability", status: "connected" },
  },
  workspaces: { platform: { description: "the platform team" } },
};
