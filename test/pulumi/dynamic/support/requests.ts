import type { MesheryServer } from "../../../../provider/server";

/** The writes a server has seen, as `METHOD route`, in order. */
export function writes(server: MesheryServer): string[] {
  return server.requests.list.filter(({ method }) => method !== "GET").map(({ method, route }) => `${method} ${route}`);
}

/** The deletes among them. */
export const deletes = (server: MesheryServer): string[] => writes(server).filter((line) => line.startsWith("DELETE"));
