import { MesheryServer, type Quirks } from "../../provider/server";
import { ask } from "./support/ask";

const world = {
  connections: { cluster: { kind: "kubernetes" }, metrics: { kind: "prometheus" } },
  environments: { production: { description: "Live", connections: ["cluster"] } },
  workspaces: { platform: { description: "Team", environments: ["production"] } },
};

let server: MesheryServer;
let environment: string;
let metrics: string;

async function start(quirks: boolean | Partial<Quirks>): Promise<void> {
  server = await MesheryServer.start({ world, quirks, duplicateNames: 409 });
  environment = server.store.environments.list()[0]?.id ?? "";
  metrics = server.store.connections.find({ name: "metrics" })?.id ?? "";
}
afterEach(async () => {
  await server.close();
});

const organization = () => `orgId=${server.organizationId}`;
const put = (body: object, path = `/api/environments/${environment}`) =>
  ask(server, path, { method: "PUT", body: { organizationId: server.organizationId, ...body } });

test("writes may answer without a body", async () => {
  await start({ emptyWriteBodies: true });
  const created = await ask(server, "/api/environments", {
    body: { name: "n", organizationId: server.organizationId },
  });
  const assigned = await ask(server, `/api/environments/${environment}/connections/${metrics}`, { method: "POST" });
  const updated = await put({ name: "production", description: "x" });
  const deleted = await ask(server, `/api/environments/${environment}`, { method: "DELETE" });
  expect([created, assigned, updated, deleted].map(({ status, text }) => [status, text])).toEqual([
    [201, ""],
    [200, ""],
    [200, ""],
    [200, ""],
  ]);
  expect(server.store.environments.find({ name: "n" })).toBeDefined();
});

test("an update may answer with zeros", async () => {
  await start({ zeroedPut: true });
  const { json } = await put({ name: "renamed", description: "x" });
  expect(json).toMatchObject({
    id: "00000000-0000-0000-0000-000000000000",
    name: "",
    organizationId: "00000000-0000-0000-0000-000000000000",
    createdAt: "0001-01-01T00:00:00Z",
  });
  expect(server.store.environments.get(environment)).toMatchObject({ name: "renamed" });
});

test("one assignment may add two rows that both show", async () => {
  await start({ duplicateMappings: true });
  const path = `/api/environments/${environment}/connections/${metrics}`;
  await ask(server, path, { method: "POST" });
  expect(server.store.environmentConnections.count({ connectionId: metrics })).toBe(2);
  const { json } = await ask(server, `/api/environments/${environment}/connections`);
  expect(json).toMatchObject({ totalCount: 3 });
  await ask(server, path, { method: "DELETE" });
  expect(server.store.environmentConnections.count({ connectionId: metrics })).toBe(1);
});

test("every failure may be a 404 that does not tell why", async () => {
  await start({ everythingIs404: true });
  const { status, text } = await ask(server, "/api/environments", {
    body: { name: "production", organizationId: server.organizationId },
  });
  expect(status).toBe(404);
  expect(text).not.toMatch(/409|already exists/);
});

test("an environment's list of connections may be broken, while connections still tell", async () => {
  await start({ brokenEdgeList: true });
  expect((await ask(server, `/api/environments/${environment}/connections`)).status).toBe(500);
  const { json } = await ask(server, "/api/integrations/connections?search=cluster");
  expect(json).toMatchObject({ connections: [{ environments: [{ id: environment }] }] });
});

test("pages may be counted from 1, page 0 being page 1", async () => {
  await start({ pagesFromOne: true });
  const names = async (page: number) => {
    const { json } = await ask(server, `/api/integrations/connections?pageSize=1&order=name&page=${page}`);
    return (json as { connections: { name: string }[] }).connections.map(({ name }) => name);
  };
  expect([await names(0), await names(1), await names(2), await names(3)]).toEqual([
    ["cluster"],
    ["cluster"],
    ["metrics"],
    [],
  ]);
});

test("an empty list may be an empty object", async () => {
  await start({ emptyListIsObject: true });
  const other = server.store.environments.insert({ name: "empty" }).id;
  for (const path of [
    `/api/environments/${other}/connections`,
    `/api/environments?${organization()}&search=nothing`,
    "/api/integrations/connections?search=nothing",
    "/api/integrations/credentials",
  ]) {
    expect((await ask(server, path)).json).toEqual({});
  }
});

test("a deletion time may be an object", async () => {
  await start({ deletedAtObject: true });
  const { json } = await ask(server, `/api/environments/${environment}?${organization()}`);
  expect(json).toMatchObject({ deletedAt: { Time: "0001-01-01T00:00:00Z", Valid: false } });
});

test("an empty text may leave what was there", async () => {
  await start({ textsStay: true });
  await put({ name: "production", description: "" });
  expect(server.store.environments.get(environment)?.description).toBe("Live");
  const workspace = server.store.workspaces.list()[0]?.id ?? "";
  await put({ name: "platform", description: "" }, `/api/workspaces/${workspace}`);
  expect(server.store.workspaces.get(workspace)?.description).toBe("Team");
  await put({ name: "production", description: "Changed" });
  expect(server.store.environments.get(environment)?.description).toBe("Changed");
});

test("without it, an empty text empties", async () => {
  await start(false);
  await put({ name: "production", description: "" });
  expect(server.store.environments.get(environment)?.description).toBe("");
});

describe("reads that lag behind", () => {
  const names = async () => {
    const { json } = await ask(server, `/api/environments?${organization()}&order=name`);
    return (json as { environments: { name: string }[] }).environments.map(({ name }) => name);
  };

  test("show a write after three of them, in the order of the writes", async () => {
    await start({ staleReads: 3 });
    await ask(server, "/api/environments", { body: { name: "a", organizationId: server.organizationId } });
    expect(await names()).toEqual(["production"]);
    await ask(server, "/api/environments", { body: { name: "b", organizationId: server.organizationId } });
    expect([await names(), await names(), await names(), await names()]).toEqual([
      ["production"],
      ["production"],
      ["a", "production"],
      ["a", "b", "production"],
    ]);
  });

  test("show at once what was changed from behind, and what was written before it", async () => {
    await start({ staleReads: 3 });
    await ask(server, "/api/environments", { body: { name: "a", organizationId: server.organizationId } });
    server.store.environments.update(environment, { name: "renamed" });
    expect(await names()).toEqual(["a", "renamed"]);
  });

  test("never show a write that was refused", async () => {
    await start({ staleReads: 1 });
    const refused = await ask(server, "/api/environments", {
      body: { name: "production", organizationId: server.organizationId },
    });
    expect(refused.status).toBe(409);
    expect([await names(), await names()]).toEqual([["production"], ["production"]]);
  });

  test("survive a reset", async () => {
    await start({ staleReads: 2 });
    await ask(server, `/api/environments/${environment}`, { method: "DELETE" });
    await server.reset();
    expect(await names()).toEqual(["production"]);
  });
});

test("all of them at once still keep what they are told", async () => {
  await start(true);
  const created = await ask(server, "/api/environments", {
    body: { name: "new", organizationId: server.organizationId },
  });
  expect([created.status, created.text]).toEqual([201, ""]);
  const id = server.store.environments.find({ name: "new" })?.id ?? "";
  await ask(server, `/api/environments/${id}/connections/${metrics}`, { method: "POST" });
  await put({ name: "newer", description: "" }, `/api/environments/${id}`);
  expect(server.store.environments.get(id)).toMatchObject({ name: "newer", organizationId: server.organizationId });
  expect(server.store.environmentConnections.count({ environmentId: id })).toBe(2);
});
