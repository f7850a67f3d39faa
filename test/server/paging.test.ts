import fc from "fast-check";
import { MesheryServer } from "../../provider/server";
import { ask } from "./support/ask";

let server: MesheryServer;
beforeAll(async () => {
  server = await MesheryServer.start();
});
afterAll(async () => {
  await server.close();
});

/** Ids of every row of a list, page by page until one is short. */
async function everyPage(path: string, key: string, size: number): Promise<string[]> {
  const ids: string[] = [];
  for (let page = 0; ; page++) {
    const { json } = await ask(server, `${path}&page=${page}&pagesize=${size}`);
    const rows = (json as Record<string, { id: string }[] | undefined>)[key] ?? [];
    ids.push(...rows.map(({ id }) => id));
    if (rows.length < size) return ids;
  }
}

// Few letters, so that names are often equal and the order has ties to break.
const names = fc.array(fc.string({ unit: fc.constantFrom("a", "B", "ü", " "), maxLength: 3 }), { maxLength: 40 });

test("ordered by name, the pages of a list hold every row exactly once", async () => {
  await fc.assert(
    fc.asyncProperty(names, fc.integer({ min: 1, max: 15 }), async (given, size) => {
      await server.reset();
      const parent = server.store.environments.insert({ name: "parent" });
      const connections = given.map((name) => {
        const row = server.store.connections.insert({ name });
        server.store.environmentConnections.insert({ environmentId: parent.id, connectionId: row.id });
        return row;
      });
      const workspaces = given.map((name) => server.store.workspaces.insert({ name }));
      const sorted = (rows: { id: string; name: string }[]) =>
        [...rows].sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name))).map(({ id }) => id);
      const organization = `orgId=${server.organizationId}`;
      expect(await everyPage("/api/integrations/connections?order=name%20asc", "connections", size)).toEqual(
        sorted(connections),
      );
      expect(
        await everyPage(`/api/environments/${parent.id}/connections?order=name%20asc`, "connections", size),
      ).toEqual(sorted(connections));
      expect(await everyPage(`/api/workspaces?${organization}&order=name%20asc`, "workspaces", size)).toEqual(
        sorted(workspaces),
      );
    }),
    { numRuns: 25 },
  );
});

test("by default the last change comes first, so a write moves rows between pages", async () => {
  await server.reset();
  const rows = ["a", "b", "c", "d"].map((name) => server.store.environments.insert({ name }));
  const page = async (number: number) => {
    const { json } = await ask(server, `/api/environments?orgId=${server.organizationId}&pagesize=2&page=${number}`);
    return (json as { environments: { name: string }[] }).environments.map(({ name }) => name);
  };
  expect([await page(0), await page(1)]).toEqual([
    ["d", "c"],
    ["b", "a"],
  ]);
  server.store.environments.update(rows[0]?.id ?? "", {});
  expect([await page(0), await page(1)]).toEqual([
    ["a", "d"],
    ["c", "b"],
  ]);
});

test.each([
  "name drop table",
  "name;--",
  "rowid",
  "id asc",
  "NAME",
])("an order that is not allowed (%s) is the default one", async (order) => {
  await server.reset();
  for (const name of ["a", "b"]) server.store.environments.insert({ name });
  const { json } = await ask(
    server,
    `/api/environments?orgId=${server.organizationId}&order=${encodeURIComponent(order)}`,
  );
  expect(json).toMatchObject({ environments: [{ name: "b" }, { name: "a" }] });
});

test("10,000 edges over 2,000 connections list quickly", async () => {
  await server.reset();
  const { store } = server;
  store.sql.transaction(() => {
    const environments = Array.from({ length: 50 }, (_, index) => store.environments.insert({ name: `e${index}` }).id);
    for (let index = 0; index < 2000; index++) {
      const connectionId = store.connections.insert({ name: `c${index}`, kind: "kubernetes" }).id;
      for (let edge = 0; edge < 5; edge++) {
        store.environmentConnections.insert({ environmentId: environments[(index * 5 + edge) % 50]!, connectionId });
      }
    }
  });
  const first = store.environments.list()[0]?.id;
  const began = performance.now();
  expect(await everyPage("/api/integrations/connections?order=name%20asc", "connections", 100)).toHaveLength(2000);
  expect(await everyPage(`/api/environments/${first}/connections?order=name%20asc`, "connections", 100)).toHaveLength(
    200,
  );
  // 24 pages; well under half a second on an idle machine, and the bound leaves room for a busy one.
  expect(performance.now() - began).toBeLessThan(5000);
});
