import type { Field } from "../../../provider/framework";
import { attributesOfResource, schemaMessage, writeOnlyProblems } from "../../../provider/terraform/provider/schema";
import { toAttributes } from "../../../provider/terraform/provider/values";
import { thing } from "./toys";

const attribute = (name: string) =>
  schemaMessage(thing.attributes, "").block?.attributes?.find((one) => one.name === name);
const typeOf = (field: Partial<Field>) =>
  attributesOfResource({ fields: { it: { role: "optional", description: "", ...field } as Field } }).get("it")!.type;

test("every kind of field has a type", () => {
  const kinds = ["string", "boolean", "number", "stringMap", "stringSet"] as Field["kind"][];
  expect(kinds.map((kind) => typeOf({ kind }))).toEqual([
    "string",
    "bool",
    "number",
    ["map", "string"],
    ["set", "string"],
  ]);
  expect(typeOf({ kind: "rows", row: { id: "string", isOn: "boolean" } })).toEqual([
    "list",
    ["object", { id: "string", is_on: "bool" }],
  ]);
});

describe("a write-only attribute", () => {
  test("is told to the engine, and the provider gives it no value of its own", () => {
    expect(attribute("password")).toMatchObject({ optional: true, computed: false, sensitive: true, writeOnly: true });
    expect(attribute("size")).toMatchObject({ optional: true, computed: true, writeOnly: false });
  });

  test("is in no state, whatever a resource answers", () => {
    expect(toAttributes(thing.attributes, { name: "a", password: "s3cret" })).toMatchObject({
      name: "a",
      password: null,
    });
  });

  test("is refused where the engine would keep it", () => {
    expect(writeOnlyProblems(thing.attributes, { name: "a" })).toEqual([]);
    expect(writeOnlyProblems(thing.attributes, { name: "a", password: "s3cret" })).toEqual([
      { field: "password", message: expect.stringMatching(/^password must be in no plan and no state.*1\.11/) },
    ]);
  });
});
