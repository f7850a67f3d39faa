import fc from "fast-check";
import * as z from "zod";
import {
  differences,
  type Fields,
  flag,
  holds,
  optional,
  output,
  projected,
  recorded,
  refreshed,
  required,
  sameValue,
  setOf,
  UNKNOWN,
} from "../../provider/framework";

const fields = {
  name: required(z.string(), { description: "Name." }),
  description: optional(z.string(), { description: "Text." }),
  organizationId: recorded(z.string(), { description: "Organization.", onChange: "replace" }),
  environmentId: required(z.string(), { description: "End.", onChange: "end" }),
  metadata: optional(z.record(z.string(), z.string()), { description: "Map." }),
  metadataJson: optional(z.string(), { description: "JSON.", compare: "json" }),
  status: optional(z.string(), { description: "Creation only.", compare: "never" }),
  forceDestroy: flag({ description: "Flag.", defaultValue: false }),
  adopted: output(z.boolean(), { description: "Output." }),
} satisfies Fields;

const state = {
  name: "a",
  description: "d",
  organizationId: "o",
  environmentId: "e",
  metadata: { a: "1", b: "2" },
  forceDestroy: false,
  adopted: true,
};
const changed = (inputs: Record<string, unknown>) =>
  differences(fields, state, inputs).map(({ field, change }) => `${field}:${change}`);

describe("comparison from the declarations", () => {
  test("finds nothing where the program says what is there", () => {
    expect(changed({ name: "a", description: "d", environmentId: "e" })).toEqual([]);
  });
  test("does not manage what is left out", () => {
    expect(changed({ name: "a", environmentId: "e" })).toEqual([]);
  });
  test("says what a change means", () => {
    expect(changed({ name: "b", organizationId: "p", environmentId: "f" })).toEqual([
      "name:update",
      "organizationId:replace",
      "environmentId:end",
    ]);
  });
  test("counts only declared keys of metadata", () => {
    expect(changed({ name: "a", environmentId: "e", metadata: { a: "1" } })).toEqual([]);
    expect(changed({ name: "a", environmentId: "e", metadata: { a: "2" } })).toEqual(["metadata:update"]);
  });
  test("takes nothing, an empty text and an empty map for the same", () => {
    const empty = { name: "a", environmentId: "e", description: null, metadata: undefined };
    expect(
      differences(fields, empty, { name: "a", environmentId: "e", description: "", metadata: {}, metadataJson: "{}" }),
    ).toEqual([]);
  });
  test("takes lists in metadata whole: one that has more, fewer or others is another", () => {
    const json = (text: string, metadataJson: string) =>
      differences(fields, { ...state, metadataJson: text }, { name: "a", environmentId: "e", metadataJson }).length;
    expect(json('{"ports":[80,443]}', '{"ports":[80,443]}')).toBe(0);
    expect(json('{"ports":[80,443]}', '{"ports":[80]}')).toBe(1);
    expect(json('{"ports":[80]}', '{"ports":[80,443]}')).toBe(1);
    expect(json('{"ports":[80,443]}', '{"ports":[443,80]}')).toBe(1);
    expect(json('{"ports":{"0":80}}', '{"ports":[80]}')).toBe(1);
    expect(json('{"ports":[80]}', '{"ports":{"0":80}}')).toBe(1);
  });
  test("never compares status", () => {
    expect(changed({ name: "a", environmentId: "e", status: "connected" })).toEqual([]);
  });
  test("takes an unknown value for a possible change", () => {
    expect(changed({ name: UNKNOWN, environmentId: "e" })).toEqual(["name:update"]);
  });
  test("sees a flag that is taken out of the program", () => {
    expect(differences(fields, { ...state, forceDestroy: true }, { name: "a", environmentId: "e" })).toEqual([
      { field: "forceDestroy", change: "update" },
    ]);
  });
});

describe("a difference", () => {
  const one = (field: Fields[string], there: unknown, wanted: unknown) =>
    differences({ field }, { field: there, other: 1 }, { field: wanted }).length === 1;
  const description = "";

  test("is none of an output or of a write-only value, whatever is written", () => {
    expect(one(output(z.string(), { description }), "a", "b")).toBe(false);
    expect(one(optional(z.string(), { description, writeOnly: true, versionField: "v" }), undefined, "b")).toBe(false);
  });

  test("of a flag is one from its default, unless it has none or a rule of its own", () => {
    const [off, none] = [flag({ description, defaultValue: false }), flag({ description })];
    const own = flag({ description, defaultValue: false, differs: (state, wanted) => state.other === wanted });
    expect([one(off, undefined, false), one(off, null, undefined), one(off, false, null)]).toEqual([
      false,
      false,
      false,
    ]);
    expect([one(off, undefined, true), one(off, true, undefined), one(off, false, UNKNOWN)]).toEqual([
      true,
      true,
      true,
    ]);
    expect([one(none, true, undefined), one(none, true, false)]).toEqual([false, true]);
    expect([one(own, true, 1), one(own, true, false)]).toEqual([true, false]);
  });

  test("of a set of texts is one of its members", () => {
    const field = optional(setOf(z.string()), { description });
    const members = fc.array(fc.constantFrom("a", "b", "c"));
    fc.assert(
      fc.property(members, members, (there, wanted) => {
        const sorted = (texts: string[]) => [...new Set(texts)].sort();
        expect(one(field, there, wanted)).toBe(String(sorted(there)) !== String(sorted(wanted)));
      }),
    );
    expect([one(field, [], UNKNOWN), one(field, ["a"], null)]).toEqual([true, false]);
    expect([one(field, undefined, []), one(field, null, ["a"]), one(field, "a", ["a"])]).toEqual([false, true, true]);
    expect(one(field, ["a"], ["a", UNKNOWN])).toBe(true);
  });

  test("of a number, a truth or rows is one of the value itself", () => {
    for (const schema of [z.number(), z.boolean(), z.array(z.object({}))]) {
      const field = optional(schema, { description });
      expect([one(field, 0, 0), one(field, undefined, 0), one(field, 1, 0)]).toEqual([false, true, true]);
    }
  });

  test("of JSON text is one of what it holds, and one that cannot be read differs from all but itself", () => {
    const field = fields.metadataJson;
    expect([one(field, "{", "{"), one(field, "{", "{}"), one(field, "{}", "{")]).toEqual([false, true, true]);
    expect([one(field, "{", "["), one(field, '{"a":[1,2]}', '{"a":[1,3]}')]).toEqual([true, true]);
    expect([one(field, undefined, "{}"), one(field, "", "{}"), one(field, null, "")]).toEqual([false, false, false]);
    expect([one(field, '{"a":1}', ""), one(field, "", '{"a":1}')]).toEqual([false, true]);
    for (const there of ["null", "1", "[]", '{"a":null}', '{"a":[]}', '{"a":"b"}', '{"b":1}'])
      expect([there, one(field, there, '{"a":{"b":1}}')]).toEqual([there, true]);
    expect(one(field, '{"a":{"b":1,"c":2}}', '{"a":{"b":1}}')).toBe(false);
    expect([one(field, '{"a":null}', '{ "a": null }'), one(field, '{"a":1}', '{"a":null}')]).toEqual([false, true]);
  });

  test("of a map with a value that is not known yet is one", () => {
    expect(one(fields.metadata, { a: "1" }, { a: UNKNOWN })).toBe(true);
    expect(one(fields.metadata, { a: UNKNOWN }, { a: UNKNOWN })).toBe(true);
    expect([one(fields.metadata, undefined, {}), one(fields.metadata, null, { a: "1" })]).toEqual([false, true]);
  });
});

test("nothing, an empty text, an empty map and no members are the same, on either side", () => {
  const kinds = { string: ["", "a"], stringMap: [{}, { a: "1" }], stringSet: [[], ["a"]] } as const;
  for (const [kind, [empty, full]] of Object.entries(kinds) as [keyof typeof kinds, readonly unknown[]][]) {
    for (const one of [undefined, null, empty]) {
      for (const other of [undefined, null, empty]) expect(sameValue({ kind }, one, other)).toBe(true);
      expect(sameValue({ kind }, one, full)).toBe(false);
      // Of a map only the wanted keys count.
      expect(sameValue({ kind }, full, one)).toBe(kind === "stringMap");
    }
  }
});

describe("a refresh", () => {
  const json = fc
    .jsonValue({ maxDepth: 3 })
    .filter((value) => typeof value === "object" && value !== null && !Array.isArray(value));

  test("keeps the program's spelling where it means the same", () => {
    const spelled = { id: "1", ...state, metadataJson: '{ "ports": [1] }' };
    const live = {
      name: "a",
      description: "d",
      metadata: { a: "1", b: "2", c: "3" },
      metadataJson: '{"ports":[1],"x":2}',
    };
    expect(refreshed({ fields }, spelled, live)).toEqual(spelled);
  });
  test("shows a drift only of declared keys", () => {
    const live = { metadata: { a: "9", c: "3" } };
    expect(refreshed({ fields }, { id: "1", ...state }, live).metadata).toEqual({ a: "9" });
  });
  test("takes no key for one that every object has", () => {
    const declared = { ...state, id: "1", metadata: { constructor: "x", region: "a" } };
    expect(refreshed({ fields }, declared, { metadata: { region: "a" } }).metadata).toEqual({ region: "a" });
  });
  test("leaves out what the program left out", () => {
    const { description: _, ...without } = { id: "1", ...state };
    expect(refreshed({ fields }, without, { description: "somebody's" }).description).toBeUndefined();
  });
  test("shows what the server tells of an output, also nothing, and keeps what it does not tell", () => {
    const remembered = { id: "1", ...state };
    expect(refreshed({ fields }, remembered, { adopted: false }).adopted).toBe(false);
    expect(refreshed({ fields }, remembered, { adopted: undefined }).adopted).toBeUndefined();
    expect(refreshed({ fields }, { id: "1" }, { adopted: true })).toEqual({ id: "1", adopted: true });
    expect(refreshed({ fields }, remembered, { id: "2", strange: true })).toEqual(remembered);
    expect(refreshed({ fields }, { id: "1", description: null }, { forceDestroy: true, description: "d" })).toEqual({
      id: "1",
      description: null,
    });
    expect(refreshed({ fields }, { id: "1", forceDestroy: null }, { forceDestroy: true }).forceDestroy).toBeNull();
    expect(refreshed({ fields }, { ...remembered, description: null }, { description: "d" }).description).toBeNull();
  });
  test("leaves alone what was for creation only, and compares a flag by its value", () => {
    const own = { ...fields, adopt: flag({ description: "", differs: () => false }) };
    const before = { id: "1", status: "registered", adopt: true };
    expect(refreshed({ fields: own }, before, { status: "connected", adopt: false })).toEqual({
      ...before,
      adopt: false,
    });
  });
  test("shows a value that is no map, or no JSON, as it is", () => {
    const show = (name: keyof typeof fields, before: unknown, live: unknown) => projected(fields[name], before, live);
    expect([show("metadata", { a: "1" }, undefined), show("metadata", undefined, { a: "1" })]).toEqual([
      undefined,
      { a: "1" },
    ]);
    expect([show("metadataJson", "{", '{"a":1}'), show("metadataJson", '{"a":1}', "{")]).toEqual(['{"a":1}', "{"]);
    expect(show("metadataJson", '{"a":[1],"b":{"c":1}}', '{"a":[2,3],"b":{"c":2,"d":3},"e":4}')).toBe(
      '{"a":[2,3],"b":{"c":2}}',
    );
    expect([show("metadataJson", undefined, '{"a":1}'), show("name", "a", "b")]).toEqual(["{}", "b"]);
  });
  test("shows any other value as it is", () => {
    for (const kind of ["string", "stringSet", "boolean", "number", "rows"] as const)
      expect(projected({ kind }, ["before"], ["live"])).toEqual(["live"]);
  });
  test("twice is the same as once", () => {
    const value = fc.constantFrom<unknown>(undefined, null, "", "a", '{"a":1}', '{"a":{"b":2},"c":3}', { a: "1" }, {});
    const values = fc.record(Object.fromEntries(Object.keys(fields).map((name) => [name, value])));
    fc.assert(
      fc.property(values, values, (before, live) => {
        const once = refreshed({ fields }, { ...before, id: "1" }, live);
        expect(refreshed({ fields }, once, live)).toEqual(once);
      }),
    );
  });
  test("shows what then compares as different, and only that", () => {
    fc.assert(
      fc.property(json, json, (declared, live) => {
        const field = fields.metadataJson;
        const [before, now] = [JSON.stringify(declared), JSON.stringify(live)];
        const shown = projected(field, before, now);
        expect(sameValue(field, shown, before)).toBe(holds(live, declared));
      }),
    );
  });
});
