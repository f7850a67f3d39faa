import { MesheryServer } from "../../provider/server";
import { ask } from "./support/ask";

describe("environments in E3", () => {
  let server: MesheryServer;
  beforeEach(async () => {
    server = await MesheryServer.start({
      world: {
        connections: { cluster: { kind: "kubernetes" }, metrics: { kind: "prometheus" } },
        environments: { production: { description: "Live", connections: ["cluster"] } },
        workspaces: { team: { environments: ["production"] } },
      },
    });
  });
  afterEach(async () => {
    await server.close();
  });

  test("lists what the world holds, in camelCase, with Go's omitted zeros", async () => {
    const { status, json } = await ask(server, `/api/environments?orgId=${server.organizationId}&order=name%20asc`);
    expect(status).toBe(200);
    expect(json).toEqual({
      pageSize: 1,
      totalCount: 1,
      environments: [
        expect.objectContaining({
          name: "production",
          description: "Live",
          organizationId: server.organizationId,
          deletedAt: null,
          schemaVersion: "environments.meshery.io/v1beta3",
        }),
      ],
    });
  });

  test("requires the organization", async () => {
    const { status, json } = await ask(server, "/api/environments");
    expect({ status, json }).toEqual({ status: 400, json: { error: "orgId is required" } });
  });

  test("creates, updates, assigns, removes and deletes", async () => {
    const created = await ask(server, "/api/environments", {
      body: { name: "staging", description: "Rehearsal", organizationId: server.organizationId },
    });
    expect(created.status).toBe(201);
    const { id } = created.json as { id: string };
    expect(server.store.environments.get(id)).toMatchObject({ name: "staging", description: "Rehearsal" });

    const connection = server.store.connections.find({ name: "metrics" })?.id ?? "";
    const assigned = await ask(server, `/api/environments/${id}/connections/${connection}`, { method: "POST" });
    expect(assigned.status).toBe(200);
    expect(assigned.json).toMatchObject({ environmentId: id, connectionId: connection });
    const listed = await ask(server, `/api/environments/${id}/connections`);
    expect(listed.json).toMatchObject({ totalCount: 1, connections: [{ id: connection, kind: "prometheus" }] });

    const again = await ask(server, `/api/environments/${id}/connections/${connection}`, { method: "POST" });
    expect(again.status).toBe(200);
    expect(server.store.environmentConnections.count({ environmentId: id })).toBe(2);
    for (const left of [1, 0]) {
      expect(
        (await ask(server, `/api/environments/${id}/connections/${connection}`, { method: "DELETE" })).status,
      ).toBe(200);
      expect(server.store.environmentConnections.count({ environmentId: id })).toBe(left);
    }

    const updated = await ask(server, `/api/environments/${id}`, {
      method: "PUT",
      body: { name: "stage", organizationId: server.organizationId },
    });
    expect(updated.json).toMatchObject({ id, name: "stage", description: "" });
    expect((await ask(server, `/api/environments/${id}`, { method: "DELETE" })).status).toBe(200);
    const gone = await ask(server, `/api/environments/${id}?orgId=${server.organizationId}`);
    expect(gone.status).toBe(404);
    expect(gone.json).toMatchObject({ code: "meshery-server-1033" });
  });
});
