import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { type EraName, eraNames } from "../../../provider/server";
import { changes, type RunResult, TestStack } from "../../pulumi-engine";
import { expected, foreignWorld, MesheryServer, remembered, seen } from "../../support/meshery";
import { edited, edits, type Program, program, type Size } from "../../support/programs";
import { Workbench } from "./support/workbench";

jest.setTimeout(600_000);

const SIZE: Size = { environments: 4, workspaces: 3, connections: 3, edges: 10, foreign: 3 };

/** Declares whatever stands in `program.json`, each thing under its address; of a move the engine is not told. */
const DECLARE = `
import { readFileSync } from "node:fs";
const program = JSON.parse(readFileSync("program.json", "utf8"));
const map = (group, make) => Object.fromEntries(Object.entries(group).map(([address, { movedFrom, ...args }]) => [address, make(address, args)]));
const environments = map(program.environments, (address, args) => new meshery.Environment(address, args));
const workspaces = map(program.workspaces, (address, args) => new meshery.Workspace(address, args));
const connections = map(program.connections, (address, args) => new meshery.Connection(address, { ...args, type: "platform" }));
const idOf = (address) => connections[address]?.id ?? meshery.getConnectionOutput({ name: address.replace(":", "-") }).id;
const nameOf = (address) => connections[address]?.name ?? address.replace(":", "-");
const byName = (edge) => edge.by === "name";
map(program.assignments, (address, edge) => new meshery.ConnectionAssignment(address, {
  ...(byName(edge)
    ? { environmentName: environments[edge.environment].name, connectionName: nameOf(edge.connection) }
    : { environmentId: environments[edge.environment].id, connectionId: idOf(edge.connection) }),
}));
map(program.bindings, (address, edge) => new meshery.WorkspaceBinding(address, {
  ...(byName(edge)
    ? { workspaceName: workspaces[edge.workspace].name, environmentName: environments[edge.environment].name }
    : { workspaceId: workspaces[edge.workspace].id, environmentId: environments[edge.environment].id }),
}));
`;

let bench: Workbench;
beforeAll(async () => {
  bench = await Workbench.open();
});
afterAll(() => bench.close());

const trouble = (result: RunResult) =>
  result.messages.filter(
    ({ severity, text }) => severity !== "debug" && !/was kept\. It is declared elsewhere/.test(text),
  );

/** The paths by which a run would delete what its records stand for. */
async function paths(stack: TestStack): Promise<Set<string>> {
  const records = (await stack.resources()).filter(({ id, type }) => id !== undefined && type.includes("meshery"));
  return new Set(
    records.map(({ id = "", type }) => {
      const [one, other] = id.split("/");
      if (type.endsWith(":ConnectionAssignment")) return `/api/environments/${one}/connections/${other}`;
      if (type.endsWith(":WorkspaceBinding")) return `/api/workspaces/${one}/environments/${other}`;
      if (type.endsWith(":Connection")) return `/api/integrations/connections/${id}`;
      return `/api/${type.endsWith(":Environment") ? "environments" : "workspaces"}/${id}`;
    }),
  );
}

/** Descriptions by address, also where an object that no longer manages its own stands under another address. */
function movedDescriptions(previous: Program, current: Program, known: Map<string, string>): Map<string, string> {
  const result = new Map(known);
  for (const group of ["environments", "workspaces"] as const) {
    for (const [address, { name }] of Object.entries(current[group])) {
      const from = Object.keys(previous[group]).find((other) => previous[group][other]!.name === name);
      const text = from === undefined ? undefined : known.get(`${group} ${from}`);
      if (!(address in previous[group]) && text !== undefined) result.set(`${group} ${address}`, text);
    }
  }
  return result;
}

async function play(
  world: { era: EraName; quirks: boolean },
  first: Program,
  steps: readonly { list: Parameters<typeof edited>[1]; replaced: number[] }[],
): Promise<void> {
  const server = await MesheryServer.start({ ...world, world: foreignWorld(SIZE) });
  const folder = bench.program(DECLARE);
  const env = {
    ...bench.environment(),
    MESHERY_URL: server.url,
    MESHERY_TOKEN: server.token,
    MESHERY_PROVIDER: server.mesheryProvider,
  };
  const stack = new TestStack({ programDir: folder, env });
  try {
    const foreign = seen(server);
    let current = first;
    let descriptions = new Map<string, string>();
    for (const { list, replaced } of [{ list: [], replaced: [] }, ...steps]) {
      const before = await paths(stack);
      const previous = current;
      current = edited(current, list, SIZE);
      descriptions = remembered(current, movedDescriptions(previous, current, descriptions));
      writeFileSync(
        join(folder, "program.json"),
        JSON.stringify(current, (key, value) => (key === "movedFrom" ? undefined : value)),
      );
      const edges = (await stack.resources()).filter(({ id }) => id?.includes("/"));
      const replace = edges.length === 0 ? [] : replaced.map((pick) => edges[pick % edges.length]!.urn);
      server.requests.clear();
      const up = await stack.up({ skipPreview: true, replace });
      expect(up.error).toBeUndefined();
      expect(trouble(up)).toEqual([]);
      expect(seen(server)).toEqual(expected(current, foreign, descriptions));
      const after = await paths(stack);
      const deleted = server.requests.list.filter(({ method }) => method === "DELETE").map(({ path }) => path);
      expect(deleted.filter((path) => before.has(path) && after.has(path))).toEqual([]);
      const refreshed = await stack.refresh({ skipPreview: true });
      expect([...changes(refreshed), ...trouble(refreshed)]).toEqual([]);
      expect(refreshed.error).toBeUndefined();
      expect(changes(await stack.preview())).toEqual([]);
    }
    expect((await stack.destroy({ skipPreview: true })).error).toBeUndefined();
    // What was adopted under another address is released rather than deleted.
    const left = (group: Program["environments"]) =>
      Object.fromEntries(Object.entries(group).filter(([, { adopt }]) => adopt));
    const adopted = { environments: left(current.environments), workspaces: left(current.workspaces) };
    const rest: Program = { ...adopted, connections: {}, assignments: {}, bindings: {} };
    expect(seen(server)).toEqual(expected(rest, foreign, descriptions));
  } finally {
    await server.close();
  }
}

const worlds = eraNames.flatMap((era) => [false, true].map((quirks) => ({ era, quirks })));

test.each(worlds)("server and program are the same after each run: $era, quirks $quirks", async (world) => {
  const step = fc.record({
    list: edits(5, { adoption: true, tags: true, archive: true }),
    replaced: fc.array(fc.nat({ max: 1000 }), { maxLength: 2 }),
  });
  await fc.assert(
    fc.asyncProperty(program(SIZE), fc.array(step, { minLength: 1, maxLength: 2 }), (first, steps) =>
      play(world, first, steps),
    ),
    { numRuns: Number(process.env.RANDOM_RUNS ?? 1), endOnFailure: true },
  );
});
