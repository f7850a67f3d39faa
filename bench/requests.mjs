// Lookups, and ten thousand edges: where sharing lists matters most.
import { Workdir } from "./engine.mjs";
import { LIST_RATIO, pages } from "./plans.mjs";
import { lookups, standingState, topology } from "./programs.mjs";
import { count, memory, ratioLimit, times } from "./rows.mjs";
import { connections, environmentId, startServer } from "./server.mjs";
import { interleaved } from "./statistics.mjs";

/** Megabytes that the provider may use with ten thousand edges. */
const MEMORY_MB = 150;

/** Lookups by name; the Go provider lets the server search, one request each. */
export async function manyLookups({ engine, peers, lookedUp = 50, among = 2_000, log }) {
  log(`Lookups: ${lookedUp} and one among ${among} connections ...`);
  const server = await startServer({ connections: connections(among) });
  try {
    const run = async (peer, wanted) => {
      const dir = new Workdir(engine, peer, server, lookups({ count: wanted, among }));
      try {
        await server.forget();
        const { ms } = await dir.plan();
        return { ms, reads: (await server.asked()).reads };
      } finally {
        dir.remove();
      }
    };
    const providers = peers.filter((peer) => peer.providerFolder);
    const figures = await interleaved(providers, 1, async (peer) => {
      const [many, one] = [await run(peer, lookedUp), await run(peer, 1)];
      return { ms: many.ms, reads: many.reads, oneMs: one.ms, oneReads: one.reads };
    });
    const single = (runs) => Object.fromEntries(Object.entries(runs).map(([key, [value]]) => [key, value]));
    return {
      title: "Lookups by name",
      peers: providers,
      remark: `Among ${among} connections, which the server lists in ${pages(among)} pages. The Go provider lets the server search.`,
      rows: [
        count(`requests of ${lookedUp} lookups`, single(figures.reads), ratioLimit(pages(among), LIST_RATIO, true)),
        count("requests of one lookup", single(figures.oneReads)),
        times(`plan with ${lookedUp} lookups`, figures.ms),
        times("plan with one lookup", figures.oneMs),
      ],
    };
  } finally {
    await server.stop();
  }
}

/** A refresh of very many edges, from a state and a world that hold them already. */
export async function manyEdges({ engine, peers, size, log }) {
  const edges = size.environments * size.connections;
  log(`${edges} edges: refreshing them ...`);
  const names = Object.keys(connections(size.connections));
  const environment = (n) => [
    `environment-${n}`,
    { id: environmentId(n), description: "An environment of the benchmark", connections: names },
  ];
  const server = await startServer({
    connections: connections(size.connections),
    environments: Object.fromEntries(Array.from({ length: size.environments }, (_, n) => environment(n))),
  });
  try {
    const asked = {};
    const refresh = async (peer, ...args) => {
      const state = standingState(engine, server.organizationId, size, peer.stateExtra);
      const dir = new Workdir(engine, peer, server, { ...topology(size), "terraform.tfstate": state });
      try {
        await server.forget();
        const run = await dir.emptyPlan(...args);
        asked[peer.key] = (await server.asked()).reads;
        return run;
      } finally {
        dir.remove();
      }
    };
    const providers = peers.filter((peer) => peer.providerFolder);
    const figures = await interleaved(providers, 1, async (peer) => {
      const { ms, peakMb } = await refresh(peer);
      return { ms, peakMb };
    });
    const floor = pages(size.environments) + size.environments * pages(size.connections);
    const requests = count("requests of the refresh", { ...asked }, ratioLimit(floor, LIST_RATIO, true));
    log(`${edges} edges: once more, with 100 things under way at once ...`);
    const crowded = await refresh(providers[0], "-parallelism=100");
    return {
      title: `${edges.toLocaleString("en")} edges`,
      peers: providers,
      remark: `${size.environments} environments with ${size.connections} connections each, refreshed once from a state that is written beforehand.`,
      rows: [
        memory("provider's peak memory", figures.peakMb, { megabytes: MEMORY_MB }),
        memory("the same, with 100 things under way at once", { ours: [crowded.peakMb] }, { megabytes: MEMORY_MB }),
        times("plan with refresh", figures.ms),
        requests,
      ],
    };
  } finally {
    await server.stop();
  }
}
