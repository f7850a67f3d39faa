import { request } from "node:http";
import { MesheryServer } from "../../provider/server";
import { type Asking, ask } from "./support/ask";

let server: MesheryServer;
beforeEach(async () => {
  server = await MesheryServer.start({
    admin: true,
    world: { users: { alice: {} }, environments: { production: {} } },
  });
});
afterEach(async () => {
  await server.close();
});
const admin = (path: string, asking: Asking = {}) => ask(server, `/__admin/${path}`, { headers: {}, ...asking });
const list = () => ask(server, `/api/environments?orgId=${server.organizationId}`);

test("tells what was asked, itself left out", async () => {
  await list();
  const { json } = await admin("requests");
  expect(json).toMatchObject({
    counts: { "GET /api/environments": 1 },
    requests: [{ method: "GET", route: "/api/environments", status: 200 }],
  });
  expect((await admin("requests", { method: "DELETE" })).status).toBe(204);
  expect((await admin("requests")).json).toEqual({ counts: {}, requests: [] });
});

test("adds faults and takes them back", async () => {
  const added = await admin("faults", {
    body: {
      method: "GET",
      route: "/api/environments",
      times: 5,
      effect: { kind: "status", status: 503, retryAfter: "1" },
    },
  });
  expect(added.status).toBe(201);
  expect((await list()).status).toBe(503);
  const { id } = added.json as { id: number };
  expect((await admin("faults")).json).toMatchObject([{ id, left: 4 }]);
  expect((await admin(`faults/${id}`, { method: "DELETE" })).status).toBe(204);
  expect((await list()).status).toBe(200);
});

test.each([
  {},
  { effect: { kind: "earthquake" } },
  { effect: { kind: "status", status: 99 } },
  { effect: { kind: "drop" } },
])("refuses the fault %j", async (body) => {
  expect((await admin("faults", { body })).status).toBe(400);
  expect(server.faults.list).toEqual([]);
});

test("resets, to another world too, and names what is wrong with one", async () => {
  server.store.environments.insert({ name: "x" });
  expect((await admin("reset", { method: "POST" })).json).toEqual({ organizationId: server.organizationId });
  expect(server.store.environments.list().map(({ name }) => name)).toEqual(["production"]);
  await admin("reset", { body: { environments: { other: {} } } });
  expect(server.store.environments.list().map(({ name }) => name)).toEqual(["other"]);
  const wrong = await admin("reset", { body: { environments: { other: { connections: ["none"] } } } });
  expect(wrong.status).toBe(400);
  expect(wrong.text).toContain("environments.other.connections[0]");
  expect(server.store.environments.list().map(({ name }) => name)).toEqual(["other"]);
});

test("a restart brings the connections back under other ids, and leaves what named the old ones", async () => {
  const { store } = server;
  const connection = store.connections.insert({ name: "cluster", kind: "kubernetes" });
  const environmentId = store.environments.list()[0]?.id ?? "";
  store.environmentConnections.insert({ environmentId, connectionId: connection.id });
  expect((await admin("restart", { method: "POST" })).status).toBe(204);
  const [row, ...others] = store.connections.list();
  expect(others).toEqual([]);
  expect(row).toMatchObject({ name: "cluster", kind: "kubernetes" });
  expect(row?.id).not.toBe(connection.id);
  expect(store.environmentConnections.list()).toMatchObject([{ environmentId, connectionId: connection.id }]);
});

test("forgets and recalls an organization", async () => {
  const path = `organizations/${server.organizationId}`;
  expect((await admin(`${path}/forget`, { method: "POST" })).status).toBe(204);
  expect((await list()).json).toMatchObject({ totalCount: 0 });
  expect((await admin(`${path}/recall`, { method: "POST" })).status).toBe(204);
  expect((await list()).json).toMatchObject({ totalCount: 1 });
  expect((await admin("organizations/none/forget", { method: "POST" })).status).toBe(404);
});

test("gives a user's token", async () => {
  expect((await admin("users/alice/token")).json).toEqual({ token: server.tokenFor("alice") });
  expect((await admin("users/mallory/token")).status).toBe(400);
});

test("reads and changes rows from behind", async () => {
  const made = await admin("store/environments", { body: { name: "drift" } });
  expect(made.status).toBe(201);
  const { id } = made.json as { id: string };
  expect((await admin(`store/environments/${id}`, { method: "PUT", body: { name: "moved" } })).json).toMatchObject({
    name: "moved",
  });
  expect((await admin("store/environments")).json).toHaveLength(2);
  expect((await admin(`store/environments/${id}`, { method: "DELETE" })).status).toBe(204);
  expect((await admin(`store/environments/${id}`, { method: "DELETE" })).status).toBe(404);
  for (const body of [{ nope: 1 }, { name: 5 }, []])
    expect((await admin("store/environments", { body })).status).toBe(400);
  expect((await admin("store/sqlite_master")).status).toBe(404);
  expect((await admin("nothing")).status).toBe(404);
});

test("answers nobody who calls it by a name of their own", async () => {
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const { port } = new URL(server.url);
    request(
      { port, host: "127.0.0.1", path: "/__admin/requests", headers: { host: `evil.example.com:${port}` } },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    )
      .on("error", reject)
      .end();
  });
  expect(status).toBe(403);
});

test("is not there unless it was asked for", async () => {
  await server.close();
  server = await MesheryServer.start();
  const answer = await ask(server, "/__admin/reset", { method: "POST" });
  expect(answer.status).toBe(405);
});
