import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { MesheryServer } from "../../provider/server";
import { ask } from "./support/ask";

const run = promisify(execFile);
const hasCurl = spawnSync("curl", ["--version"]).status === 0;
if (!hasCurl) console.warn("The documents' curl lines are skipped: curl is not on the PATH.");

/** Runs a command line of the documents as it stands, against the embedded server instead of their example host. */
async function shell(
  line: string,
  server: MesheryServer,
  token = server.token,
): Promise<{ status: number; body: string }> {
  const command = line
    .replace("https://meshery.example.com", server.url)
    .replace(/^curl/, "curl -sS -w '\\n%{http_code}'");
  const { stdout } = await run("sh", ["-c", command], { env: { PATH: process.env.PATH, TOKEN: token } });
  const end = stdout.lastIndexOf("\n");
  return { status: Number(stdout.slice(end + 1)), body: stdout.slice(0, end) };
}

describe("the documented API", () => {
  let server: MesheryServer;
  beforeEach(async () => {
    server = await MesheryServer.start({
      era: "docs",
      world: {
        connections: { "prod-gke-us-east": { id: "conn-456", kind: "kubernetes", type: "platform" } },
        environments: { existing: { id: "env-123" } },
        workspaces: { team: { id: "ws-789" } },
      },
    });
  });
  afterEach(async () => {
    await server.close();
  });

  const curl = hasCurl ? test : test.skip;

  curl("creates an environment by the documents' own line", async () => {
    const { status, body } = await shell(
      `curl -X POST https://meshery.example.com/api/environments \\
  -H "Content-Type: application/json" \\
  -H "Authorization: Bearer $TOKEN" \\
  -d '{
    "name": "production",
    "description": "Production infrastructure",
    "organization_id": "org-uuid-here"
  }'`,
      server,
    );
    expect(status).toBe(201);
    expect(JSON.parse(body)).toMatchObject({
      id: expect.stringMatching(/^env-[0-9a-f]+$/),
      name: "production",
      description: "Production infrastructure",
      organization_id: "org-uuid-here",
    });
  });

  curl("adds a connection to an environment by the documents' own line", async () => {
    const { status } = await shell(
      `curl -X POST https://meshery.example.com/api/environments/env-123/connections/conn-456 \\
  -H "Authorization: Bearer $TOKEN"`,
      server,
    );
    expect(status).toBe(200);
    expect(server.store.environmentConnections.list()).toMatchObject([
      { environmentId: "env-123", connectionId: "conn-456" },
    ]);
  });

  curl("refuses the same line with a wrong token", async () => {
    const { status, body } = await shell(
      `curl -X POST https://meshery.example.com/api/environments/env-123/connections/conn-456 \\
  -H "Authorization: Bearer $TOKEN"`,
      server,
      "wrong",
    );
    expect(status).toBe(401);
    expect(JSON.parse(body)).toEqual({ error: "invalid or expired token" });
    expect(server.store.environmentConnections.count()).toBe(0);
  });

  test("lists an environment's connections with the documented query", async () => {
    await ask(server, "/api/environments/env-123/connections/conn-456", { method: "POST" });
    const query = new URLSearchParams({
      page: "0",
      pagesize: "20",
      search: "GKE",
      order: "updated_at desc",
      filter: '{"assigned": true, "deleted_at": false}',
    });
    const { status, json } = await ask(server, `/api/environments/env-123/connections?${query}`);
    expect(status).toBe(200);
    expect(json).toMatchObject({
      page: 0,
      page_size: 20,
      total_count: 1,
      connections: [{ id: "conn-456", kind: "kubernetes", type: "platform", name: "prod-gke-us-east" }],
    });
    const unassigned = await ask(
      server,
      `/api/environments/env-123/connections?filter=${encodeURIComponent('{"assigned":false}')}`,
    );
    expect(unassigned.json).toMatchObject({ total_count: 0, connections: [] });
  });

  test("has 20 rows a page when nothing else is asked for", async () => {
    for (let index = 0; index < 25; index++) server.store.environments.insert({ name: `e${index}` });
    const { json } = await ask(server, "/api/environments");
    expect(json).toMatchObject({ page: 0, page_size: 20, total_count: 26 });
    expect((json as { environments: unknown[] }).environments).toHaveLength(20);
  });

  test("removes a connection from one environment and from no other", async () => {
    const other = server.store.environments.insert({ name: "other" });
    server.store.environmentConnections.insert({ environmentId: "env-123", connectionId: "conn-456" });
    server.store.environmentConnections.insert({ environmentId: other.id, connectionId: "conn-456" });
    const { status } = await ask(server, "/api/environments/env-123/connections/conn-456", { method: "DELETE" });
    expect(status).toBe(200);
    expect(server.store.connections.get("conn-456")).toMatchObject({ deletedAt: null });
    expect(server.store.environmentConnections.list()).toMatchObject([{ environmentId: other.id }]);
  });

  test("deletes an environment: connections persist, assignments and bindings are cleared", async () => {
    await ask(server, "/api/environments/env-123/connections/conn-456", { method: "POST" });
    await ask(server, "/api/workspaces/ws-789/environments/env-123", { method: "POST" });
    expect(server.store.workspaceEnvironments.count()).toBe(1);
    expect((await ask(server, "/api/environments/env-123", { method: "DELETE" })).status).toBe(200);
    expect(server.store.environments.get("env-123")?.deletedAt).not.toBeNull();
    expect((await ask(server, "/api/environments/env-123")).status).toBe(404);
    expect((await ask(server, "/api/environments")).json).toMatchObject({ total_count: 0 });
    const deleted = await ask(server, `/api/environments?filter=${encodeURIComponent('{"deleted_at":true}')}`);
    expect(deleted.json).toMatchObject({ environments: [{ id: "env-123" }] });
    expect(server.store.environmentConnections.count()).toBe(0);
    expect(server.store.workspaceEnvironments.count()).toBe(0);
    expect((await ask(server, "/api/integrations/connections/conn-456")).status).toBe(200);
  });

  test("wants orgID only where there are several organizations", async () => {
    const second = server.store.organizations.insert({ name: "Second" });
    expect((await ask(server, "/api/environments")).json).toEqual({ error: "orgID is required" });
    const { json } = await ask(server, `/api/environments?orgID=${second.id}`);
    expect(json).toMatchObject({ total_count: 0, environments: [] });
  });

  test("takes the token from a cookie too", async () => {
    const answer = await ask(server, "/api/environments", { headers: { cookie: `token=${server.token}` } });
    expect(answer.status).toBe(200);
  });
});
