/** One environment that holds one connection, in one workspace. */
export const world = {
  connections: { cluster: { kind: "kubernetes" }, metrics: { kind: "prometheus", status: "connected" as const } },
  environments: { production: { connections: ["cluster"] } },
  workspaces: { platform: { environments: ["production"] } },
};
export const unknownId = "11111111-2222-4333-8444-555555555555";
