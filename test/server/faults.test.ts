import { MesheryServer } from "../../provider/server";
import { ask } from "./support/ask";

let server: MesheryServer;
beforeEach(async () => {
  server = await MesheryServer.start({ world: { environments: { production: {} } } });
});
afterEach(async () => {
  await server.close();
});
const list = () => ask(server, `/api/environments?orgId=${server.organizationId}`);
const create = (name: string) =>
  ask(server, "/api/environments", { body: { name, organizationId: server.organizationId } });

test("a status for the next matching requests, with Retry-After", async () => {
  server.faults.add({
    method: "GET",
    route: "/api/environments",
    times: 2,
    effect: { kind: "status", status: 429, retryAfter: "7" },
  });
  const [first, other, second, third] = [
    await list(),
    await ask(server, "/api/identity/orgs"),
    await list(),
    await list(),
  ];
  expect([first, other, second, third].map(({ status }) => status)).toEqual([429, 200, 429, 200]);
  expect(first.headers.get("retry-after")).toBe("7");
});

test("the first ones can be spared, and a fault taken back", async () => {
  const id = server.faults.add({ skip: 1, times: 5, effect: { kind: "status", status: 503 } });
  expect([(await list()).status, (await list()).status]).toEqual([200, 503]);
  expect(server.faults.list).toMatchObject([{ id, left: 4 }]);
  server.faults.clear(id);
  expect((await list()).status).toBe(200);
});

test("a connection that is dropped before the work, and after it", async () => {
  server.faults.add({ method: "POST", effect: { kind: "drop", when: "before" } });
  await expect(create("before")).rejects.toThrow();
  expect(server.store.environments.find({ name: "before" })).toBeUndefined();
  server.faults.add({ method: "POST", effect: { kind: "drop", when: "after" } });
  await expect(create("after")).rejects.toThrow();
  expect(server.store.environments.find({ name: "after" })).toBeDefined();
  expect(server.requests.list.map(({ status }) => status)).toEqual([0, 0]);
});

test("an error although the work is done", async () => {
  server.faults.add({ method: "POST", effect: { kind: "status", status: 500, when: "after" } });
  expect((await create("done")).status).toBe(500);
  expect(server.store.environments.find({ name: "done" })).toBeDefined();
});

test("a login page, and a redirect", async () => {
  server.faults.add({ effect: { kind: "login page" } });
  const page = await list();
  expect([page.status, page.headers.get("content-type")]).toEqual([200, expect.stringContaining("text/html")]);
  server.faults.add({ effect: { kind: "redirect", location: "/auth/login" } });
  const redirect = await list();
  expect([redirect.status, redirect.headers.get("location")]).toEqual([302, "/auth/login"]);
});

test("latency holds one answer back and no other", async () => {
  server.faults.add({ route: "/api/environments", effect: { kind: "latency", milliseconds: 150 } });
  const slow = list();
  const ended: string[] = [];
  await Promise.all([
    slow.then(() => ended.push("slow")),
    ask(server, "/api/identity/orgs").then(() => ended.push("fast")),
  ]);
  expect(ended).toEqual(["fast", "slow"]);
  expect(server.requests.list.map(({ concurrent }) => concurrent).sort()).toEqual([1, 2]);
});

test("something happens behind a client's back just as it asks", async () => {
  server.faults.add({
    method: "POST",
    effect: { kind: "call", run: () => server.store.environments.insert({ name: "quicker" }) },
  });
  await create("slower");
  expect(server.store.environments.list().map(({ name }) => name)).toEqual(["production", "quicker", "slower"]);
});

test("rows move between pages: some are skipped or seen twice, and the total differs", async () => {
  for (const name of ["a", "b", "c", "d", "e"]) server.store.environments.insert({ name });
  const page = async (number: number) => {
    const { json } = await ask(
      server,
      `/api/environments?orgId=${server.organizationId}&order=name&pagesize=3&page=${number}`,
    );
    const { environments, totalCount } = json as { environments: { name: string }[]; totalCount: number };
    return [environments.map(({ name }) => name).join(""), totalCount];
  };
  expect([await page(0), await page(1)]).toEqual([
    ["abc", 6],
    ["deproduction", 6],
  ]);
  server.faults.add({
    route: "/api/environments",
    times: Number.POSITIVE_INFINITY,
    effect: { kind: "shift", rows: 1 },
  });
  expect([await page(0), await page(1)]).toEqual([
    ["abc", 6],
    ["eproduction", 5],
  ]);
  server.faults.clear();
  server.faults.add({
    route: "/api/environments",
    times: Number.POSITIVE_INFINITY,
    effect: { kind: "shift", rows: -1 },
  });
  expect([await page(0), await page(1)]).toEqual([
    ["abc", 6],
    ["cde", 7],
  ]);
});

test("requests are counted by method and route, and forgotten on request", async () => {
  await list();
  await list();
  await create("x");
  await ask(server, `/api/environments/${server.store.environments.list()[0]?.id}?orgId=${server.organizationId}`);
  expect(server.requests.counts).toEqual({
    "GET /api/environments": 2,
    "POST /api/environments": 1,
    "GET /api/environments/{id}": 1,
  });
  expect(server.requests.count("GET /api/environments")).toBe(2);
  const times = server.requests.list.map(({ at }) => at);
  expect(times).toEqual([...times].sort((one, other) => one - other));
  expect(server.requests.list[2]).toMatchObject({
    sequence: 3,
    method: "POST",
    path: "/api/environments",
    status: 201,
  });
  expect(JSON.stringify(server.requests.list)).not.toContain(server.token);
  server.requests.clear();
  expect(server.requests.list).toEqual([]);
  expect(server.requests.counts).toEqual({});
});

test("a reset brings the first world back, and another one where it is given", async () => {
  await create("x");
  const { token } = server;
  server.faults.add({ times: 9, effect: { kind: "status", status: 500 } });
  await server.reset();
  expect(server.store.environments.list().map(({ name }) => name)).toEqual(["production"]);
  expect(server.token).toBe(token);
  expect((await list()).status).toBe(200);
  await server.reset({ environments: { other: {} } });
  expect(server.store.environments.list().map(({ name }) => name)).toEqual(["other"]);
});
