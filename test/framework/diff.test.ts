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
