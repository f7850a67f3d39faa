// Mutation tests of what all doors share, with the unit suites: `npm run mutation`, or for some files
// `npm run mutation -- --mutate provider/framework/diff.ts`. The report is .cache/mutation/index.html.

// Each run tries the same random cases, so that a mutant lives or dies by the tests alone.
process.env.PROPERTY_SEED ??= "20261121";

export default {
  mutate: ["provider/{framework,client,run,resources}/**/*.ts"],
  testRunner: "jest",
  coverageAnalysis: "perTest",
  jest: { projectType: "custom", configFile: "test/support/mutation.cjs" },
  concurrency: 2,
  timeoutMS: 20_000,
  dryRunTimeoutMinutes: 30,
  incremental: true,
  incrementalFile: ".cache/mutation/incremental.json",
  ignorePatterns: ["/dist", "/.cache", "/bench", "/examples", "/docs"],
  tempDirName: ".cache/mutation/sandbox",
  reporters: ["clear-text", "progress", "html", "json"],
  htmlReporter: { fileName: ".cache/mutation/index.html" },
  jsonReporter: { fileName: ".cache/mutation/report.json" },
  clearTextReporter: { allowColor: false, logTests: false },
};
