import type { Store } from "../../provider/server";
import { describeEngines, type Workdir } from "../support/engines";
import { MesheryServer, seen } from "../support/meshery";
import { workdir } from "../support/terraform";

const world = {
  connections: {
    theirs: { kind: "kubernetes", type: "platform", status: "connected" as const },
    also: { kind: "kubernetes", type: "platform", status: "connected" as const },
  },
  environments: { foreign: { connections: ["also"] } },
  workspaces: { team: { environments: ["foreign"] } },
};

const program = `
data "meshery_connection" "theirs" {
  name = "theirs"
}
data "meshery_workspace" "team" {
  name = "team"
}
resource "meshery_connection" "ours" {
  name     = "ours"
  kind     = "prometheus"
  type     = "observability"
  metadata = { url = "https://prometheus.example.com" }
}
resource "meshery_environment" "production" {
  name        = "production"
  description = "Production"
}
resource "meshery_workspace" "ours" {
  name = "ours"
}
resource "meshery_connection_assignment" "ours" {
  environment_id = meshery_environment.production.id
  connection_id  = meshery_connection.ours.id
}
resource "meshery_connection_assignment" "theirs" {
  environment_id = meshery_environment.production.id
  connection_id  = data.meshery_connection.theirs.id
}
resource "meshery_workspace_binding" "ours" {
  workspace_id   = meshery_workspace.ours.id
  environment_id = meshery_environment.production.id
}
resource "meshery_workspace_binding" "team" {
  workspace_id   = data.meshery_workspace.team.id
  environment_id = meshery_environment.production.id
}
`;

/** What somebody does to the server behind the program's back, and what the next plan does about it. */
interface Drift {
  what: string;
  happens(store: Store): void;
  plan: Record<string, string>;
}
const id = (rows: { find(where: { name: string; deletedAt: null }): { id: string } | undefined }, name: string) =>
  rows.find({ name, deletedAt: null })!.id;
const deleted = (store: Store) => ({ deletedAt: store.now() });

const drifts: Drift[] = [
  {
    what: "an assignment is removed",
    happens: (store) => store.environmentConnections.deleteWhere({ connectionId: id(store.connections, "theirs") }),
    plan: { "meshery_connection_assignment.theirs": "create" },
  },
  {
    what: "a binding is removed",
    happens: (store) => store.workspaceEnvironments.deleteWhere({ workspaceId: id(store.workspaces, "ours") }),
    plan: { "meshery_workspace_binding.ours": "create" },
  },
  {
    what: "an environment is renamed, and its description changed",
    happens: (store) =>
      store.environments.update(id(store.environments, "production"), { name: "x", description: "y" }),
    plan: { "meshery_environment.production": "update" },
  },
  {
    what: "a workspace is renamed",
    happens: (store) => store.workspaces.update(id(store.workspaces, "ours"), { name: "x" }),
    plan: { "meshery_workspace.ours": "update" },
  },
  {
    what: "a workspace is deleted",
    happens: (store) => {
      const gone = id(store.workspaces, "ours");
      store.workspaces.update(gone, deleted(store));
      store.workspaceEnvironments.deleteWhere({ workspaceId: gone });
    },
    plan: { "meshery_workspace.ours": "create", "meshery_workspace_binding.ours": "create" },
  },
  {
    what: "a description that the program leaves alone is written, and status and metadata of a connection move by themselves",
    happens: (store) => {
      store.workspaces.update(id(store.workspaces, "ours"), { description: "theirs" });
      store.connections.update(id(store.connections, "ours"), {
        status: "connected",
        metadata: { url: "https://prometheus.example.com", version: "3" },
      });
    },
    plan: {},
  },
  {
    what: "declared metadata of a connection is changed",
    happens: (store) =>
      store.connections.update(id(store.connections, "ours"), { metadata: { url: "x", version: "3" } }),
    plan: { "meshery_connection.ours": "update" },
  },
  {
    what: "a connection is removed",
    happens: (store) => {
      const gone = id(store.connections, "ours");
      store.connections.update(gone, deleted(store));
    },
    plan: { "meshery_connection.ours": "create", "meshery_connection_assignment.ours": "update" },
  },
  {
    what: "an environment is deleted",
    happens: (store) => {
      const gone = id(store.environments, "production");
      store.environments.update(gone, deleted(store));
      store.environmentConnections.deleteWhere({ environmentId: gone });
      store.workspaceEnvironments.deleteWhere({ environmentId: gone });
    },
    plan: {
      "meshery_environment.production": "create",
      "meshery_connection_assignment.ours": "create",
      "meshery_connection_assignment.theirs": "create",
      // Whoever sees a workspace sees its environments: what it does not list is not bound to it.
      "meshery_workspace_binding.ours": "create",
      "meshery_workspace_binding.team": "create",
    },
  },
];

describeEngines("what changes behind the program's back", (engine) => {
  let server: MesheryServer;
  let dir: Workdir;
  beforeAll(async () => {
    server = await MesheryServer.start({ world });
    dir = workdir(server, { "main.tf": program });
    await dir.apply(engine);
  });
  afterAll(async () => {
    dir.remove();
    await server.close();
  });

  // The second engine sees the plainest and the widest.
  const chosen =
    engine.name === "terraform" ? drifts : drifts.filter(({ plan }) => !("meshery_workspace.ours" in plan));
  test.each(chosen)("is seen and repaired, and others' edges stay: $what", async ({ happens, plan }) => {
    const { store } = server;
    const environmentId = id(store.environments, "production");
    // Others put a connection into our environment.
    if (!seen(server).environments.production?.connections.includes("also"))
      store.environmentConnections.insert({ environmentId, connectionId: id(store.connections, "also") });
    const before = seen(server);
    happens(store);
    const repaired = Object.keys(plan).length === 0 ? seen(server) : before;
    // With an environment goes what others had put into it.
    if (plan["meshery_environment.production"] === "create")
      repaired.environments.production!.connections = ["ours", "theirs"];
    expect(await dir.planned(engine)).toEqual(plan);
    await dir.succeed(engine, ["apply", "-input=false", "plan.bin"]);
    expect(seen(server)).toEqual(repaired);
    expect(await dir.planned(engine)).toEqual({});
  });
});
