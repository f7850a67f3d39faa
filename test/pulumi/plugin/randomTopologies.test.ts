import fc from "fast-check";
import { type EraName, eraNames } from "../../../provider/server";
import { changes } from "../../pulumi-engine";
import { expected, foreignWorld, remembered, seen } from "../../support/meshery";
import { edited, edits, LARGE, type Program, program, type Size, SMALL } from "../../support/programs";
import { applied, PluginBench, toYaml } from "./support/bench";

interface Play {
  era: EraName;
  quirks: boolean;
  size: Size;
}

async function play(
  { era, quirks, size }: Play,
  first: Program,
  lists: readonly Parameters<typeof edited>[1][],
): Promise<void> {
  const bench = await PluginBench.open({ era, quirks, world: foreignWorld(size) });
  try {
    const foreign = seen(bench.server);
    let current = first;
    let descriptions = new Map<string, string>();
    const stack = await bench.stack("test engine", toYaml(first));
    for (const list of [[], ...lists]) {
      current = edited(current, list, size);
      descriptions = remembered(current, descriptions);
      stack.setYaml(toYaml(current));
      await applied(stack);
      expect(seen(bench.server)).toEqual(expected(current, foreign, descriptions));
      expect(changes(await stack.preview())).toEqual([]);
    }
    const refreshed = await stack.refresh({ skipPreview: true });
    expect(refreshed.steps.filter(({ op }) => op !== "same")).toEqual([]);
    expect(changes(await stack.preview())).toEqual([]);
    const destroyed = await stack.destroy({ skipPreview: true });
    expect(destroyed.error).toBeUndefined();
    expect(seen(bench.server)).toEqual(foreign);
  } finally {
    await bench.close();
  }
}

const ALL = { tags: true, archive: true };
const worlds = eraNames.flatMap((era) => [false, true].map((quirks) => ({ era, quirks })));

describe("random topologies and edits between them, through the plugin's process", () => {
  test.each(
    worlds,
  )("server and program are the same after each up, and the next preview is empty: $era, quirks $quirks", async (world) => {
    await fc.assert(
      fc.asyncProperty(
        program(SMALL),
        fc.array(edits(8, ALL), { minLength: 1, maxLength: world.quirks ? 1 : 2 }),
        (first, lists) => play({ ...world, size: SMALL }, first, lists),
      ),
      { numRuns: 1, endOnFailure: true },
    );
  });

  test("also of the largest size", async () => {
    await fc.assert(
      fc.asyncProperty(program(LARGE), edits(40, ALL), (first, list) =>
        play({ era: "E3", quirks: false, size: LARGE }, first, [list]),
      ),
      { numRuns: 1, endOnFailure: true },
    );
  });
});
