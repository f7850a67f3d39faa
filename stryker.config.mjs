// Mutation tests of one room, as scripts/mutation.mjs starts them.
import { createRequire } from "node:module";

const rooms = createRequire(import.meta.url)("./test/support/mutationRooms.cjs");
process.env.MUTATION_ROOM ??= "framework";
const room = process.env.MUTATION_ROOM;
const report = `.cache/mutation/${room.replaceAll("/", "-")}`;

// Each run tries the same random cases, so that a mutant lives or dies by the tests alone.
process.env.PROPERTY_SEED ??= "20261121";

export default {
  mutate: rooms[room].mutate,
  testRunner: "jest",
  coverageAnalysis: "perTest",
  jest: { projectType: "custom", configFile: "test/support/mutation.cjs", enableFindRelatedTests: false },
  concurrency: 1,
  timeoutMS: 10_000,
  dryRunTimeoutMinutes: 10,
  incremental: true,
  incrementalFile: `${report}.incremental.json`,
  ignorePatterns: ["/dist", "/.cache", "/bench", "/examples", "/docs"],
  tempDirName: ".cache/mutation/sandbox",
  reporters: ["clear-text", "html", "json"],
  htmlReporter: { fileName: `${report}.html` },
  jsonReporter: { fileName: `${report}.json` },
  clearTextReporter: { allowColor: false, logTests: false },
};
