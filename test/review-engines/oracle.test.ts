/** What a review says is what an apply does: against all access on the server before and after it. */
import fc from "fast-check";
import { readPlan } from "../../provider/review/plans/read";
import { reportOf } from "../../provider/review/report/build";
import { reviewOf } from "../../provider/review/report/review";
import type { Report, ReportObject } from "../../provider/review/report/schema";
import { worldOf } from "../../provider/review/world/session";
import type { MesheryServer as Server } from "../../provider/server";
import { describeEngines, type Engine } from "../support/engines";
import { foreignWorld, MesheryServer } from "../support/meshery";
import { edited, edits, type Program, program, SMALL } from "../support/programs";
import { credentials, workdir } from "../support/terraform";
import { type Access, accessOn, only } from "./oracle";
import { RENDERINGS, type RenderingName, rendered } from "./rendering";

/** How many random edits for each engine and form of a program; more where the environment says so. */
const RUNS = Number(process.env.REVIEW_RUNS ?? 1);

/** An edge that somebody else made: a workspace or connection of others, and an environment of the program. */
interface Foreign {
  binding: boolean;
  pick: number;
  other: number;
}
const foreign = fc.array(fc.record({ binding: fc.boolean(), pick: fc.nat(50), other: fc.nat(50) }), { maxLength: 6 });

function addForeign({ store }: Server, edges: readonly Foreign[]): void {
  const [environments, workspaces, connections] = [store.environments, store.workspaces, store.connections].map(
    (table) =>
      (table.list() as { id: string; name: string; deletedAt: string | null }[]).filter(
        ({ deletedAt }) => deletedAt === null,
      ),
  ) as unknown as [{ id: string }[], { id: string }[], { id: string }[]];
  for (const { binding, pick, other } of edges) {
    const environmentId = environments[pick % environments.length]!.id;
    const [table, row] = binding
      ? [store.workspaceEnvironments, { environmentId, workspaceId: workspaces[other % workspaces.length]!.id }]
      : [store.environmentConnections, { environmentId, connectionId: connections[other % connections.length]!.id }];
    const there = (table.list() as unknown as Record<string, unknown>[]).some((one) =>
      Object.entries(row).every(([key, value]) => one[key] === value),
    );
    if (!there) (table.insert as (one: unknown) => unknown)(row);
  }
}

/** The pairs of a report by the ids that they have, or got by the apply. */
function pairsOf(all: Report["access"]["gained"], { ids }: Access): string[] {
  const id = (kind: string, object: ReportObject) =>
    object.id ?? ids.get(`${kind} ${object.name}`) ?? `no ${kind} ${object.name}`;
  return all.map(({ workspace, connection }) => `${id("workspace", workspace)} ${id("connection", connection)}`).sort();
}

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
    expect(report.access.unknown).toEqual([]);
    expect(pairsOf(report.access.gained, after)).toEqual(only(after.workspaces, before.workspaces));
    expect(pairsOf(report.access.lost, before)).toEqual(only(before.workspaces, after.workspaces));
  } finally {
    dir.remove();
    await server.close();
  }
}

describeEngines("a review and the apply after it", (engine) => {
  test.each(RENDERINGS)("agree, and nothing is called unknown: %s", async (how) => {
    await fc.assert(
      fc.asyncProperty(program(SMALL), edits(8), foreign, (first, list, edges) =>
        play(engine, first, list, edges, how),
      ),
      { numRuns: RUNS, endOnFailure: true },
    );
  });
});
