import fc from "fast-check";
import { validateConfiguration } from "../../provider/configuration";
import { type Field, isInput, UNKNOWN, type Values, validate } from "../../provider/framework";
import { lifecycles, lookups, resources } from "../../provider/resources";

const ID = "2d9b1c44-0a55-4f0e-8a52-5b0c1c9d7e21";
const NIL = "00000000-0000-0000-0000-000000000000";
const problems = (type: string, inputs: Values) =>
  lifecycles
    .get(type)!
    .validate(inputs)
    .map(({ field, message }) => `${field}: ${message}`);

const whole: Record<string, Values> = {
  Environment: {
    name: "production",
    description: "x",
    tags: { a: "b" },
    archived: false,
    organizationId: ID,
    adopt: true,
    forceDestroy: true,
  },
  Workspace: { name: "team", description: "", tags: {}, organizationId: ID, adopt: false },
  Connection: {
    name: "cluster",
    kind: "kubernetes",
    type: "platform",
    subType: "orchestration",
    status: "not found",
    metadata: { server: "https://a" },
    metadataJson: '{"ports":[443]}',
    credentialId: ID,
  },
  Credential: { name: "prometheus", type: "basic", secret: { username: "u", password: "p" }, secretVersion: 1 },
  ConnectionAssignment: { environmentId: ID, connectionId: "conn-1", organizationId: ID },
  WorkspaceBinding: { workspaceId: ID, environmentId: ID },
  WorkspaceTeam: { workspaceName: "platform", teamId: ID },
};

describe("validation", () => {
  test("knows every resource", () => {
    expect(Object.keys(whole).sort()).toEqual(resources.map(({ name }) => name).sort());
  });

  test.each(Object.entries(whole))("accepts a whole %s", (type, inputs) => {
    expect(problems(type, inputs)).toEqual([]);
  });

  const long = (n: number) => "é".repeat(n);
  test.each<[string, string, unknown, RegExp]>([
    ["Environment", "name", "", /^name must not be empty\.$/],
    ["Environment", "name", "   ", /must not be empty/],
    ["Environment", "name", " production", /must not begin or end with a blank/],
    ["Environment", "name", long(101), /at most 100 characters; it has 101/],
    ["Environment", "name", undefined, /name is required: Name, unique/],
    ["Environment", "name", null, /name is required/],
    ["Environment", "name", 5, /name is not right: expected string, received number/],
    ["Environment", "description", long(1001), /at most 1000 characters; it has 1001/],
    ["Environment", "description", "a\0b", /must not contain the character NUL/],
    ["Environment", "name", "a\0b", /must not contain the character NUL/],
    ["Environment", "description", "text\n[meshery-iac]", /must not have a line that begins with \[meshery-iac\]/],
    ["Environment", "organizationId", "", /must be the id of an organization, not empty/],
    ["Environment", "organizationId", "a/b", /an id has no "\/"/],
    ["Environment", "adopt", "yes", /expected boolean, received string/],
    ["Environment", "owner", ID, /set by the provider and cannot be written/],
    ["Environment", "nmae", "x", /has no field "nmae". It has: name, description, tags, archived, organizationId/],
    ["Workspace", "name", long(256), /at most 255 characters; it has 256/],
    ["Workspace", "description", long(5001), /at most 5000 characters/],
    ["Connection", "kind", "", /must not be empty/],
    ["Connection", "status", "broken", /^status must be one of "discovered", "registered", .*"not found"\.$/],
    ["Connection", "metadata", { a: 1 }, /metadata\.a is not right: expected string, received number/],
    ["Connection", "metadataJson", "{", /metadataJson is not JSON/],
    ["Connection", "metadataJson", "[1]", /must be the JSON text of an object/],
    ["Connection", "metadataJson", '{"server":1}', /both have server; write each key/],
    ["Connection", "credentialId", "", /must be the id of a credential, not empty/],
    ["Credential", "secret", { a: 1 }, /secret\.a is not right: expected string, received number/],
    ["ConnectionAssignment", "connectionId", "", /must be the id of a connection, not empty/],
    ["ConnectionAssignment", "connectionId", " ", /not empty/],
    ["ConnectionAssignment", "connectionId", `${ID}/${ID}`, /did you pass the id of an assignment/],
    ["ConnectionAssignment", "environmentId", NIL, /nil id stands for nothing/],
    ["WorkspaceBinding", "workspaceId", "", /must be the id of a workspace/],
  ])("of %s names the field, %s, and what is wrong (%#)", (type, field, wrong, message) => {
    const found = lifecycles.get(type)!.validate({ ...whole[type], [field]: wrong });
    expect(found).toEqual([{ field, message: expect.stringMatching(message) }]);
  });

  test.each([
    ["Environment", "name", 100],
    ["Environment", "description", 1000],
    ["Workspace", "name", 255],
    ["Workspace", "description", 5000],
    ["Connection", "name", 255],
    ["Connection", "kind", 255],
    ["Connection", "type", 255],
    ["Connection", "subType", 255],
  ])("of %s counts characters of %s as people do, to %i and no further", (type, field, longest) => {
    const of = (length: number) => problems(type, { ...whole[type], tags: undefined, [field]: "😀".repeat(length) });
    expect(of(longest)).toEqual([]);
    expect(of(longest + 1)).toEqual([expect.stringContaining(`at most ${longest} characters; it has ${longest + 1}`)]);
  });

  test("names every field that is wrong at once", () => {
    const found = problems("ConnectionAssignment", { environmentId: "", connectionId: "a/b", what: 1 });
    expect(found.map((text) => text.split(":")[0]).sort()).toEqual(["connectionId", "environmentId", "what"]);
  });

  test.each([
    "8b1f5c0e",
    "env-123",
    "名前",
    "A B",
    "x".repeat(300),
    "0",
  ])("takes any id that could be one: %s", (id) => {
    expect(problems("ConnectionAssignment", { environmentId: id, connectionId: id })).toEqual([]);
  });
});

/** Anything an engine may hand over for a field: right, wrong, left out. */
const anything = fc.oneof(
  fc.constantFrom("", "a/b", "{", "ok", "x".repeat(6000), "deleted", null, undefined),
  fc.boolean(),
  fc.integer(),
  fc.dictionary(fc.string({ maxLength: 3 }), fc.oneof(fc.string({ maxLength: 3 }), fc.integer()), { maxKeys: 2 }),
);
/** An unknown, alone or somewhere inside. */
const unknown = fc.oneof(
  fc.constant(UNKNOWN),
  fc.constant({ a: UNKNOWN }),
  fc.constant({ a: "known", b: UNKNOWN }),
  fc.constant([UNKNOWN]),
);
const valuesFor = (fields: Record<string, Field>, value: fc.Arbitrary<unknown>) =>
  fc.record(Object.fromEntries(Object.keys(fields).map((name) => [name, value])), { requiredKeys: [] });

const declarations = [
  ...resources.map((definition) => ({ name: definition.name, fields: definition.fields, definition })),
  ...lookups.map((definition) => ({ name: definition.name, fields: definition.fields, definition })),
];

describe.each(declarations)("an unknown value of $name", ({ name, fields, definition }) => {
  const acrossFields = definition.check !== undefined || "ends" in definition;

  test("is never complained about, and hides no complaint about others", () => {
    fc.assert(
      fc.property(valuesFor(fields, fc.oneof(anything, unknown)), (inputs) => {
        const holds = (value: unknown): boolean =>
          value === UNKNOWN || (typeof value === "object" && value !== null && Object.values(value).some(holds));
        const found = validate(definition, name, inputs);
        for (const { field, message } of found) {
          expect(message).not.toMatch(/symbol|known after|\[object/i);
          expect([field, holds(inputs[field])]).toEqual([field, false]);
        }
        // Field by field, what is known is judged as if nothing were unknown.
        for (const [field, value] of Object.entries(inputs)) {
          if (holds(value) || value === undefined || value === null || !isInput(fields[field]!)) continue;
          const alone = !fields[field]!.schema.safeParse(value).success;
          expect([field, found.some((problem) => problem.field === field)]).toEqual([
            field,
            alone || (acrossFields && found.some((problem) => problem.field === field)),
          ]);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("may stand in every input at once", () => {
    const inputs = Object.entries(fields).filter(([, field]) => isInput(field));
    expect(validate(definition, name, Object.fromEntries(inputs.map(([field]) => [field, UNKNOWN])))).toEqual([]);
  });
});

test("the provider's configuration may be unknown in every place", () => {
  const keys = ["url", "token", "mesheryProvider", "organizationId", "timeout"];
  expect(validateConfiguration(Object.fromEntries(keys.map((key) => [key, UNKNOWN])))).toEqual([]);
  expect(validateConfiguration({ url: UNKNOWN, timeout: -1 })).toEqual([
    { field: "timeout", message: "timeout must be more than 0 seconds." },
  ]);
});
