import fc from "fast-check";
import type { EraName } from "../../provider/server";
import { describeEngines, type Engine, type Workdir } from "../support/engines";
import { expected, foreignWorld, MesheryServer, remembered, seen } from "../support/meshery";
import { edited, edits, LARGE, type Program, program, type Size, SMALL } from "../support/programs";
import { toTerraform, workdir } from "../support/terraform";

interface Play {
  engine: Engine;
  era: EraName;
  quirks: boolean;
  size: Size;
  createBeforeDestroy?: boolean;
}

async function play(
  { engine, era, quirks, size, createBeforeDestroy }: Play,
  first: Program,
  changes: readonly Parameters<typeof edited>[1][],
): Promise<void> {
  const server = await MesheryServer.start({ era, quirks, world: foreignWorld(size) });
  const lifecycle = createBeforeDestroy ? { create_before_destroy: true } : {};
  let dir: Workdir | undefined;
  try {
    const foreign = seen(server);
    let current = first;
    let descriptions = new Map<string, string>();
    dir = workdir(server, {});
    for (const list of [[], ...changes]) {
      current = edited(current, list, size);
      descriptions = remembered(current, descriptions);
      dir.write("main.tf.json", toTerraform(current, lifecycle));
      await dir.apply(engine);
      expect(seen(server)).toEqual(expected(current, foreign, descriptions));
      expect(await dir.planned(engine)).toEqual({});
    }
    await dir.destroy(engine);
    expect(seen(server)).toEqual(foreign);
  } finally {
    dir?.remove();
    await server.close();
  }
}

const worlds = (["E3", "docs", "E1", "E2", "cloud"] as const).flatMap((era) =>
  [false, true].map((quirks) => ({ era, quirks })),
);

describeEngines("random topologies and edits between them", (engine) => {
  const runs = engine.name === "terraform" ? 2 : 1;
  const chosen =
    engine.name === "terraform"
      ? worlds
      : worlds.filter(({ era, quirks }) => era === "E3" || (era === "docs" && !quirks));

  test.each(
    chosen,
  )("server and program are the same after each apply, and the next plan is empty: $era, quirks $quirks", async ({
    era,
    quirks,
  }) => {
    await fc.assert(
      fc.asyncProperty(
        program(SMALL),
        fc.array(edits(6), { minLength: 1, maxLength: 2 }),
        fc.boolean(),
        (first, changes, createBeforeDestroy) =>
          play({ engine, era, quirks, size: SMALL, createBeforeDestroy }, first, changes),
      ),
      { numRuns: quirks ? 1 : runs, endOnFailure: true },
    );
  });

  test.each(["E3", "docs"] as const)("also of the largest size: %s", async (era) => {
    await fc.assert(
      fc.asyncProperty(program(LARGE), edits(40), (first, list) =>
        play({ engine, era, quirks: false, size: LARGE }, first, [list]),
      ),
      { numRuns: 1, endOnFailure: true },
    );
  });
});
