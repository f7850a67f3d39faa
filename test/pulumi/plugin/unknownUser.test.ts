import { join } from "node:path";
import { seen } from "../../support/meshery";
import { asUnknownUser, readableCopy, SURROUNDINGS } from "../../support/unknownUser";
import { assignment, environment, idOf, lookUp, PluginBench, yamlProgram } from "./support/bench";
import { credentials, pluginFolder } from "./support/plugin";

const program = yamlProgram(
  { production: environment({ name: "production" }), edge: assignment(idOf("production"), idOf("gke")) },
  { gke: lookUp("getConnection", "gke") },
);
const user = asUnknownUser();

(user ? describe : describe.skip)("run by a user without an entry in passwd, the plugin", () => {
  const plugin = readableCopy(pluginFolder);
  afterAll(() => plugin.remove());

  test.each([
    ...SURROUNDINGS,
    ["where nothing can be written", { HOME: undefined, TMPDIR: "/" }] as const,
  ])("works %s", async (_, surroundings) => {
    const bench = await PluginBench.open();
    try {
      const before = seen(bench.server);
      // Not even CI, which would leave the home folder alone.
      const env = { ...credentials(bench.server), CI: undefined, ...surroundings };
      const args = [...user!.args, process.execPath, join(plugin.folder, "plugin.cjs")];
      const stack = await bench.stack("test engine", program, {
        plugins: { meshery: { command: user!.command, args, env } },
      });
      expect((await stack.up()).error).toBeUndefined();
      expect(seen(bench.server).environments.production?.connections).toEqual(["gke"]);
      expect((await stack.destroy()).error).toBeUndefined();
      expect(seen(bench.server)).toEqual(before);
    } finally {
      await bench.close();
    }
  });
});
