import fc from "fast-check";
import { type State, UNKNOWN, type Values } from "../../provider/framework";
import { lifecycles } from "../../provider/resources";
import { type EraName, eraNames } from "../../provider/server";
import { addTwins, expected, foreignWorld, holdTwins, MesheryServer, remembered, seen } from "../support/meshery";
import { edited, edits, foreignName, LARGE, type Program, program, type Size, SMALL } from "../support/programs";
import { type Bench, benchFor } from "../support/session";

type Records = Map<string, { type: string; state: State }>;

/** What an engine does with a program: creates and updates as their references are known, deletes last, dependents first. */
class Engine {
  records: Records = new Map();

  constructor(private readonly server: MesheryServer) {}

  async apply(program: Program): Promise<number> {
    const bench = benchFor(this.server);
    const next: Records = new Map();
    let changes = 0;
    const bring = async (type: string, address: string, written: Values) => {
      const old = this.records.get(`${type} ${address}`)?.state;
      const planned = await bench.withEnds(type, old, written);
      // An end that only the apply finds is a difference.
      const differences = old ? lifecycles.get(type)!.diff(old, planned) : [];
      const inputs = Object.fromEntries(Object.entries(planned).filter(([, value]) => value !== UNKNOWN));
      if (!old || differences.length > 0) changes++;
      const state = old
        ? differences.length > 0
          ? await bench.update(type, old, inputs)
          : old
        : await bench.create(type, inputs);
      next.set(`${type} ${address}`, { type, state });
      return state.id;
    };
    const objects = async (type: string, group: Record<string, Values>) =>
      new Map(
        await Promise.all(
          Object.entries(group).map(
            async ([address, inputs]) => [address, await bring(type, address, inputs)] as const,
          ),
        ),
      );
    const [environments, workspaces, connections] = await Promise.all([
      objects("Environment", program.environments as never),
      objects("Workspace", program.workspaces as never),
      objects(
        "Connection",
        Object.fromEntries(
          Object.entries(program.connections).map(([address, c]) => [address, { ...c, type: "platform" }]),
        ),
      ),
    ]);
    await Promise.all([
      ...Object.entries(program.assignments).map(([address, edge]) =>
        bring("ConnectionAssignment", address, this.assignmentOf(program, edge, environments, connections)),
      ),
      ...Object.entries(program.bindings).map(([address, edge]) =>
        bring("WorkspaceBinding", address, bindingOf(program, edge, workspaces, environments)),
      ),
    ]);
    const gone = [...this.records].filter(([address]) => !next.has(address)).map(([, record]) => record);
    changes += gone.length;
    await this.remove(bench, gone);
    this.records = next;
    return changes;
  }

  /** What a plan after a refresh in a new process would show. */
  async drift(): Promise<string[]> {
    const bench = benchFor(this.server);
    const found: string[] = [];
    await Promise.all(
      [...this.records].map(async ([address, { type, state }]) => {
        const live = await bench.read(type, state);
        if (!live) found.push(`${address} is gone`);
        else if (JSON.stringify(live) !== JSON.stringify(state))
          found.push(`${address}: ${JSON.stringify(state)} became ${JSON.stringify(live)}`);
      }),
    );
    return [...found, ...bench.warnings.map((warning) => warning.summary)];
  }

  async destroy(): Promise<void> {
    await this.remove(benchFor(this.server), [...this.records.values()]);
    this.records.clear();
  }

  private async remove(bench: Bench, records: { type: string; state: State }[]): Promise<void> {
    const edges = records.filter(({ type }) => lifecycles.get(type)!.definition.ends);
    const objects = records.filter(({ type }) => !lifecycles.get(type)!.definition.ends);
    await Promise.all(edges.map(({ type, state }) => bench.remove(type, state)));
    await Promise.all(objects.map(({ type, state }) => bench.remove(type, state)));
  }

  private assignmentOf(
    program: Program,
    edge: Program["assignments"][string],
    environments: Ids,
    connections: Ids,
  ): Values {
    const name = edge.connection.startsWith("foreign:")
      ? foreignName(Number(edge.connection.slice("foreign:".length)))
      : program.connections[edge.connection]!.name;
    if (edge.by === "name") {
      const isTwin = program.twins?.map(foreignName).includes(name);
      return {
        environmentName: program.environments[edge.environment]!.name,
        connectionName: name,
        ...(isTwin ? { connectionKind: "kubernetes" } : {}),
      };
    }
    const foreign = this.server.store.connections.list().find((row) => row.name === name);
    return {
      environmentId: environments.get(edge.environment),
      connectionId: connections.get(edge.connection) ?? foreign!.id,
    };
  }
}

type Ids = ReadonlyMap<string, string>;

const bindingOf = (program: Program, edge: Program["bindings"][string], workspaces: Ids, environments: Ids): Values =>
  edge.by === "name"
    ? {
        workspaceName: program.workspaces[edge.workspace]!.name,
        environmentName: program.environments[edge.environment]!.name,
      }
    : { workspaceId: workspaces.get(edge.workspace), environmentId: environments.get(edge.environment) };

async function play(
  options: { era: EraName; quirks?: boolean; provider?: string },
  first: Program,
  changes: readonly Parameters<typeof edited>[1][],
  size: Size,
): Promise<void> {
  const server = await MesheryServer.start({ ...options, world: foreignWorld(size) });
  try {
    const foreign = seen(server);
    const engine = new Engine(server);
    let current = first;
    let descriptions = new Map<string, string>();
    for (const list of [[], ...changes]) {
      current = edited(current, list, size);
      foreign.connections.push(...addTwins(server, current));
      descriptions = remembered(current, descriptions);
      await engine.apply(current);
      expect(seen(server)).toEqual(expected(current, foreign, descriptions));
      expect(holdTwins(server)).toEqual([]);
      expect(await engine.drift()).toEqual([]);
      expect(await engine.apply(current)).toBe(0);
    }
    await engine.destroy();
    expect(seen(server)).toEqual({ ...foreign, connections: foreign.connections.sort() });
  } finally {
    await server.close();
  }
}

const ALL = { tags: true, archive: true, twins: true };
const worlds = eraNames.flatMap((era) => [false, true].map((quirks) => ({ era, quirks })));

describe("random topologies and edits between them", () => {
  test.each(worlds)("server and program are the same after each apply: $era, quirks $quirks", async ({
    era,
    quirks,
  }) => {
    await fc.assert(
      fc.asyncProperty(program(SMALL), fc.array(edits(6, ALL), { minLength: 1, maxLength: 3 }), (first, changes) =>
        play({ era, quirks }, first, changes, SMALL),
      ),
      { numRuns: quirks ? 4 : 15, endOnFailure: true },
    );
  });

  test.each(["E3", "E1"] as const)("also with the provider Local of %s", async (era) => {
    await fc.assert(
      fc.asyncProperty(program(SMALL), fc.array(edits(6, ALL), { minLength: 1, maxLength: 3 }), (first, changes) =>
        play({ era, provider: "Local" }, first, changes, SMALL),
      ),
      { numRuns: 10, endOnFailure: true },
    );
  });

  test("also of the largest size", async () => {
    await fc.assert(
      fc.asyncProperty(program(LARGE), edits(40, ALL), (first, list) =>
        play({ era: "E3", quirks: false }, first, [list], LARGE),
      ),
      { numRuns: 3, endOnFailure: true },
    );
  });
});
