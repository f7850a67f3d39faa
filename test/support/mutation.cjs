// Jest's configuration under Stryker: the unit suites of one room, as one project.
const { join } = require("node:path");
const { projects } = require("../../jest.config.cjs");
const rooms = require("./mutationRooms.cjs");

const { displayName: _, ...unit } = projects.find(({ displayName }) => displayName === "unit");
const { suites } = rooms[process.env.MUTATION_ROOM];

/** @type {import("jest").Config} */
module.exports = {
  ...unit,
  rootDir: join(__dirname, "..", ".."),
  testRegex: suites.map((suite) => `/test/${suite}(/.*)?\\.test\\.ts$`),
  testTimeout: 60_000,
};
