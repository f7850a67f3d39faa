/**
 * Which suites there are, by what they need, and the folders of `test/` of each. A test file belongs to exactly one
 * (`test/houseRules.test.ts` keeps this).
 *
 * unit     nothing but the sources: an embedded server in the same process
 * server   the embedded server itself
 * engines  the built package, real processes, and the engines that are there
 */
const suites = {
  unit: ["client", "configuration", "framework", "install", "resources", "review", "run", "topology", "houseRules"],
  server: ["server"],
  engines: ["cdktf", "cli", "faults", "grpc", "packaging", "pulumi", "pulumi-engine", "review-engines", "terraform"],
};
/** In process although they stand among others. */
const inProcess = ["terraform/provider", "pulumi/provider", "pulumi/shared"];

const project = (name, settings) => ({
  displayName: name,
  roots: ["<rootDir>/test", "<rootDir>/provider"],
  testRegex: suites[name].map((folder) => `/test/${folder}(/.*)?\\.test\\.ts$`),
  transform: { "\\.ts$": "<rootDir>/test/support/transform.cjs" },
  setupFiles: ["<rootDir>/test/support/seed.cjs"],
  modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/.cache/"],
  ...settings,
});

const inProcessTests = inProcess.map((folder) => `/test/${folder}/.*\\.test\\.ts$`);
const unit = project("unit");
const server = project("server");
const engines = project("engines", {
  testPathIgnorePatterns: inProcessTests,
  globalSetup: "<rootDir>/test/support/build.cjs",
});

/** @type {import("jest").Config} */
module.exports = {
  projects: [{ ...unit, testRegex: [...unit.testRegex, ...inProcessTests] }, server, engines],
  testTimeout: 300_000,
  maxWorkers: 2,
  testSequencer: "<rootDir>/test/support/sequencer.cjs",
};
