// The rooms of what all doors share, and for each the unit suites that belong to it: those that would have to notice a change
// there, without the slow ones, which find by chance what these find on purpose.

/** Suites over a server that take seconds for each mutant they come to. */
const slow = ["resources/strangeAnswers", "resources/randomTopologies", "resources/writeOnly", "resources/requests"];

/** @type {Record<string, { mutate: string[], suites: string[], without?: string[] }>} */
module.exports = {
  framework: {
    mutate: ["provider/framework/**/*.ts"],
    suites: ["framework", "run/lifecycle"],
  },
  run: {
    mutate: ["provider/run/**/*.ts"],
    suites: ["run"],
  },
  "client/lists": {
    mutate: ["provider/client/lists/**/*.ts"],
    suites: ["client/paging", "client/page", "client/cachedList"],
  },
  "client/http": {
    mutate: ["provider/client/http/**/*.ts"],
    suites: ["client"],
    without: ["client/paging", "client/page", "client/cachedList", "client/notAList"],
  },
  client: {
    mutate: ["provider/client/*.ts"],
    suites: ["client", "resources/looks", "resources/rowsThatSayLess"],
    without: ["client/notAList"],
  },
  "resources/shared": {
    mutate: ["provider/resources/shared/*.ts"],
    suites: ["resources"],
    without: slow,
  },
  resources: {
    mutate: ["provider/resources/*.ts"],
    suites: ["resources"],
    without: slow,
  },
};
