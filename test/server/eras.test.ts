import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type EraName, eraNames, eras, MesheryServer } from "../../provider/server";
import { type Answer, ask } from "./support/ask";
import { unknownId, world } from "./support/world";

const body = ({ text }: Answer) => text.trim();

test("every era knows the name of its row", () => {
  for (const [name, era] of Object.entries(eras)) expect(era.name).toBe(name);
});

test.each(["README.md", "docs/guides/embedded-server.md"])("%s tells every era", (page) => {
  const text = readFileSync(join(__dirname, "../..", page), "utf8");
  const told = [...text.matchAll(/^\|.*/gm)].flatMap(([row]) => eraNames.filter((era) => row.includes(`\`${era}\``)));
  expect(told.sort()).toEqual([...eraNames].sort());
});

describe.each(eraNames)("era %s", (era: EraName) => {
  let server: MesheryServer;
  let organization: string;
  let environment: string;
  let connection: string;
  let workspace: string;
  beforeEach(async () => {
    server = await MesheryServer.start({ era, world });
    organization = `orgId=${server.organizationId}&orgID=${server.organizationId}`;
    environment = server.store.environments.list()[0]?.id ?? "";
    connection = server.store.connections.find({ name: "metrics" })?.id ?? "";
    workspace = server.store.workspaces.list()[0]?.id ?? "";
  });
  afterEach(async () => {
    await server.close();
  });
  const snake = era === "docs" || era === "E1";
  /** The value of the row of this era. */
  const per = <Value>(row: Record<EraName, Value>): Value => row[era];

  test("ids look as its users know them", () => {
    expect(environment).toMatch(
      per({ docs: /^env-/, E1: /^[\w-]{36}$/, E2: /^[\w-]{36}$/, E3: /^[\w-]{36}$/, cloud: /^[\w-]{36}$/ }),
    );
  });

  test("a list of environments has its envelope and its keys", async () => {
    const { json } = await ask(server, `/api/environments?${organization}`);
    const { environments, ...envelope } = json as { environments: Record<string, unknown>[] };
    expect(envelope).toEqual(
      per<object>({
        docs: { page: 0, page_size: 20, total_count: 1 },
        E1: { page_size: 1, total_count: 1 },
        E2: { pageSize: 1, totalCount: 1 },
        E3: { pageSize: 1, totalCount: 1 },
        cloud: { pageSize: 10, totalCount: 1 },
      }),
    );
    expect(environments[0]?.[snake ? "organization_id" : "organizationId"]).toBe(server.organizationId);
    expect(environments[0]).not.toHaveProperty(snake ? "organizationId" : "organization_id");
    expect(environments[0]?.[snake ? "deleted_at" : "deletedAt"]).toEqual(
      era === "E1" ? { Time: "0001-01-01T00:00:00Z", Valid: false } : null,
    );
  });

  test("an empty list of environments, and of workspaces", async () => {
    server.store.environments.delete(environment);
    server.store.workspaces.delete(workspace);
    expect((await ask(server, `/api/environments?${organization}`)).json).toEqual(
      per<object>({
        docs: { page: 0, page_size: 20, total_count: 0, environments: [] },
        E1: {},
        E2: { pageSize: 0, totalCount: 0 },
        E3: { pageSize: 0, totalCount: 0 },
        cloud: { pageSize: 10, totalCount: 0 },
      }),
    );
    expect((await ask(server, `/api/workspaces?${organization}`)).json).toEqual(
      per<object>({
        docs: { page: 0, page_size: 20, total_count: 0, workspaces: [] },
        E1: {},
        E2: {},
        E3: {},
        cloud: { pageSize: 10 },
      }),
    );
  });

  test("creating answers as it did", async () => {
    const answer = await ask(server, "/api/environments", {
      body: { name: "new", organization_id: server.organizationId, organizationId: server.organizationId },
    });
    expect(answer.status).toBe(era === "E1" ? 200 : 201);
    expect(answer.json).toMatchObject({ name: "new" });
    const made = await ask(server, "/api/integrations/connections", {
      body: { name: "c", kind: "github", sub_type: "snake", subType: "camel" },
    });
    expect(made.status).toBe(201);
    expect(made.text === "").toBe(per({ docs: false, E1: true, E2: true, E3: true, cloud: false }));
    expect(server.store.connections.find({ name: "c" })?.subType).toBe(snake ? "snake" : "camel");
  });

  test("an edge is answered, doubled or kept once, and removed", async () => {
    const path = `/api/environments/${environment}/connections/${connection}`;
    const added = await ask(server, path, { method: "POST" });
    expect(added.status).toBe(era === "cloud" ? 201 : 200);
    const mapping =
      era === "cloud"
        ? (added.json as { environmentConnectionMapping: object[] }).environmentConnectionMapping[0]
        : added.json;
    expect(mapping).toMatchObject(
      snake
        ? { environment_id: environment, connection_id: connection }
        : { environmentId: environment, connectionId: connection },
    );
    await ask(server, path, { method: "POST" });
    const rows = per({ docs: 1, E1: 2, E2: 2, E3: 2, cloud: 1 });
    expect(server.store.environmentConnections.count({ connectionId: connection })).toBe(rows);
    const listed = await ask(server, `/api/environments/${environment}/connections?page=0&pagesize=100`);
    expect(listed.json).toMatchObject({ [snake ? "total_count" : "totalCount"]: 1 + rows });
    const removed = await ask(server, path, { method: "DELETE" });
    expect([removed.status, removed.text === ""]).toEqual(era === "cloud" ? [204, true] : [200, false]);
    expect(server.store.environmentConnections.count({ connectionId: connection })).toBe(rows - 1);
  });

  test("a binding in two rows shows once or twice", async () => {
    server.store.workspaceEnvironments.insert({ workspaceId: workspace, environmentId: environment });
    const { json } = await ask(server, `/api/workspaces/${workspace}/environments`);
    expect((json as { environments: unknown[] }).environments).toHaveLength(era === "E1" ? 2 : 1);
  });

  test("what is missing is answered in its form", async () => {
    const answer = await ask(server, `/api/environments/${unknownId}?${organization}`);
    expect(answer.status).toBe(404);
    const message = `environment ${unknownId} not found`;
    switch (era) {
      case "E1":
        expect(answer.headers.get("content-type")).toContain("text/plain");
        expect(body(answer)).toBe(
          `Status Code: 404 .failed to get environment ${unknownId} | Short Description: failed to get environment ${unknownId} | Probable Cause: ${message}`,
        );
        break;
      case "docs":
        expect(answer.json).toEqual({ error: message });
        break;
      case "cloud":
        expect(answer.json).toEqual({ message });
        break;
      default:
        expect(answer.json).toMatchObject({ code: "meshery-server-1033", probableCause: [message], severity: "ALERT" });
    }
  });

  test("a refusal of the provider keeps or loses its status", async () => {
    await server.close();
    server = await MesheryServer.start({ era, world, duplicateNames: 409 });
    const answer = await ask(server, "/api/environments", {
      body: { name: "production", organization_id: server.organizationId, organizationId: server.organizationId },
    });
    expect(answer.status).toBe(per({ docs: 409, E1: 404, E2: 404, E3: 409, cloud: 409 }));
    expect(answer.text).toContain("already exists");
  });

  test("an organization that the token does not see is refused on create and empty in lists", async () => {
    const created = await ask(server, "/api/environments", {
      body: { name: "lost", organization_id: unknownId, organizationId: unknownId },
    });
    expect(created.status).toBe(404);
    const { json } = await ask(server, `/api/environments?orgId=${unknownId}&orgID=${unknownId}`);
    expect((json as { environments?: unknown[] }).environments ?? []).toEqual([]);
  });

  test("a list without organization is refused or not", async () => {
    const statuses = [(await ask(server, "/api/environments")).status, (await ask(server, "/api/workspaces")).status];
    expect(statuses).toEqual(
      per({ docs: [200, 200], E1: [200, 400], E2: [400, 400], E3: [400, 400], cloud: [200, 200] }),
    );
  });

  test("one environment is an object, or a page of one", async () => {
    const { json } = await ask(server, `/api/environments/${environment}?${organization}`);
    const object = { id: environment, name: "production" };
    expect(json).toMatchObject(era === "cloud" ? { environments: [object], pageSize: 1, totalCount: 1 } : object);
  });

  test("secrets of credentials come back, but for Meshery Cloud", async () => {
    await ask(server, "/api/integrations/credentials", { body: { name: "c", type: "token", secret: { token: "s" } } });
    const { json } = await ask(server, "/api/integrations/credentials");
    const { credentials } = json as { credentials: object[] };
    expect(credentials).toHaveLength(1);
    if (era === "cloud") expect(credentials[0]).not.toHaveProperty("secret");
    else expect(credentials[0]).toHaveProperty("secret", { token: "s" });
  });

  test("a credential is changed by the id in its body, deleted by the one in the query, and listed up to its cap", async () => {
    const path = "/api/integrations/credentials";
    const sent = { name: "c", type: "token", secret: { token: "s" } };
    expect((await ask(server, path, { body: sent })).status).toBe(201);
    const { id } = server.store.credentials.list()[0]!;
    const change = { id, ...sent, name: "d", secret: { token: "t" } };
    expect((await ask(server, path, { method: "PUT", body: change })).status).toBe(200);
    expect(server.store.credentials.get(id)).toMatchObject({ name: "d", secret: { token: "t" } });
    for (let i = 0; i < 150; i++) server.store.credentials.insert({ name: `n${i}` });
    const sizes = ["page_size=200", "pagesize=200"].map(async (query) => {
      const { json } = await ask(server, `${path}?${query}`);
      return (json as { credentials: unknown[] }).credentials.length;
    });
    expect(await Promise.all(sizes)).toEqual({ docs: [20, 151], cloud: [100, 100] }[era as string] ?? [25, 10]);
    const removed = await ask(server, `${path}?credentialId=${id}`, { method: "DELETE" });
    expect(removed.status).toBe(era === "cloud" ? 204 : 200);
    expect(server.store.credentials.get(id)).toBeUndefined();
    expect((await ask(server, path, { method: "DELETE" })).status).toBe(400);
  });

  test("a workspace's teams can be read where the route exists", async () => {
    const team = server.store.teams.insert({ name: "sre" }).id;
    const path = `/api/workspaces/${workspace}/teams`;
    const added = await ask(server, `${path}/${team}`, { method: "POST" });
    expect(added.status).toBe(era === "E1" ? 405 : 200);
    const listed = await ask(server, path);
    if (era === "E1") expect(listed.headers.get("content-type")).toContain("text/html");
    else expect(listed.json).toMatchObject({ total_count: 1, teams: [{ id: team, name: "sre" }] });
  });

  test("an update replaces or completes", async () => {
    server.store.environments.update(environment, { description: "before" });
    await ask(server, `/api/environments/${environment}`, { method: "PUT", body: { name: "renamed" } });
    const local = era === "E1" || era === "E2" || era === "E3";
    expect(server.store.environments.get(environment)).toMatchObject({
      name: "renamed",
      description: local ? "" : "before",
      organizationId: local ? "00000000-0000-0000-0000-000000000000" : server.organizationId,
    });
  });

  test("connections are filtered by the form of list it reads", async () => {
    const total = async (query: string) => {
      const { status, text } = await ask(server, `/api/integrations/connections?${query}`);
      return status === 200
        ? (JSON.parse(text) as Record<string, number>)[snake ? "total_count" : "totalCount"]
        : status;
    };
    const arrays = await total(`kind=${encodeURIComponent('["prometheus"]')}`);
    const repeated = await total("kind=prometheus&kind=kubernetes");
    expect([arrays, repeated]).toEqual(era === "E1" ? [1, 500] : [0, 2]);
    expect(await total("name=METR")).toBe(1);
    expect(await total("search=luste")).toBe(1);
  });

  test("page sizes are read by the names it knows, up to its cap", async () => {
    for (let index = 0; index < 130; index++) server.store.connections.insert({ name: `c${index}` });
    const rows = async (query: string) =>
      ((await ask(server, `/api/integrations/connections?${query}`)).json as { connections: unknown[] }).connections
        .length;
    expect([
      await rows(""),
      await rows("pageSize=50"),
      await rows("pagesize=50"),
      await rows("pagesize=1000"),
      await rows("pagesize=all"),
    ]).toEqual(
      per({
        docs: [20, 20, 50, 132, 132],
        E1: [10, 10, 50, 100, 100],
        E2: [10, 50, 50, 100, 100],
        E3: [10, 50, 50, 100, 100],
        cloud: [10, 50, 50, 100, 100],
      }),
    );
  });

  test("a connection's list tells its environments", async () => {
    const { json } = await ask(server, "/api/integrations/connections?search=cluster");
    expect(json).toMatchObject({
      connections: [{ name: "cluster", environments: [{ id: environment, name: "production" }] }],
    });
  });

  test("deleting a connection that is missing", async () => {
    const { status } = await ask(server, `/api/integrations/connections/${unknownId}`, { method: "DELETE" });
    expect(status).toBe(era === "E1" ? 500 : 404);
  });

  test("deletes answer with the object, nothing, or 204", async () => {
    const deleted = await ask(server, `/api/environments/${environment}`, { method: "DELETE" });
    expect([deleted.status, deleted.text === ""]).toEqual(era === "cloud" ? [204, true] : [200, false]);
    const gone = await ask(server, `/api/integrations/connections/${connection}`, { method: "DELETE" });
    expect([gone.status, gone.text === ""]).toEqual(
      per({ docs: [200, false], E1: [200, true], E2: [200, true], E3: [200, true], cloud: [204, true] }),
    );
  });

  test("workspaces keep metadata that environments drop", async () => {
    const payload = {
      name: "w",
      metadata: { tier: "gold" },
      organization_id: server.organizationId,
      organizationId: server.organizationId,
    };
    const workspace = await ask(server, "/api/workspaces", { body: payload });
    const environment = await ask(server, "/api/environments", { body: payload });
    expect(workspace.json).toMatchObject({ metadata: { tier: "gold" } });
    expect(environment.json).toMatchObject({ metadata: {} });
  });

  test("the owner of a listed workspace is a name or an id", async () => {
    const listed = (await ask(server, `/api/workspaces?${organization}`)).json as { workspaces: { owner: string }[] };
    const single = (await ask(server, `/api/workspaces/${workspace}?${organization}`)).json as { owner: string };
    const owner = server.store.defaultOwner;
    expect(single.owner).toBe(owner);
    expect(listed.workspaces[0]?.owner).toBe(era === "docs" ? owner : "Administrator");
  });

  test("a filter of the wrong type is an error, or the end of an old server's handler", async () => {
    const request = ask(
      server,
      `/api/environments/${environment}/connections?filter=${encodeURIComponent('{"assigned":"x"}')}`,
    );
    if (era === "E1") await expect(request).rejects.toThrow();
    else expect((await request).status).toBe(era === "E2" ? 404 : 400);
  });

  test("organizations can be listed, and read one by one where the route exists", async () => {
    const { json } = await ask(server, "/api/identity/orgs");
    expect(json).toMatchObject({ organizations: [{ id: server.organizationId }], totalCount: 1, total_count: 1 });
    const single = await ask(server, `/api/identity/orgs/${server.organizationId}`);
    const routed = era === "docs" || era === "cloud";
    expect(single.headers.get("content-type")).toContain(routed ? "application/json" : "text/html");
    if (routed) expect(single.json).toMatchObject({ organizations: [{ id: server.organizationId }] });
  });

  test("unknown paths and methods", async () => {
    const [get, post, patch] = [
      await ask(server, "/api/nothing"),
      await ask(server, "/api/nothing", { method: "POST" }),
      await ask(server, "/api/environments", { method: "PATCH" }),
    ];
    const served = era === "docs" || era === "cloud";
    expect([get.status, post.status, patch.status]).toEqual(served ? [404, 404, 405] : [200, 405, 405]);
    if (!served) expect(get.headers.get("content-type")).toContain("text/html");
  });
});

test.each(["E1", "E2", "E3"] as const)("reads of connections in %s do not say that they are JSON", async (era) => {
  const server = await MesheryServer.start({ era, world });
  try {
    const list = await ask(server, "/api/integrations/connections");
    const one = await ask(server, `/api/integrations/connections/${server.store.connections.list()[0]?.id}`);
    const others = await ask(server, "/api/identity/orgs");
    expect([list, one, others].map(({ headers }) => headers.get("content-type"))).toEqual([
      "text/plain; charset=utf-8",
      "text/plain; charset=utf-8",
      "application/json",
    ]);
  } finally {
    await server.close();
  }
});
