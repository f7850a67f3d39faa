import { type EraName, eraNames } from "../../../provider/server";
import { changes } from "../../pulumi-engine";
import { seen } from "../../support/meshery";
import {
  applied,
  assignment,
  binding,
  environment,
  idOf,
  lookUp,
  PluginBench,
  type YamlStack,
  yamlProgram,
} from "./support/bench";

const lookups = { gke: lookUp("getConnection", "gke"), team: lookUp("getWorkspace", "platform") };
const program = (name: string, description: string, edge = "edge") =>
  yamlProgram(
    {
      production: environment({ name, description }),
      own: { type: "meshery:Connection", properties: { name: "own", kind: "prometheus", type: "observability" } },
      [edge]: assignment(idOf("production"), idOf("gke")),
      ownEdge: assignment(idOf("production"), idOf("own")),
      binding: binding(idOf("team"), idOf("production")),
    },
    lookups,
  );

describe.each(eraNames)("a life on a server of the era %s", (era: EraName) => {
  // Without quirks the random topologies are played on each.
  test("with every quirk", async () => {
    const bench = await PluginBench.open({ era, quirks: true });
    try {
      const before = seen(bench.server);
      const stack: YamlStack = await bench.stack("test engine", program("production", "live"));
      await applied(stack);
      stack.setYaml(program("renamed", "", "edge2"));
      await applied(stack);
      expect(seen(bench.server).environments.renamed).toEqual({ description: "", connections: ["gke", "own"] });
      expect(changes(await stack.refresh({ skipPreview: true }))).toEqual([]);
      expect(changes(await applied(stack))).toEqual([]);
      expect((await stack.destroy({ skipPreview: true })).error).toBeUndefined();
      expect(seen(bench.server)).toEqual(before);
    } finally {
      await bench.close();
    }
  });
});
