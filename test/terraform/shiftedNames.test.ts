import { describeEngines, type Engine } from "../support/engines";
import { MesheryServer } from "../support/meshery";
import { workdir } from "../support/terraform";

// Resources made by `count` from a list: when the list loses or gains an entry in front, every one of them becomes the next,
// and the engine comes to them in any order, some at a time.

const names = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `n${100 + from + i}`);

interface Shift {
  what: string;
  before: string[];
  after: string[];
  args?: string[];
  /** What the server answers to a name in use; left out: it allows it. */
  duplicateNames?: 409;
  /** The plan is saved, and applied in a command of its own. */
  saved?: true;
}

const shifts: Shift[] = [
  { what: "the first of 25 goes", before: names(0, 25), after: names(1, 25) },
  { what: "one comes before 25", before: names(1, 26), after: names(0, 26) },
  { what: "25 names go round", before: names(0, 25), after: [...names(1, 25), ...names(0, 1)] },
  { what: "the first of 25 goes, from a saved plan", before: names(0, 25), after: names(1, 25), saved: true },
  { what: "the first goes, one at a time", before: names(0, 4), after: names(1, 4), args: ["-parallelism=1"] },
  {
    what: "names go round, one at a time",
    before: names(0, 4),
    after: [...names(1, 4), ...names(0, 1)],
    args: ["-parallelism=1"],
  },
  {
    what: "the first of 8 goes, where names are unique",
    before: names(0, 8),
    after: names(1, 8),
    duplicateNames: 409,
  },
];

const types = {
  environment: { table: "environments", more: {} },
  workspace: { table: "workspaces", more: {} },
  connection: { table: "connections", more: { kind: "kubernetes", type: "platform" } },
} as const;
type Type = keyof typeof types;

const program = (type: Type, list: readonly string[]) =>
  JSON.stringify({
    locals: { names: list },
    resource: {
      [`meshery_${type}`]: {
        all: { count: list.length, name: `\${local.names[count.index]}`, ...types[type].more },
      },
    },
  });

async function shift(
  engine: Engine,
  type: Type,
  { before, after, args = [], duplicateNames, saved }: Shift,
): Promise<void> {
  const server = await MesheryServer.start(duplicateNames === undefined ? {} : { duplicateNames });
  const dir = workdir(server, { "main.tf.json": program(type, before) });
  const table = server.store[types[type].table];
  const called = () => new Map(table.list({ deletedAt: null }).map(({ id, name }) => [id, name]));
  try {
    await dir.apply(engine);
    const ids = new Map([...called()].map(([id, name]) => [name, id]));
    dir.write("main.tf.json", program(type, after));
    if (saved) {
      await dir.succeed(engine, ["plan", "-input=false", "-out=plan.bin"]);
      await dir.succeed(engine, ["apply", "-input=false", "plan.bin"]);
    } else await dir.apply(engine, ...args);

    const now = called();
    expect([...now.values()].sort()).toEqual([...after].sort());
    const stayed = Math.min(before.length, after.length);
    for (let i = 0; i < stayed; i++) expect(now.get(ids.get(before[i]!)!)).toBe(after[i]);
    expect(await dir.planned(engine)).toEqual({});
  } finally {
    dir.remove();
    await server.close();
  }
}

async function shiftEdges(engine: Engine, before: string[], after: string[]): Promise<void> {
  const world = { connections: Object.fromEntries(names(0, 25).map((name) => [name, { kind: "kubernetes" }])) };
  const server = await MesheryServer.start({ world });
  const edges = (list: string[]) =>
    JSON.stringify({
      locals: { names: list },
      data: { meshery_connections: { all: {} } },
      resource: {
        meshery_environment: { one: { name: "one" } },
        meshery_connection_assignment: {
          all: {
            count: list.length,
            environment_id: "${meshery_environment.one.id}",
            connection_id:
              "${{ for c in data.meshery_connections.all.connections : c.name => c.id }[local.names[count.index]]}",
          },
        },
      },
    });
  const dir = workdir(server, { "main.tf.json": edges(before) });
  const assigned = () =>
    server.store.environmentConnections
      .list({ deletedAt: null })
      .map(({ connectionId }) => server.store.connections.get(connectionId)?.name)
      .sort();
  try {
    await dir.apply(engine);
    server.requests.clear();
    dir.write("main.tf.json", edges(after));
    await dir.apply(engine);
    expect(assigned()).toEqual(after);
    const removals = server.requests.list.filter(({ method }) => method === "DELETE");
    expect(removals).toHaveLength(before.filter((name) => !after.includes(name)).length);
    expect(await dir.planned(engine)).toEqual({});
  } finally {
    dir.remove();
    await server.close();
  }
}

/** The name of `first` is looked up after it has it, and before `second` gives it away. */
async function lookUpBetween(engine: Engine, type: Type): Promise<void> {
  const server = await MesheryServer.start();
  const { more } = types[type];
  const objects = (first: string, second: string, lookup: object) =>
    JSON.stringify({
      resource: {
        [`meshery_${type}`]: {
          first: { name: first, ...more },
          second: { name: second, ...more, ...("data" in lookup ? { depends_on: ["terraform_data.seen"] } : {}) },
        },
        ...("data" in lookup ? { terraform_data: { seen: { input: `\${data.meshery_${type}.it.id}` } } } : {}),
      },
      ...lookup,
    });
  const dir = workdir(server, { "main.tf.json": objects("one", "two", {}) });
  try {
    await dir.apply(engine);
    const { id } = server.store[types[type].table].find({ name: "one", deletedAt: null })!;
    const lookup = {
      data: { [`meshery_${type}`]: { it: { name: "two", depends_on: [`meshery_${type}.first`] } } },
      output: { found: { value: "${terraform_data.seen.output}" } },
    };
    dir.write("main.tf.json", objects("two", "one", lookup));
    await dir.apply(engine);
    expect(JSON.parse(await dir.succeed(engine, ["output", "-json", "found"]))).toBe(id);
    expect(await dir.planned(engine)).toEqual({});
  } finally {
    dir.remove();
    await server.close();
  }
}

describeEngines("names that move on along a list", (engine) => {
  const chosen = engine.name === "terraform" ? shifts : shifts.slice(0, 1);
  test.each(chosen)("$what", (it) => shift(engine, "environment", it));
  if (engine.name === "terraform") {
    test.each([
      ["the first of 25 goes", names(0, 25), names(1, 25)],
      ["one comes before 24", names(1, 25), names(0, 25)],
    ])("of assignments, those that stay are never removed: %s", (_, before, after) =>
      shiftEdges(engine, before, after));
    test.each([
      "environment",
      "workspace",
      "connection",
    ] as const)("one of two that change names is looked up: %s", (type) => lookUpBetween(engine, type));
    test.each(["workspace", "connection"] as const)("also of a %s", (type) => shift(engine, type, shifts[0]!));
  }
});
