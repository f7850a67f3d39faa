// The rooms of what all doors share, and for each the unit suites that belong to it: those that would have to notice a change
// there. Each mutant is played with all of them that come to it, so slow ones stay out: what they find by chance others find on
// purpose.

const shared = "provider/resources/shared";
const wire = `${shared}/wire.ts`;
const lookups = `${shared}/{lookup*,wording,import*}.ts`;
const edges = `${shared}/{relation,edge*,deleteEdge,dependents}.ts`;

/** @type {Record<string, { mutate: string[], suites: string[] }>} */
module.exports = {
  framework: { mutate: ["provider/framework/*.ts"], suites: ["framework", "run/lifecycle"] },
  run: { mutate: ["provider/run/*.ts"], suites: ["run"] },
  "client/lists": {
    mutate: ["provider/client/lists/*.ts"],
    suites: ["client/paging", "client/page", "client/cachedList"],
  },
  "client/http": {
    mutate: ["provider/client/http/*.ts"],
    suites: [
      "client/answers",
      "client/exchange",
      "client/providerDiscovery",
      "client/renewedToken",
      "client/deadlines",
      "client/timing",
    ],
  },
  "client/meshery": {
    mutate: ["provider/client/*.ts"],
    suites: ["client/answers", "client/page", "client/exchange", "client/timing"],
  },
  "resources/shared/wire": {
    mutate: [wire],
    suites: ["resources/wire", "resources/everyInput", "resources/notOnEveryServer"],
  },
  "resources/shared/lookups": { mutate: [lookups], suites: ["resources/lookups", "resources/importing"] },
  "resources/shared/edges": {
    mutate: [edges],
    suites: ["deletion", "everyInput", "importing", "notices", "partialFailures", "statedDeletions", "absence"].map(
      (suite) => `resources/${suite}`,
    ),
  },
  "resources/shared/objects": {
    mutate: [`${shared}/*.ts`, ...[wire, lookups, edges].map((files) => `!${files}`)],
    suites: ["adoption", "changedByHand", "deletion", "looks", "organizations", "partialFailures", "absence"].map(
      (suite) => `resources/${suite}`,
    ),
  },
  "resources/declarations": {
    mutate: ["provider/resources/*.ts"],
    suites: ["resources/everyInput", "resources/validation", "resources/lookups", "resources/importing"],
  },
};
