import { type AnyResource, type Field, isInput, type State, type Values } from "../../provider/framework";
import { lifecycles, resources } from "../../provider/resources";
import { type End, relationNamed } from "../../provider/resources/shared/relation";
import { EMPTY_MARKER } from "../../provider/resources/shared/wire";
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

async function inputsOf(
  server: MesheryServer,
  { fields, relation, ends }: AnyResource,
  moment: Moment,
  by: "id" | "name",
): Promise<Values> {
  const inputs: Values = {};
  const ofEnds = new Set(ends?.flatMap(({ id, names }) => [id, ...names]));
  for (const [name, field] of Object.entries(fields)) {
    if (!isInput(field)) continue;
    if (name === "organizationId") inputs[name] = server.organizationId;
    else if (!ofEnds.has(name)) inputs[name] = inputOf(name, field, moment);
  }
  if (relation === undefined) return inputs;
  for (const end of [relationNamed(relation).parent, relationNamed(relation).child])
    inputs[by === "id" ? end.field : end.name] = by === "id" ? await idNamed(server, end, moment) : moment;
  return inputs;
}

const idNamed = async (server: MesheryServer, { type }: Pick<End, "type">, name: string) =>
  (await rows(server, type.rows)).find((row) => row.name === name)?.id;

/** Whether this version of the API has what a resource joins. */
const isKnown = ({ relation }: AnyResource, era: EraName): boolean =>
  relation === undefined || (ONLY_IN[relationNamed(relation).child.type.rows]?.includes(era) ?? true);

const writeOnly = ({ fields }: AnyResource) => Object.keys(fields).filter((name) => fields[name]!.writeOnly);

/** What a state must hold of what was written. */
const kept = (resource: AnyResource, inputs: Values): Values =>
  Object.fromEntries(Object.entries(inputs).filter(([name]) => !writeOnly(resource).includes(name)));

function expectNotIn(state: State, resource: AnyResource, inputs: Values): void {
  for (const name of writeOnly(resource)) {
    expect(state).not.toHaveProperty(name);
    for (const text of Object.values(inputs[name] as object)) expect(JSON.stringify(state)).not.toContain(text);
  }
}
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
async function onServer(server: MesheryServer, resource: AnyResource, inputs: Values, moment: Moment): Promise<Values> {
  const { fields, relation } = resource;
  if (relation !== undefined) {
    const { parent, child } = relationNamed(relation);
    return {
      [parent.field]: await idNamed(server, parent, moment),
      [child.field]: await idNamed(server, child, moment),
    };
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
    const value = compare === "json" ? JSON.parse(String(inputs[name] || "{}")) : inputs[name];
    const both = typeof value === "object" && !Array.isArray(value);
    expected[wire.key] = both ? { ...(expected[wire.key] as Values | undefined), ...value } : value;
  }
  return expected;
}

/** The optional texts that a program may write as empty ones. */
const clearable = ({ fields }: AnyResource) =>
  Object.entries(fields).filter(
    ([, { role, kind, schema }]) => role === "optional" && kind === "string" && schema.safeParse("").success,
  );

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
    resources.flatMap((resource) =>
      (resource.ends ? (["id", "name"] as const) : (["id"] as const)).map(
        (by) => [resource.name, by, resource] as const,
      ),
    ),
  )("every input of %s (by %s) is on the server, and in a refresh", async (type, by, resource) => {
    const inputs = await inputsOf(server, resource, "before", by);
    if (!isKnown(resource, era)) {
      await expect(benchFor(server).create(type, inputs)).rejects.toMatchObject({ code: "missing" });
      return;
    }
    const state = await benchFor(server).create(type, inputs);
    expect(state).toMatchObject(kept(resource, inputs));
    expectNotIn(state, resource, inputs);
    expect(await rowOf(server, resource, state)).toMatchObject(await onServer(server, resource, inputs, "before"));
    expect(await benchFor(server).read(type, state)).toEqual(state);
    expect(lifecycles.get(type)!.diff(state, inputs)).toEqual([]);

    const changed = await inputsOf(server, resource, "after", by);
    const next = await benchFor(server).update(type, state, changed);
    expect(next).toMatchObject(kept(resource, changed));
    expectNotIn(next, resource, changed);
    expect(await rowOf(server, resource, next)).toMatchObject(await onServer(server, resource, changed, "after"));
    expect(await benchFor(server).read(type, next)).toEqual(next);
    const onServerAfter = await onServer(server, resource, changed, "after");
    // Servers replace a whole object: what the program no longer says of it, or never did, stays, but where the whole is meant.
    for (const [key, value] of Object.entries(await onServer(server, resource, inputs, "before"))) {
      if (typeof value !== "object") continue;
      const keys = Object.keys((await rowOf(server, resource, next))![key] as object);
      const whole = Object.values(resource.fields).some(
        ({ wire, compare }) => wire?.key === key && compare === "whole",
      );
      if (whole) expect(keys).toEqual(Object.keys(onServerAfter[key] as object));
      else expect(keys).toEqual(expect.arrayContaining(Object.keys(value as object)));
    }

    await benchFor(server).remove(type, next);
    expect(await benchFor(server).read(type, next)).toBeUndefined();
  });
});

const habits = [{}, { textsStay: true }, { emptyDescriptionRefused: true }];

describe.each(
  eraNames.flatMap((era) => habits.map((quirks) => ({ era, quirks }))),
)("in $era, quirks $quirks", (options) => {
  let server: MesheryServer;
  beforeEach(async () => {
    server = await MesheryServer.start({ ...options, world, admin: true });
  });
  afterEach(() => server.close());

  test.each(
    resources.flatMap((resource) => clearable(resource).map(([name, field]) => ({ resource, name, field }))),
  )("an empty $name of $resource.name is on the server, and in a refresh", async ({ resource, name, field }) => {
    const type = resource.name;
    const whole = await inputsOf(server, resource, "before", "id");
    // What stands in the same text on the server is tried by itself.
    const isBeside = (other: string) =>
      other !== name && field.compare !== "json" && resource.fields[other]!.wire?.key === field.wire!.key;
    const written = Object.fromEntries(Object.entries(whole).filter(([other]) => !isBeside(other)));
    const cleared = { ...written, [name]: "" };
    const holdsNothing = async (state: State) => {
      expect(state).toMatchObject(cleared);
      const { [name]: _, ...others } = cleared;
      expect(await rowOf(server, resource, state)).toMatchObject(await onServer(server, resource, others, "before"));
      // Of an object only what the program says is managed: what it says no longer stays.
      if (field.compare !== "json")
        expect(["", ...(field.wire!.clearedBy === "marker" ? [EMPTY_MARKER] : [])]).toContain(
          (await rowOf(server, resource, state))![field.wire!.key],
        );
      expect(await benchFor(server).read(type, state)).toEqual(state);
      for (const inputs of [cleared, others]) expect(lifecycles.get(type)!.diff(state, inputs)).toEqual([]);
    };
    const made = await benchFor(server).create(type, cleared);
    await holdsNothing(made);
    await benchFor(server).remove(type, made);

    const state = await benchFor(server).create(type, written);
    const update = () => benchFor(server).update(type, state, cleared);
    if (field.wire!.clearedBy !== "never") return holdsNothing(await update());
    await expect(update()).rejects.toMatchObject({ code: "invalid-input", details: { field: name } });
    expect(await rowOf(server, resource, state)).toMatchObject(await onServer(server, resource, written, "before"));
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
