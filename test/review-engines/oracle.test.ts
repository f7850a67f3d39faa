/** What a review says is what an apply does: against all access on the server before and after it. */
import fc from "fast-check";
import { readPlan } from "../../provider/review/plans/read";
import { reportOf } from "../../provider/review/report/build";
import { reviewOf } from "../../provider/review/report/review";
import { worldOf } from "../../provider/review/world/session";
import { describeEngines, type Engine } from "../support/engines";
import { foreignWorld, MesheryServer } from "../support/meshery";
import { edited, edits, type Program, program, SMALL } from "../support/programs";
import { credentials, workdir } from "../support/terraform";
import { addForeign, expectTrue, type Foreign } from "./compare";
import { accessOn } from "./oracle";
import { RENDERINGS, type RenderingName, rendered } from "./rendering";

/** How many random edits for each engine and form of a program; more where the environment says so. */
const RUNS = Number(process.env.REVIEW_RUNS ?? 1);
const TIME = 300_000 + RUNS * 60_000; // milliseconds

const foreign = fc.array(fc.record({ binding: fc.boolean(), pick: fc.nat(50), other: fc.nat(50) }), { maxLength: 6 });

async function play(
  engine: Engine,
  first: Program,
  list: Parameters<typeof edited>[1],
  edges: readonly Foreign[],
  how: RenderingName,
) {
  const server = await MesheryServer.start({ world: foreignWorld(SMALL) });
  const dir = workdir(server, { "main.tf.json": rendered(first, how) });
  try {
    await dir.apply(engine);
    addForeign(server, edges);
    const second = edited(first, list, SMALL, { freed: true });
    for (const object of [...Object.values(second.environments), ...Object.values(second.workspaces)])
      delete object.adopt;
    dir.write("main.tf.json", rendered(second, how));
    await dir.planJson(engine);
    const shown = await dir.succeed(engine, ["show", "-json", "plan.bin"]);
    const before = accessOn(server);
    const plans = [readPlan(Buffer.from(shown), "plan.json")];
    const world = await worldOf(plans, { env: credentials(server), offline: false });
    const report = reportOf(reviewOf(plans, world), []);
    await dir.succeed(engine, ["apply", "-input=false", "-no-color", "plan.bin"]);
    const after = accessOn(server);
    expectTrue(report, before, after);
  } finally {
    dir.remove();
    await server.close();
  }
}

describeEngines("a review and the apply after it", (engine) => {
  test.each(RENDERINGS)(
    "agree, and nothing is called unknown: %s",
    async (how) => {
      await fc.assert(
        fc.asyncProperty(program(SMALL), edits(8), foreign, (first, list, edges) =>
          play(engine, first, list, edges, how),
        ),
        { numRuns: RUNS, endOnFailure: true },
      );
    },
    TIME,
  );
});
