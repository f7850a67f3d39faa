// Jest reads TypeScript through esbuild: types are checked once, by `npm run lint`, not at every test run.
const { transformSync } = require("esbuild");

module.exports = {
  process(source, path) {
    const { code, map } = transformSync(source, {
      loader: "ts",
      format: "cjs",
      target: "node20",
      sourcefile: path,
      sourcemap: "external",
      sourcesContent: false,
      supported: { "dynamic-import": false },
    });
    return { code, map };
  },
};
