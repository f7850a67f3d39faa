/** @type {import("jest").Config} */
module.exports = {
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  transform: { "\\.ts$": "<rootDir>/test/support/transform.cjs" },
  setupFiles: ["<rootDir>/test/support/seed.cjs"],
  testTimeout: 300_000,
  maxWorkers: 2,
  modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/.cache/"],
};
