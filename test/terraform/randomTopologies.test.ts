import fc from "fast-check";
import { type EraName, eraNames } from "../../provider/server";
import { describeEngines, type Engine, type Workdir } from "../support/engines";
import { addTwins, expected, foreignWorld, holdTwins, MesheryServer, remembered, seen } from "../support/meshery";
import { edited, edits, foreignName, LARGE, type Program, program, type Size, SMALL } from "../support/programs";
import { type Rendering, toTerraform, workdir } from "../support/terraform";

interface Play {
  engine: Engine;
  era: EraName;
  quirks: boolean;
  size: Size;
}
interface Style {
  createBeforeDestroy: boolean;
  byLookup: boolean;
  /** Which of the edges that stay are replaced by force: every so manyeth; 0 for none. */
  replaceEvery: number;
  /** Whether an environment that stays is replaced by force, too. Its name is free only once it is destroyed. */
  replaceEnvironment: boolean;
  /** Whether there is a second provider block, and half of the edges change over at each step. */
  twoProviders: boolean;
}

/** Every assignment and binding on the server, as the path by which it would be removed. */
function edgesOf(server: MesheryServer): Set<string> {
  const alive = <Row extends { deletedAt: string | null }>(rows: readonly Row[]) =>
    rows.filter((row) => row.deletedAt === null);
  return new Set([
    ...alive(server.store.environmentConnections.list()).map(
      (edge) => `/api/environments/${edge.environmentId}/connections/${edge.connectionId}`,
    ),
    ...alive(server.store.workspaceEnvironments.list()).map(
      (edge) => `/api/workspaces/${edge.workspaceId}/environments/${edge.environmentId}`,
    ),
    ...alive(server.store.environments.list()).map(({ id }) => `/api/environments/${id}`),
    ...alive(server.store.workspaces.list()).map(({ id }) => `/api/workspaces/${id}`),
  ]);
}

async function play(
  { engine, era, quirks, size }: Play,
  first: Program,
  changes: readonly Parameters<typeof edited>[1][],
  { createBeforeDestroy, byLookup, replaceEvery, replaceEnvironment, twoProviders }: Style,
): Promise<void> {
  const server = await MesheryServer.start({ era, quirks, world: foreignWorld(size) });
  const rendering: Rendering = { byLookup, lifecycle: createBeforeDestroy ? { create_before_destroy: true } : {} };
  let dir: Workdir | undefined;
  try {
    const foreign = seen(server);
    let current = first;
    let descriptions = new Map<string, string>();
    dir = workdir(server, {});
    for (const [step, list] of [[], ...changes].entries()) {
      const previous = current;
      // One block does not know what another one moves away from an environment that it removes, and whose name is then not free.
      current = edited(current, list, size, { freed: !replaceEnvironment && !twoProviders });
      const underOther = (address: string) =>
        (address.length + Number(/\d+$/.exec(address)?.[0] ?? 0) + step) % 2 === 0;
      foreign.connections.push(...addTwins(server, current));
      dir.write("main.tf.json", toTerraform(current, twoProviders ? { ...rendering, underOther } : rendering));
      const staying = (group: "assignments" | "environments") =>
        list.length === 0 ? [] : Object.keys(current[group]).filter((address) => address in previous[group]);
      // One block does not know what another one moves away from an environment that it removes.
      const replaces = replaceEnvironment && !createBeforeDestroy && !twoProviders;
      const anew = staying("environments").slice(0, replaces ? 1 : 0);
      const replaced = [
        ...staying("assignments")
          .filter((_, i) => replaceEvery > 0 && i % replaceEvery === 0)
          .map((address) => `meshery_connection_assignment.${address}`),
        ...anew.map((address) => `meshery_environment.${address}`),
      ];
      // What is made anew has no description but the one that is declared.
      for (const address of anew) descriptions.delete(`environments ${address}`);
      descriptions = remembered(current, descriptions);
      const before = edgesOf(server);
      // An assignment that is replaced by force really goes.
      const replacedPairs = new Set(
        replaced.flatMap((address) => pathOf(server, previous, address.replace("meshery_connection_assignment.", ""))),
      );
      server.requests.clear();
      const args = replaced.map((address) => `-replace=${address}`);
      if (twoProviders) await applyBlocks(dir, engine, current, args);
      else await dir.apply(engine, ...args);
      const removed = server.requests.list.filter(({ method }) => method === "DELETE").map(({ path }) => path);
      // What changes its provider block and its address may be missing until the next apply.
      if (twoProviders) await dir.apply(engine);
      expect(seen(server)).toEqual(expected(current, foreign, descriptions));
      expect(holdTwins(server)).toEqual([]);
      // What both programs declare was there all the time: nobody even asked for its removal.
      const kept = edgesOf(server);
      const promised = (path: string) =>
        before.has(path) && kept.has(path) && !replacedPairs.has(path) && !(twoProviders && isEdge(path));
      expect(removed.filter(promised)).toEqual([]);
      expect(await dir.planned(engine)).toEqual({});
    }
    await dir.destroy(engine);
    expect(seen(server)).toEqual({ ...foreign, connections: foreign.connections.sort() });
  } finally {
    dir?.remove();
    await server.close();
  }
}

/**
 * Applies two provider blocks. One of them may remove an environment from which edges of the other one move away: these are applied
 * first, then. Or it renames environments after the other one has planned edges of them, by name or of their ids' names: the engine
 * stops at such an edge before anything of it is written, and the next apply makes it.
 */
async function applyBlocks(dir: Workdir, engine: Engine, program: Program, args: string[]): Promise<void> {
  const { code, stderr } = await dir.run(engine, ["apply", "-auto-approve", "-input=false", "-no-color", ...args]);
  if (code === 0 || onlyInconsistent(stderr)) return;
  if (!/was not deleted: it is still used by/.test(stderr)) throw new Error(stderr);
  const edges = [
    ...Object.keys(program.assignments).map((address) => `meshery_connection_assignment.${address}`),
    ...Object.keys(program.bindings).map((address) => `meshery_workspace_binding.${address}`),
  ];
  await dir.apply(engine, ...edges.map((address) => `-target=${address}`));
}

/** Whether what stopped is what one block planned of objects whose names the other one hands on. */
const onlyInconsistent = (stderr: string): boolean =>
  stderr
    .split("Error: ")
    .slice(1)
    .every((error) => error.startsWith("Provider produced inconsistent final plan"));

/** Of an assignment, the path by which it would be removed. */
function pathOf({ store }: MesheryServer, program: Program, address: string): string[] {
  const edge = program.assignments[address];
  if (!edge) return [];
  const environment = store.environments.find({ name: program.environments[edge.environment]!.name, deletedAt: null });
  const name = edge.connection.startsWith("foreign:")
    ? foreignName(Number(edge.connection.slice("foreign:".length)))
    : program.connections[edge.connection]!.name;
  const connection = store.connections.find({ name, deletedAt: null });
  return [`/api/environments/${environment!.id}/connections/${connection!.id}`];
}

const isEdge = (path: string) => /\/(environments|workspaces)\/[^/]+\/(connections|environments)\//.test(path);

const worlds = eraNames.flatMap((era) => [false, true].map((quirks) => ({ era, quirks })));
const style: fc.Arbitrary<Style> = fc.record({
  createBeforeDestroy: fc.boolean(),
  byLookup: fc.boolean(),
  replaceEvery: fc.constantFrom(0, 1, 2),
  replaceEnvironment: fc.boolean(),
  twoProviders: fc.boolean(),
});
const editing = { adoption: true, twins: true, tags: true };

describeEngines("random topologies and edits between them", (engine) => {
  const runs = (era: EraName, quirks: boolean) => (engine.name !== "terraform" || quirks ? 1 : era === "E3" ? 3 : 2);
  const chosen =
    engine.name === "terraform"
      ? worlds
      : worlds.filter(({ era, quirks }) => era === "E3" || (era === "docs" && !quirks));

  test.each(
    chosen,
  )("server and program are the same, nothing declared is ever absent, the next plan is empty: $era, quirks $quirks", async ({
    era,
    quirks,
  }) => {
    await fc.assert(
      fc.asyncProperty(
        program(SMALL),
        fc.array(edits(8, editing), { minLength: 1, maxLength: 2 }),
        style,
        (first, changes, how) => play({ engine, era, quirks, size: SMALL }, first, changes, how),
      ),
      { numRuns: runs(era, quirks), endOnFailure: true },
    );
  });

  test.each(["E3", "docs"] as const)("also of the largest size: %s", async (era) => {
    await fc.assert(
      fc.asyncProperty(program(LARGE), edits(40, editing), style, (first, list, how) =>
        play({ engine, era, quirks: false, size: LARGE }, first, [list], how),
      ),
      { numRuns: 1, endOnFailure: true },
    );
  });
});
