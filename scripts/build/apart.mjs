// Modules that become files of their own beside a bundle's entry: what a process does not need, it does not read.

/** Libraries that only some runs need: requests to a server, and the files of mesheryctl. */
export const LIBRARIES = {
  yaml: { file: "./yaml.cjs", entry: "node_modules/yaml/dist/index.js" },
  axios: {
    file: "./axios.cjs",
    entry: "node_modules/axios/index.js",
    // It looks for these, and finding them makes Node load its whole fetch, which takes longer than axios itself.
    define: { globalThis: "withoutFetch", fetch: "undefined" },
    banner: "const withoutFetch = Object.create(globalThis, { FormData: {}, Request: {}, Response: {} });",
  },
};

/** An esbuild plugin that leaves dynamic imports of these modules to their files: `{specifier: {file}}`. */
export const apart = (modules) => ({
  name: "files apart",
  setup(build) {
    build.onResolve({ filter: /./ }, ({ path, kind }) =>
      kind === "dynamic-import" && path in modules ? { path: modules[path].file, external: true } : undefined,
    );
  },
});
