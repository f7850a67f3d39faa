import { type AnyResource, type Field, isInput, type State, type Values } from "../../provider/framework";
import { lifecycles, resources } from "../../provider/resources";
import { relationNamed } from "../../provider/resources/shared/relation";
import { type EraName, eraNames } from "../../provider/server";
import { MesheryServer } from "../support/meshery";
import { benchFor } from "../support/session";

// Whatever a program writes reaches the server, in every version of its API, and comes back by a refresh. What is written follows
// from the declarations, and the server is asked from behind: no resource and no field is named here.

const world = {
  connections: { before: { kind: "kubernetes" }, after: { kind: "kubernetes" } },
  environments: { before: {}, after: {} },
  workspaces: { before: {}, after: {} },
  teams: { before: {}, after: {} },
};
/** Kinds of ends that not every version of the API has: an edge to one is refused there. Only Meshery Cloud tells of teams. */
const ONLY_IN: Readonly<Record<string, readonly EraName[]>> = { teams: ["docs", "cloud"] };
type Moment = "before" | "after";
type Row = Values & { id: string; name?: string };

const rows = async (server: MesheryServer, table: string): Promise<Row[]> => {
  const answer = await fetch(`${server.url}/__admin/store/${table}`);
  expect([table, answer.status]).toEqual([table, 200]);
  return ((await answer.json()) as Row[]).filter((row) => row.deletedAt === null || row.deletedAt === undefined);
};

/** A value for a field: another one after an update, where an update can change it in place. */
function inputOf(name: string, field: Field, moment: Moment): unknown {
  const changes = field.onChange !== "replace" && field.compare !== "never";
  const word = `${changes ? moment : "always"} ${name}`;
  const { entries } = field.schema.def as { entries?: Record<string, string> };
  if (field.compare === "json") return JSON.stringify({ [`of ${name}`]: [word], deep: { [word]: 1 } });
  switch (field.kind) {
    case "string":
      return entries ? Object.values(entries)[1] : word;
    case "stringMap":
      return moment === "before" ? { a: word, b: word } : { a: word };
    case "stringSet":
      return [word, "of both"];
    case "boolean":
      return moment === "before";
    case "number":
      return moment === "before" ? 1 : 2;
    case "rows":
      throw new Error(`${name}: no input has rows`);
    default:
      return field.kind satisfies never;
  }
}

async function inputsOf(server: MesheryServer, { fields, relation }: AnyResource, moment: Moment): Promise<Values> {
  const inputs: Values = {};
  for (const [name, field] of Object.entries(fields)) {
    if (!isInput(field)) continue;
    if (name === "organizationId") inputs[name] = server.organizationId;
    else if (field.onChange !== "end") inputs[name] = inputOf(name, field, moment);
  }
  if (relation === undefined) return inputs;
  for (const { field, type } of [relationNamed(relation).parent, relationNamed(relation).child])
    inputs[field] = (await rows(server, type.rows)).find((row) => row.name === moment)?.id;
  return inputs;
}

/** Whether this version of the API has what a resource joins. */
const isKnown = ({ relation }: AnyResource, era: EraName): boolean =>
  relation === undefined || (ONLY_IN[relationNamed(relation).child.type.rows]?.includes(era) ?? true);

/** A map, or a switch that is on, as words of one line. */
const wordsOf = (name: string, value: unknown): string =>
  typeof value === "object"
    ? Object.entries(value as Record<string, string>)
        .map(([key, text]) => `${key}=${encodeURIComponent(text)}`)
        .join(" ")
    : value === true
      ? name
      : "";

/** What the server must hold of what was written: each value under its key on the wire. */
function onServer({ fields, relation }: AnyResource, inputs: Values): Values {
  if (relation !== undefined) {
    const { parent, child } = relationNamed(relation);
    return { [parent.field]: inputs[parent.field], [child.field]: inputs[child.field] };
  }
  const expected: Values = {};
  for (const [name, { wire, compare }] of Object.entries(fields)) {
    if (!wire || inputs[name] === undefined) continue;
    const text = inputs[wire.key];
    // What has no field of its own on the server stands in a text of another.
    if (wire.key !== name && typeof text === "string") {
      const [was, words] = [String(expected[wire.key] ?? ""), wordsOf(name, inputs[name])];
      expected[wire.key] = was.includes("\n")
        ? was.replace("] ", `] ${words}${words && " "}`)
        : `${text}\n[meshery-iac] ${words}`;
      continue;
    }
    const value = compare === "json" ? JSON.parse(String(inputs[name])) : inputs[name];
    const both = typeof value === "object" && !Array.isArray(value);
    expected[wire.key] = both ? { ...(expected[wire.key] as Values | undefined), ...value } : value;
  }
  return expected;
}

/** The row that the server has of a state, wherever it keeps it. */
async function rowOf(server: MesheryServer, { name, relation }: AnyResource, state: State): Promise<Row | undefined> {
  if (relation === undefined) return (await rows(server, `${name.toLowerCase()}s`)).find((row) => row.id === state.id);
  const { parent, child } = relationNamed(relation);
  return (await rows(server, `${relation}s`)).find(
    (row) => row[parent.field] === state[parent.field] && row[child.field] === state[child.field],
  );
}

describe.each(eraNames)("in %s", (era) => {
  let server: MesheryServer;
  beforeEach(async () => {
    server = await MesheryServer.start({ era, world, admin: true });
  });
  afterEach(() => server.close());

  test.each(
    resources.map((resource) => [resource.name, resource] as const),
  )("every input of %s is on the server, and in a refresh", async (type, resource) => {
    const inputs = await inputsOf(server, resource, "before");
    if (!isKnown(resource, era)) {
      await expect(benchFor(server).create(type, inputs)).rejects.toMatchObject({ code: "missing" });
      return;
    }
    const state = await benchFor(server).create(type, inputs);
    expect(state).toMatchObject(inputs);
    expect(await rowOf(server, resource, state)).toMatchObject(onServer(resource, inputs));
    expect(await benchFor(server).read(type, state)).toEqual(state);
    expect(lifecycles.get(type)!.diff(state, inputs)).toEqual([]);

    const changed = await inputsOf(server, resource, "after");
    const next = await benchFor(server).update(type, state, changed);
    expect(next).toMatchObject(changed);
    expect(await rowOf(server, resource, next)).toMatchObject(onServer(resource, changed));
    expect(await benchFor(server).read(type, next)).toEqual(next);
    // Servers replace a whole object: what the program no longer says of it, or never did, stays.
    for (const [key, value] of Object.entries(onServer(resource, inputs)))
      if (typeof value === "object")
        expect(Object.keys((await rowOf(server, resource, next))![key] as object)).toEqual(
          expect.arrayContaining(Object.keys(value as object)),
        );

    await benchFor(server).remove(type, next);
    expect(await benchFor(server).read(type, next)).toBeUndefined();
  });
});

test("a field without a wire is no declaration", async () => {
  const { objectType } = await import("../../provider/resources/shared/objectType");
  const { optional, text } = await import("../../provider/framework");
  const region = optional(text(100), { description: "Region." });
  const declared = () =>
    objectType({
      name: "Thing",
      fields: { region },
      identity: ["name"],
      path: "/api/things",
      rows: "things",
      exampleId: "1",
      exampleName: "thing",
    });
  expect(declared).toThrow("region of Thing has no `wire`");
});
