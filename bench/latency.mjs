// Plans, applies and destroys over a network that takes its time for every request, beside the Go provider.
import { cleared, pages, prepared } from "./plans.mjs";
import { count, times } from "./rows.mjs";
import { interleaved } from "./statistics.mjs";

/** Milliseconds that every request takes longer than on one machine. */
const LATENCY_MS = 50;
/** Times of the Go provider's that ours shall take at most. In small programs the starts of Node alone take longer. */
const WRITING = { ratio: 1.2 };
const PLANNING = { ratio: 0.6 };
/** Deletes from one list that one page of it has to confirm. */
const DELETES_A_PAGE = 10;

/** One after the other: applied once, planned once, destroyed once; with what was asked of the server on the way. */
export async function overNetwork({ engine, peers, size, title, log }) {
  const providers = peers.filter((peer) => peer.providerFolder);
  const resources = size.environments * (1 + size.connections);
  log(`${title}: applying, planning and destroying ${resources} resources with each peer ...`);
  const stages = await prepared(engine, providers, size);
  try {
    for (const { server } of stages.values()) await server.delay(LATENCY_MS);
    const asked = { apply: {}, plan: {}, destroy: {} };
    const figures = await interleaved(providers, 1, async (peer) => {
      const { server, dir } = stages.get(peer.key);
      const took = async (name, run) => {
        await server.forget();
        const { ms } = await run();
        asked[name][peer.key] = await server.asked();
        return ms;
      };
      return {
        apply: await took("apply", () => dir.apply()),
        plan: await took("plan", () => dir.emptyPlan()),
        destroy: await took("destroy", () => dir.destroy()),
      };
    });
    return {
      title,
      peers: providers,
      remark: `${LATENCY_MS} ms for each request; ${described(size)}. Each command once.`,
      rows: [
        times("apply", figures.apply, WRITING),
        times("plan with refresh", figures.plan, PLANNING),
        times("destroy", figures.destroy, WRITING),
        ...requestRows(size, asked),
      ],
    };
  } finally {
    await cleared(stages);
  }
}

const described = ({ environments, connections }) =>
  connections === 0
    ? `${environments} environments`
    : `${environments} environments with ${connections} connections each, ${environments * (1 + connections)} resources in all`;

function requestRows(size, { apply, plan, destroy }) {
  const of = (asked, what) => Object.fromEntries(Object.entries(asked).map(([key, counts]) => [key, what(counts)]));
  const reads = (counts) => counts.reads;
  const writes = (counts) => counts.writes;
  const resources = size.environments * (1 + size.connections);
  const confirming = (counts) => confirmingPages(size, counts);
  return [
    count("writes of the apply", of(apply, writes), { most: resources, text: String(resources) }),
    count("reads of the apply", of(apply, reads)),
    count("reads of the plan", of(plan, reads)),
    count("writes of the destroy", of(destroy, writes), { most: resources, text: String(resources) }),
    count("reads of the destroy", of(destroy, reads)),
    count("pages that confirm its deletes", { ours: confirming(destroy.ours) }, allowedPages(size)),
  ];
}

/** Pages of the lists that things are deleted from, but for those that the plan and the apply have to know first. */
function confirmingPages({ environments, connections }, { counts }) {
  const read = (route) => counts[`GET ${route}`] ?? 0;
  const ofEnvironments = read("/api/environments") - 2 * pages(environments);
  if (connections === 0) return ofEnvironments;
  // An empty list counts only when it was read twice.
  const known = environments * (pages(connections) + 1);
  return ofEnvironments + read("/api/environments/{id}/connections") - known;
}

/**
 * For objects a limit. For edges a goal that is not reached: of ten removals under way few are of one environment, and none is
 * believed before a list shows that no second row of the pair is left.
 */
function allowedPages({ environments, connections }) {
  const deletes = environments * (1 + connections);
  const most = Math.ceil(deletes / DELETES_A_PAGE);
  return { most, text: `one for ${DELETES_A_PAGE} deletes (${most})`, isGoal: connections > 0 };
}
