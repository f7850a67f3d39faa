import type { State } from "../../provider/framework";
import { lookups } from "../../provider/resources";
import { MesheryServer } from "../support/meshery";
import { benchFor } from "../support/session";

/** Rows that a list answers with at most; what a list of so many rows costs at least is counted in these. */
const PAGE = 100;
const pages = (rows: number) => Math.max(1, Math.ceil(rows / PAGE));

const world = (environments: number, connections: number) => ({
  environments: Object.fromEntries(Array.from({ length: environments }, (_, i) => [`e${i}`, {}])),
  connections: Object.fromEntries(
    Array.from({ length: connections }, (_, i) => [`c${1000 + i}`, { kind: "kubernetes", type: "platform" }]),
  ),
});

/** Every environment with its share of the connections. */
function pairsOf(server: MesheryServer): { environmentId: string; connectionId: string }[] {
  const environments = server.store.environments.list();
  return server.store.connections
    .list()
    .map(({ id }, i) => ({ environmentId: environments[i % environments.length]!.id, connectionId: id }));
}

const reads = (server: MesheryServer) => server.requests.list.filter(({ method }) => method === "GET").length;
const writes = (server: MesheryServer) => server.requests.list.length - reads(server);

/** Runs `work` on a server of its own. */
async function on(environments: number, connections: number, work: (server: MesheryServer) => Promise<void>) {
  const server = await MesheryServer.start({ world: world(environments, connections) });
  try {
    await work(server);
  } finally {
    await server.close();
  }
}

describe("requests are counted against the pages that hold the answer", () => {
  test("new assignments cost a write each, and the lists", () =>
    on(10, 1000, async (server) => {
      const bench = benchFor(server);
      const pairs = pairsOf(server);
      const states = await Promise.all(pairs.map((pair) => bench.create("ConnectionAssignment", pair)));
      expect(writes(server)).toBe(pairs.length);
      // Connections, environments, and the list of each environment, which is empty at first and therefore read twice.
      expect(reads(server)).toBeLessThanOrEqual(1.2 * (pages(1000) + pages(10) + 10 * 2));

      server.requests.clear();
      const refresh = benchFor(server);
      expect(await Promise.all(states.map((state) => refresh.read("ConnectionAssignment", state)))).toEqual(states);
      expect(server.requests.list.length).toBeLessThanOrEqual(1.2 * 10 * pages(100));

      server.requests.clear();
      const none = benchFor(server);
      await Promise.all(pairs.map((pair) => none.create("ConnectionAssignment", pair)));
      expect(writes(server)).toBe(0);
      expect(reads(server)).toBeLessThanOrEqual(1.2 * (pages(1000) + pages(10) + 10 * pages(100)));
    }));

  test("assignments in a new environment cost no list of it", () =>
    on(0, 10, async (server) => {
      const bench = benchFor(server);
      const { id: environmentId } = await bench.create("Environment", { name: "new" });
      const pairs = server.store.connections.list().map(({ id }) => ({ environmentId, connectionId: id }));
      const states = await Promise.all(pairs.map((pair) => bench.create("ConnectionAssignment", pair)));
      expect(server.store.environmentConnections.count()).toBe(10);
      const held = `/api/environments/${environmentId}/connections`;
      const lists = () => server.requests.list.filter(({ method, path }) => method === "GET" && path === held).length;
      expect(lists()).toBe(0);
      // The same pair under another address is one that is there.
      await bench.create("ConnectionAssignment", pairs[0]!);
      expect([lists(), server.store.environmentConnections.count()]).toEqual([0, 10]);
      // What others put there meanwhile is found by whoever has to know.
      server.store.environmentConnections.deleteWhere({ connectionId: pairs[0]!.connectionId });
      expect(await bench.read("ConnectionAssignment", states[0]!)).toBeUndefined();
      expect(lists()).toBeGreaterThan(0);
    }));

  test("fifty lookups cost one listing", () =>
    on(1, 2000, async (server) => {
      const bench = benchFor(server);
      const context = bench.session.context(() => undefined);
      const lookup = lookups.find(({ name }) => name === "getConnection")!;
      const found = await Promise.all(
        Array.from({ length: 50 }, (_, i) => lookup.read(context, { name: `c${1000 + 37 * i}` })),
      );
      expect(new Set(found.map(({ id }) => id)).size).toBe(50);
      expect(server.requests.list.length).toBeLessThanOrEqual(1.2 * pages(2000));
    }));

  test("removing assignments costs a write each, and confirmations that are shared", () =>
    on(2, 100, async (server) => {
      const states: State[] = await Promise.all(
        pairsOf(server).map((pair) => benchFor(server).create("ConnectionAssignment", pair)),
      );
      server.requests.clear();
      const destroy = benchFor(server);
      await Promise.all(states.map((state) => destroy.remove("ConnectionAssignment", state)));
      expect(writes(server)).toBe(states.length);
      // Never a list of its own for each.
      expect(reads(server)).toBeLessThanOrEqual(states.length / 2);
    }));

  test("a list of several pages is never read while this run changes it", () =>
    on(0, 0, async (server) => {
      const bench = benchFor(server);
      const names = Array.from({ length: 350 }, (_, i) => `e${i}`);
      // Engines work on ten at a time, and hand out the next one as soon as one is done.
      const tenAtATime = async <T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> => {
        const left = items.entries();
        const results: R[] = [];
        const worker = async () => {
          for (const [i, item] of left) results[i] = await work(item);
        };
        await Promise.all(Array.from({ length: 10 }, worker));
        return results;
      };
      const states = await tenAtATime(names, (name) => bench.create("Environment", { name }));
      expect(server.store.environments.list({ deletedAt: null })).toHaveLength(350);
      server.requests.clear();
      const destroy = benchFor(server);
      await tenAtATime(states, (state) => destroy.remove("Environment", state));
      expect(server.store.environments.list({ deletedAt: null })).toEqual([]);
      // Deletes that went out together are confirmed by one list.
      const lists = server.requests.list.filter(({ method, path }) => method === "GET" && path === "/api/environments");
      expect(lists.length).toBeLessThanOrEqual(1.2 * 35 * pages(350));
    }));
});
