// Jest's configuration under Stryker: the unit suites alone, as one project.
const { join } = require("node:path");
const { projects } = require("../../jest.config.cjs");

const { displayName: _, ...unit } = projects.find(({ displayName }) => displayName === "unit");

/** @type {import("jest").Config} */
module.exports = {
  ...unit,
  rootDir: join(__dirname, "..", ".."),
  testTimeout: 60_000,
  testPathIgnorePatterns: [
    // It looks at the sources themselves, which are full of mutants here.
    "/test/houseRules",
    // What it finds by chance others find on purpose, in a hundredth of the time.
    "/randomTopologies",
  ],
};
