import { MesheryServer } from "../../provider/server";
import { ask } from "./support/ask";
import { unknownId, world } from "./support/world";

test.each(["E1", "E2", "E3"] as const)("an update by the Local provider of %s is a save", async (era) => {
  const server = await MesheryServer.start({ era, world });
  const local = { provider: "Local", token: "" };
  try {
    const { store } = server;
    const environment = store.environments.list()[0]?.id ?? "";
    const put = (path: string, body: object) => ask(server, path, { ...local, method: "PUT", body });
    const { createdAt = "" } = store.environments.get(environment) ?? {};
    const edges = () => store.environmentConnections.count({ environmentId: environment });
    await ask(server, `/api/environments/${environment}`, { ...local, method: "DELETE" });
    const named = { name: "again", organization_id: server.organizationId, organizationId: server.organizationId };
    expect((await put(`/api/environments/${environment}`, named)).status).toBe(200);
    expect(store.environments.get(environment)).toMatchObject({ name: "again", organizationId: server.organizationId });
    expect((store.environments.get(environment)?.createdAt ?? "") > createdAt).toBe(true);
    expect(edges()).toBe(1);

    const connection = store.connections.find({ name: "metrics" });
    await put(`/api/integrations/connections/${connection?.id}`, { subType: "", sub_type: "", status: "connected" });
    expect(store.connections.get(connection?.id ?? "")).toMatchObject({ name: "metrics", owner: null });
    expect((await put(`/api/integrations/connections/${unknownId}`, { name: "made" })).status).toBe(200);
    expect(store.connections.get(unknownId)).toMatchObject({ name: "made", owner: null });
  } finally {
    await server.close();
  }
});

test.each([
  ["E1", 201],
  ["E2", 500],
  ["E3", 500],
] as const)("a connection whose id is taken, with the Local provider of %s", async (era, status) => {
  const server = await MesheryServer.start({ era, world });
  try {
    const { id = "" } = server.store.connections.list()[0] ?? {};
    const again = await ask(server, "/api/integrations/connections", {
      provider: "Local",
      token: "",
      body: { id, name: "another", kind: "github" },
    });
    expect(again.status).toBe(status);
    expect(server.store.connections.count()).toBe(2);
  } finally {
    await server.close();
  }
});

test("the Local provider of E1 wants pages of edges, and wipes a secret that an update leaves out", async () => {
  const server = await MesheryServer.start({ era: "E1", world });
  const local = { provider: "None", token: "" };
  try {
    const path = `/api/environments/${server.store.environments.list()[0]?.id}/connections`;
    expect((await ask(server, path, local)).status).toBe(404);
    expect((await ask(server, `${path}?page=0&pagesize=10`, local)).json).toMatchObject({ total_count: 1 });
    const { id } = server.store.credentials.insert({ name: "c", type: "t", secret: { token: "s" } });
    const update = { method: "PUT", body: { id, name: "d", type: "t" } };
    await ask(server, "/api/integrations/credentials", update);
    expect(server.store.credentials.get(id)?.secret).toEqual({ token: "s" });
    await ask(server, "/api/integrations/credentials", { ...local, ...update });
    expect(server.store.credentials.get(id)?.secret).toEqual({});
  } finally {
    await server.close();
  }
});

describe("the Local provider of E3", () => {
  let server: MesheryServer;
  const local = { provider: "Local", token: "" };
  beforeEach(async () => {
    server = await MesheryServer.start({ world });
  });
  afterEach(async () => {
    await server.close();
  });

  test("has no status for what is missing: 502 with the database's words", async () => {
    const answer = await ask(server, `/api/environments/${unknownId}?orgId=${server.organizationId}`, local);
    expect(answer.status).toBe(502);
    expect(answer.text).toContain("record not found");
  });

  test("assigns whatever it is told, and leaves edges behind when an environment is deleted", async () => {
    const environment = server.store.environments.list()[0]?.id ?? "";
    expect(
      (await ask(server, `/api/environments/${environment}/connections/${unknownId}`, { ...local, method: "POST" }))
        .status,
    ).toBe(200);
    expect((await ask(server, `/api/environments/${environment}`, { ...local, method: "DELETE" })).status).toBe(200);
    expect(server.store.environments.count()).toBe(0);
    expect(server.store.environmentConnections.count({ environmentId: environment })).toBe(2);
  });

  test("drops the metadata of a workspace", async () => {
    const body = { name: "w", metadata: { a: "1" }, organizationId: server.organizationId };
    await ask(server, "/api/workspaces", { ...local, body });
    expect(server.store.workspaces.find({ name: "w" })?.metadata).toEqual({});
  });

  test("applies only what is not empty to a workspace", async () => {
    const { id } = server.store.workspaces.insert({ name: "w", description: "text", metadata: { a: "1" } });
    await ask(server, `/api/workspaces/${id}`, {
      ...local,
      method: "PUT",
      body: { organizationId: server.organizationId, name: "x", description: "", metadata: { b: "2" } },
    });
    expect(server.store.workspaces.get(id)).toMatchObject({ name: "x", description: "text", metadata: { a: "1" } });
  });
});
