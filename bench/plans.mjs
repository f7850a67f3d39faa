// Plans, applies and destroys of the peers, side by side in one run.

import { Workdir } from "./engine.mjs";
import { count, memory, ratioLimit, times } from "./rows.mjs";
import { connections, startServer } from "./server.mjs";
import { interleaved } from "./statistics.mjs";

/** What a plan of one resource may take longer than the Go provider's, in milliseconds: starting Node costs that much. */
const ONE_RESOURCE_MS = 300;
/** What a plan of many resources, and its memory, may be of the Go provider's; fewer are a matter of starts. */
const MANY_RATIO = 1;
const MANY = 1_000;
/** Lists read, against the fewest pages in which the server can tell it all. */
export const LIST_RATIO = 1.2;
export const PAGE_SIZE = 100;

export const pages = (rows) => Math.max(1, Math.ceil(rows / PAGE_SIZE));

export async function prepared(engine, peers, size) {
  const stages = new Map();
  for (const peer of peers) {
    const server = await startServer({ connections: connections(size.connections) });
    stages.set(peer.key, { server, dir: new Workdir(engine, peer, server, peer.program(size)) });
  }
  return stages;
}

export async function cleared(stages) {
  for (const { server, dir } of stages.values()) {
    dir.remove();
    await server.stop();
  }
}

/** One environment, again and again from nothing. */
export async function oneResource({ engine, peers, rounds, log }) {
  log(`One resource: ${rounds} rounds of plan, apply, plan, destroy for ${peers.map((p) => p.label).join(", ")} ...`);
  const stages = await prepared(engine, peers, { environments: 1, connections: 0 });
  try {
    const figures = await interleaved(peers, rounds, async (peer) => {
      const { dir } = stages.get(peer.key);
      const fresh = await dir.plan();
      const apply = await dir.apply();
      const same = await dir.emptyPlan();
      const destroy = await dir.destroy();
      return { fresh: fresh.ms, apply: apply.ms, same: same.ms, destroy: destroy.ms, cpu: same.cpuMs };
    });
    const limit = { milliseconds: ONE_RESOURCE_MS };
    return {
      title: "One resource",
      peers,
      remark: `One environment, ${rounds} rounds. Medians, best runs in brackets. The processes an engine starts count most here.`,
      rows: [
        times("plan of something new", figures.fresh, limit),
        times("plan with nothing to do", figures.same, limit),
        times("its processor time, engine included", figures.cpu),
        times("apply", figures.apply),
        times("destroy", figures.destroy),
      ],
    };
  } finally {
    await cleared(stages);
  }
}

/** Many resources: applied once, planned in rounds, destroyed once; with what was asked of the server on the way. */
export async function manyResources({ engine, peers, size, rounds, title, log }) {
  const resources = size.environments * (1 + size.connections);
  const limit = resources >= MANY ? { ratio: MANY_RATIO } : {};
  const stages = await prepared(engine, peers, size);
  try {
    const asked = { apply: {}, refresh: {}, destroy: {} };
    const once = async (name, peer, run) => {
      const { server, dir } = stages.get(peer.key);
      await server.forget();
      const result = await run(dir);
      asked[name][peer.key] = await server.asked();
      return result;
    };
    log(`${title}: applying ${resources} resources with each peer ...`);
    const apply = await interleaved(peers, 1, async (peer) => ({
      ms: (await once("apply", peer, (dir) => dir.apply())).ms,
    }));
    log(`${title}: ${rounds} rounds of plans ...`);
    const plans = await interleaved(peers, rounds, async (peer) => {
      const refreshed = await once("refresh", peer, (dir) => dir.emptyPlan());
      const remembered = await stages.get(peer.key).dir.emptyPlan("-refresh=false");
      return {
        refreshed: refreshed.ms,
        refreshedCpu: refreshed.cpuMs,
        remembered: remembered.ms,
        rememberedCpu: remembered.cpuMs,
        peak: Math.max(refreshed.peakMb ?? 0, remembered.peakMb ?? 0),
      };
    });
    log(`${title}: destroying them ...`);
    const destroy = await interleaved(peers, 1, async (peer) => ({
      ms: (await once("destroy", peer, (dir) => dir.destroy())).ms,
    }));
    const providers = (figures) => Object.fromEntries(Object.entries(figures).filter(([key]) => key !== "curl"));
    return {
      title,
      peers,
      remark: `${described(size)}; plans in ${rounds} rounds, apply and destroy once each. curl's plans read nothing and see no drift.`,
      rows: [
        times("plan with refresh", plans.refreshed, limit),
        times("its processor time, engine included", plans.refreshedCpu),
        times("plan with -refresh=false", plans.remembered, limit),
        times("its processor time, engine included", plans.rememberedCpu),
        memory("provider's peak memory in a plan", providers(plans.peak), limit),
        times("apply", apply.ms),
        times("destroy", destroy.ms),
        ...requestRows(size, asked),
      ],
    };
  } finally {
    await cleared(stages);
  }
}

const described = ({ environments, connections: assigned }) =>
  assigned === 0
    ? `${environments} environments`
    : `${environments * assigned} assignments in ${environments} environments, ${environments * (1 + assigned)} resources in all`;

/** Requests against the floor: each list that has to be known, once, in full pages; and one write per thing. */
function requestRows({ environments, connections: assigned }, { apply, refresh, destroy }) {
  const resources = environments * (1 + assigned);
  const edgeLists = assigned === 0 ? 0 : environments * pages(assigned);
  const refreshFloor = pages(environments) + edgeLists;
  // Before anything is written every list is empty, which takes one request to learn.
  const applyFloor = 1 + (assigned === 0 ? 0 : pages(assigned) + environments);
  const of = (asked, what) => Object.fromEntries(Object.entries(asked).map(([key, counts]) => [key, counts[what]]));
  const stated = assigned > 0;
  return [
    count("requests of a refresh", of(refresh, "reads"), ratioLimit(refreshFloor, LIST_RATIO, stated)),
    count("writes of the apply", of(apply, "writes"), ratioLimit(resources, 1, true)),
    count("lists read by the apply", of(apply, "reads"), ratioLimit(applyFloor, LIST_RATIO, stated)),
    count("writes of the destroy", of(destroy, "writes")),
    count("lists read by the destroy", of(destroy, "reads")),
  ];
}
