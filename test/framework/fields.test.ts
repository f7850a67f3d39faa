import * as z from "zod";
import {
  type AnyLookup,
  attempt,
  defined,
  type Field,
  flag,
  holdsUnknown,
  id,
  isInput,
  name,
  optional,
  output,
  PartialError,
  ResourceError,
  recorded,
  required,
  setOf,
  text,
  UNKNOWN,
  validate,
} from "../../provider/framework";

const description = "A thing.";
/** What is wrong with a value, as a program is told. */
const wrong = (schema: z.ZodType<string>, value: string) =>
  schema.safeParse(value).error?.issues.map((one) => one.message);

describe("a field", () => {
  test("has the kind of its schema", () => {
    const kinds: [z.ZodType, Field["kind"]][] = [
      [z.string(), "string"],
      [z.enum(["a"]), "string"],
      [z.boolean(), "boolean"],
      [z.number(), "number"],
      [z.record(z.string(), z.string()), "stringMap"],
      [z.set(z.string()), "stringSet"],
      [setOf(z.string()), "stringSet"],
    ];
    for (const [schema, kind] of kinds) {
      const field = optional(schema, { description });
      expect(field).toMatchObject({ kind, schema, description });
      expect(field).not.toHaveProperty("row");
    }
    const rows = z.array(z.object({ name: z.string(), count: z.number(), isOpen: z.boolean() }));
    expect(output(rows, { description })).toMatchObject({
      kind: "rows",
      row: { name: "string", count: "number", isOpen: "boolean" },
    });
    expect(() => optional(z.date(), { description })).toThrow("no field can be a zod date");
  });

  test("has the role that it is declared with, and a flag its default where it has one", () => {
    const made = [required, optional, recorded, output].map((make) => make(z.string(), { description }));
    expect(made.map(({ role }) => role)).toEqual(["required", "optional", "recorded", "output"]);
    expect(made.map(isInput)).toEqual([true, true, true, false]);
    expect(flag({ description, defaultValue: false })).toMatchObject({
      role: "flag",
      kind: "boolean",
      defaultValue: false,
    });
    expect(flag({ description })).not.toHaveProperty("defaultValue");
  });
});

test("an id is opaque, but never empty, a path, dots or the nil id: one complaint says which", () => {
  const room = id("a room");
  for (const right of ["1", "a b", "...", " 1", "00000000-0000-0000-0000-000000000001"])
    expect(wrong(room, right)).toBeUndefined();
  for (const [value, complaint] of [
    [" ", "not empty"],
    ["/", 'has no "/"'],
    ["./..", 'has no "/"'],
    [".", "dots alone"],
    ["..", "dots alone"],
    ["00000000-0000-0000-0000-000000000000", "nil id"],
  ] as const)
    expect(wrong(room, value)).toEqual([expect.stringMatching(`^must be the id of a room.*${complaint}`)]);
});

test("names and texts have a length in characters, and nothing that a server would cut", () => {
  expect([wrong(name(3), "😀😀😀"), wrong(text(3), "😀😀😀"), wrong(text(3), " a "), wrong(text(3), "")]).toEqual(
    [1, 2, 3, 4].map(() => undefined),
  );
  expect(wrong(name(3), "abcd")).toEqual(["must have at most 3 characters; it has 4"]);
  expect(wrong(text(3), "abcd")).toEqual(["must have at most 3 characters; it has 4"]);
  for (const blank of ["", " "]) expect(wrong(name(3), blank)).toEqual(["must not be empty"]);
  for (const edge of [" a", "a "]) expect(wrong(name(3), edge)).toEqual(["must not begin or end with a blank"]);
  for (const make of [name, text]) expect(wrong(make(3), "a\0b")).toEqual([expect.stringContaining("NUL")]);
});

test("a set holds each text once", () => {
  const twice = setOf(z.string()).safeParse(["a", "b", "a"]);
  expect(twice.error?.issues.map(({ message }) => message)).toEqual(["must not hold a text twice"]);
  expect(setOf(z.string()).safeParse(["a", "b"]).success).toBe(true);
});

describe("validation", () => {
  const definition = (check?: AnyLookup["check"]): AnyLookup => ({
    name: "getThing",
    description,
    fields: {
      name: required(name(5), { description }),
      tags: optional(setOf(z.string()), { description }),
      size: optional(z.enum(["small", "large"]), { description }),
      serial: output(z.string(), { description }),
    },
    read: async () => ({}),
    ...(check && { check }),
  });
  const problems = (inputs: Record<string, unknown>, check?: AnyLookup["check"]) =>
    validate(definition(check), "Thing", inputs).map(({ field, message }) => `${field}: ${message}`);

  const ofId = {
    name: "x",
    description,
    fields: { room: required(id("a room"), { description }) },
    read: async () => ({}),
  };
  const wrongId = validate(ofId, "Thing", { room: "a/b" });

  test("names the place inside a value, and ends each complaint as a sentence", () => {
    expect(problems({ name: "a", tags: ["x", 5], size: "tiny" })).toEqual([
      "tags: tags.1 is not right: expected string, received number.",
      'size: size must be one of "small", "large".',
    ]);
    expect(wrongId.map(({ message }) => message)).toEqual([expect.stringMatching(/\?\)\.$/)]);
    expect(problems({})).toEqual(["name: name is required: A thing."]);
  });

  test("takes what is left out or not known for nothing wrong, in an output and in a strange field too", () => {
    for (const value of [undefined, null]) expect(problems({ name: "a", serial: value, other: value })).toEqual([]);
    expect(problems({ name: UNKNOWN, serial: UNKNOWN, tags: ["a", UNKNOWN] })).toEqual([]);
    expect(problems({ name: "a", serial: "1", other: false })).toEqual([
      'other: Thing has no field "other". It has: name, tags, size.',
      "serial: serial is set by the provider and cannot be written.",
    ]);
  });

  test("applies a rule across fields once each is right and known, with left-out ones as undefined", () => {
    const seen: unknown[] = [];
    const check = (inputs: Record<string, unknown>) => {
      seen.push(inputs);
      return [{ field: "size", message: "no" }];
    };
    for (const inputs of [{}, { name: UNKNOWN }, { name: "a", tags: [UNKNOWN] }]) problems(inputs, check);
    expect(seen).toEqual([]);
    expect(problems({ name: "a", size: null }, check)).toEqual(["size: no"]);
    expect(seen).toEqual([{ name: "a", size: undefined }]);
  });
});

test("an unknown is found at any depth, and what is left out is not defined", () => {
  for (const value of [UNKNOWN, [UNKNOWN], { a: [{ b: UNKNOWN }] }]) expect(holdsUnknown(value)).toBe(true);
  for (const value of [undefined, null, "a", [], {}, { a: [1] }]) expect(holdsUnknown(value)).toBe(false);
  expect(defined({ a: undefined, b: null, c: 0 })).toEqual({ b: null, c: 0 });
});

test("an error says whose it is, what happened and what to do; one of something made by half keeps its reason", () => {
  const error = new ResourceError("exists", { resource: "Thing", what: "it is there", hint: "Adopt it." });
  expect(String(error)).toBe("ResourceError: Thing: it is there. Adopt it.");
  const half = new PartialError("1", { id: "1" }, error);
  expect([half.name, half.message, half.cause]).toEqual(["PartialError", error.message, error]);
});

test("an attempt that fails is nothing", () => {
  expect([attempt(() => 5), attempt(() => JSON.parse("{"))]).toEqual([5, undefined]);
});
