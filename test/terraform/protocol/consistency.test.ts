import fc, { type Arbitrary } from "fast-check";
import { isWhollyKnown, UNKNOWN } from "../../../provider/terraform/protocol/unknown";
import { createValueCodec } from "../../../provider/terraform/protocol/values";
import {
  type AttributeRules,
  checkApply,
  checkPlan,
  checkState,
  type ObjectRules,
  type ObjectValue,
  violationDiagnostic,
} from "../../support/terraform/consistency";
import { anyType, anyValue } from "./arbitraries";

const codec = createValueCodec();

const given = { configurable: true, computed: false };
const either = { configurable: true, computed: true };
const answered = { configurable: false, computed: true };

const rules: ObjectRules = {
  id: { type: "string", ...answered },
  name: { type: "string", ...given },
  owner: { type: "string", ...either },
  tags: { type: ["map", "string"], ...given },
  zones: { type: ["set", "string"], ...given },
  token: { type: "string", ...given, sensitive: true },
  secret: { type: "string", ...given, writeOnly: true },
};

const nothing = { id: null, name: null, owner: null, tags: null, zones: null, token: null, secret: null };
const object = (some: object) => ({ ...nothing, ...some });
const paths = (violations: readonly { path: readonly unknown[] }[]) => violations.map((violation) => violation.path);

describe("a plan", () => {
  const cases: [string, { prior?: object | null; config: object; planned: object; accepted: boolean }][] = [
    ["repeats the configuration", { config: { name: "a" }, planned: { name: "a", id: UNKNOWN }, accepted: true }],
    ["changes a configured value", { config: { name: "Prod" }, planned: { name: "prod" }, accepted: false }],
    [
      "keeps the prior value as an equivalent",
      { prior: { name: "prod" }, config: { name: "Prod" }, planned: { name: "prod" }, accepted: true },
    ],
    [
      "keeps a prior value that is no longer configured",
      { prior: { name: "a" }, config: {}, planned: { name: "a" }, accepted: false },
    ],
    ["gives a default to an optional attribute", { config: {}, planned: { name: "a" }, accepted: false }],
    ["gives a default to an optional, computed one", { config: {}, planned: { owner: "me" }, accepted: true }],
    ["leaves an optional, computed one open", { config: {}, planned: { owner: UNKNOWN }, accepted: true }],
    [
      "leaves a configured, computed one open",
      { config: { owner: "me" }, planned: { owner: UNKNOWN }, accepted: false },
    ],
    ["leaves an attribute open that is not computed", { config: {}, planned: { name: UNKNOWN }, accepted: false }],
    ["passes an unknown on", { config: { name: UNKNOWN }, planned: { name: UNKNOWN }, accepted: true }],
    [
      "decides on an unknown",
      { prior: { name: "a" }, config: { name: UNKNOWN }, planned: { name: "a" }, accepted: false },
    ],
    [
      "decides on an unknown, computed one",
      { prior: { owner: "a" }, config: { owner: UNKNOWN }, planned: { owner: "a" }, accepted: false },
    ],
    ["puts null for what is configured", { config: { name: "a" }, planned: {}, accepted: false }],
    ["orders a set differently", { config: { zones: ["a", "b"] }, planned: { zones: ["b", "a"] }, accepted: true }],
    ["loses a key of a map", { config: { tags: { a: "1", b: "2" } }, planned: { tags: { a: "1" } }, accepted: false }],
    ["puts an empty map for none", { config: {}, planned: { tags: {} }, accepted: false }],
    ["keeps a write-only value", { config: { secret: "s" }, planned: { secret: "s" }, accepted: false }],
    ["drops a write-only value", { config: { secret: "s" }, planned: {}, accepted: true }],
    ["has another type", { config: { name: "5" }, planned: { name: 5 }, accepted: false }],
  ];

  it.each(cases)("that %s", (_, { prior = null, config, planned, accepted }) => {
    const plan = { prior: prior && object(prior), config: object(config), planned: object(planned) };
    expect(paths(checkPlan(rules, plan))).toEqual(accepted ? [] : [[Object.keys({ ...config, ...planned })[0]]]);
  });

  it("may be absent only together with the configuration", () => {
    expect(checkPlan(rules, { prior: object({}), config: null, planned: null })).toEqual([]);
    expect(checkPlan(rules, { prior: null, config: null, planned: object({}) })).toHaveLength(1);
    expect(checkPlan(rules, { prior: null, config: object({}), planned: null })).toHaveLength(1);
  });

  it("may name for replacement only what exists, and anything on a create", () => {
    const plan = { config: object({ tags: { a: "1" } }), planned: object({ tags: { a: "1" } }) };
    const replaced = [["name"], ["tags", { key: "a" }], ["tags", { key: "b" }], ["nam"], ["name", 0]];
    const found = checkPlan(rules, { ...plan, prior: object({}), requiresReplace: replaced });
    expect(paths(found)).toEqual([["tags", { key: "b" }], ["nam"], ["name", 0]]);
    expect(checkPlan(rules, { ...plan, prior: null, requiresReplace: replaced })).toEqual([]);
  });
});

describe("the result of an apply", () => {
  const cases: [string, { planned: object; result: object; at: unknown[][] }][] = [
    ["completes the plan", { planned: { id: UNKNOWN, name: "a" }, result: { id: "1", name: "a" }, at: [] }],
    ["completes an unknown with null", { planned: { owner: UNKNOWN }, result: {}, at: [] }],
    ["changes a planned value", { planned: { name: "Prod" }, result: { name: "prod" }, at: [["name"]] }],
    ["has an empty text for none", { planned: {}, result: { name: "" }, at: [["name"]] }],
    ["has lost a value", { planned: { name: "a" }, result: {}, at: [["name"]] }],
    ["leaves a value open", { planned: { id: UNKNOWN }, result: { id: UNKNOWN }, at: [["id"]] }],
    ["leaves an inner value open", { planned: { tags: UNKNOWN }, result: { tags: { a: UNKNOWN } }, at: [["tags"]] }],
    ["orders a set differently", { planned: { zones: ["a", "b"] }, result: { zones: ["b", "a"] }, at: [] }],
    ["has another element in a set", { planned: { zones: ["a"] }, result: { zones: ["b"] }, at: [["zones"]] }],
    ["fills in a set", { planned: { zones: ["a", UNKNOWN] }, result: { zones: ["a", "b"] }, at: [] }],
    ["lets elements of a set fall together", { planned: { zones: ["a", UNKNOWN] }, result: { zones: ["a"] }, at: [] }],
    [
      "has more elements in a set",
      { planned: { zones: ["a", UNKNOWN] }, result: { zones: ["a", "b", "c"] }, at: [["zones"]] },
    ],
    [
      "differs in keys of a map",
      {
        planned: { tags: { same: "1", lost: "2", other: "3", open: UNKNOWN } },
        result: { tags: { same: "1", other: "4", new: "5", open: "6" } },
        at: [
          ["tags", { key: "lost" }],
          ["tags", { key: "other" }],
          ["tags", { key: "new" }],
        ],
      },
    ],
    ["keeps a write-only value", { planned: {}, result: { secret: "s" }, at: [["secret"]] }],
    ["has another type", { planned: { id: UNKNOWN }, result: { id: 5 }, at: [["id"]] }],
    ["has an attribute of no schema", { planned: {}, result: { other: 5 }, at: [["other"]] }],
  ];

  it.each(cases)("that %s", (_, { planned, result, at }) => {
    expect(paths(checkApply(rules, { planned: object(planned), result: object(result) }))).toEqual(at);
  });

  it("may be absent only as planned", () => {
    expect(checkApply(rules, { planned: null, result: null })).toEqual([]);
    expect(checkApply(rules, { planned: null, result: object({}) })).toHaveLength(1);
    expect(checkApply(rules, { planned: object({}), result: null })).toHaveLength(1);
  });
});

it("a state is wholly known, of its types, and keeps nothing write-only", () => {
  expect(checkState(rules, null)).toEqual([]);
  expect(checkState(rules, object({ name: "a" }))).toEqual([]);
  const wrong = object({ id: UNKNOWN, zones: "a", secret: "s" });
  expect(new Set(paths(checkState(rules, wrong)).map(String))).toEqual(new Set(["id", "zones", "secret"]));
});

describe("the message", () => {
  const planned = object({ name: "Prod", token: "t0ken", tags: { a: "x".repeat(1_000) } });
  const result = object({ name: "prod", token: "other", tags: { a: "y" } });
  const messages = checkApply(rules, { planned, result }).map((violation) =>
    violationDiagnostic("toy_thing", violation),
  );

  it("names attribute, what was expected and what was received", () => {
    const about = messages.find((message) => message.attribute?.steps?.[0]?.attributeName === "name");
    expect(about?.detail).toBe(
      [
        "toy_thing, name: it is not what was planned.",
        'Expected: "Prod"',
        'Received: "prod"',
        "This is a mistake of the provider, not of the configuration.",
      ].join("\n"),
    );
    expect(about).toMatchObject({ severity: 1, summary: "The provider contradicts itself" });
  });

  it("hides what is sensitive and shortens what is long", () => {
    expect(messages).toHaveLength(3);
    const text = JSON.stringify(messages);
    expect(text).not.toMatch(/t0ken|other/);
    expect(text).toContain("(sensitive)");
    expect(text.length).toBeLessThan(2_000);
  });
});

// A provider that follows the rules, and the same one with a single mistake.

type Row = { rule: AttributeRules; prior: unknown; config: unknown; planned: unknown; result: unknown };

/** One attribute of an honest provider: configured and prior values at random, plan and result as they must be. */
const honestRow: Arbitrary<Row> = fc
  .tuple(anyType(), fc.constantFrom(given, either, answered), fc.boolean())
  .chain(([type, flags, keepsPrior]) => {
    const known = anyValue(type, { unknowns: false });
    const configured = flags.configurable ? anyValue(type) : fc.constant(null);
    return fc.tuple(configured, known, known).map(([config, before, answer]): Row => {
      const rule = { type, ...flags };
      if (config !== null && !isWhollyKnown(config)) {
        return { rule, prior: before, config, planned: config, result: complete(config) };
      }
      if (config !== null) {
        const planned = keepsPrior && before !== null ? before : config;
        return { rule, prior: before, config, planned, result: planned };
      }
      if (!flags.computed) return { rule, prior: before, config, planned: null, result: null };
      const planned = keepsPrior ? before : UNKNOWN;
      return { rule, prior: before, config, planned, result: planned === UNKNOWN ? answer : planned };
    });
  });

/** A completion of a partly unknown value: null is a legal value everywhere. */
function complete(value: unknown): unknown {
  if (value === UNKNOWN) return null;
  if (Array.isArray(value)) return value.map(complete);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, complete(part)]));
}

const honest = fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), honestRow, {
  minKeys: 1,
  maxKeys: 5,
  noNullPrototype: true,
});

function column(rows: Record<string, Row>, name: "prior" | "config" | "planned" | "result"): ObjectValue {
  return Object.fromEntries(Object.entries(rows).map(([attribute, row]) => [attribute, row[name]]));
}

function rulesOf(rows: Record<string, Row>): ObjectRules {
  return Object.fromEntries(Object.entries(rows).map(([attribute, row]) => [attribute, row.rule]));
}

it("never complains about a provider that follows the rules", () => {
  fc.assert(
    fc.property(honest, fc.boolean(), (rows, create) => {
      const kept = Object.values(rows).some((row) => row.planned === row.prior && row.planned !== row.config);
      const prior = create && !kept ? null : column(rows, "prior");
      const [config, planned, result] = [column(rows, "config"), column(rows, "planned"), column(rows, "result")];
      const requiresReplace = Object.keys(rows).map((name) => [name]);
      expect(checkPlan(rulesOf(rows), { prior, config, planned, requiresReplace })).toEqual([]);
      expect(checkApply(rulesOf(rows), { planned, result })).toEqual([]);
    }),
  );
});

it("finds any other value in the place of a known planned one, and names its attribute", () => {
  fc.assert(
    fc.property(honest, fc.nat(), (rows, pick) => {
      const known = Object.entries(rows).filter(([, row]) => isWhollyKnown(row.planned));
      fc.pre(known.length > 0);
      const [name, row] = known[pick % known.length] as [string, Row];
      const other = fc.sample(anyValue(row.rule.type, { unknowns: false }), { numRuns: 1, seed: pick })[0];
      const encoded = (value: unknown) => Buffer.from(codec.encode(row.rule.type, value).msgpack).toString("hex");
      fc.pre(encoded(other) !== encoded(row.planned));
      const result = { ...column(rows, "result"), [name]: other };
      const found = checkApply(rulesOf(rows), { planned: column(rows, "planned"), result });
      expect(new Set(found.map((violation) => violation.path[0]))).toEqual(new Set([name]));
    }),
  );
});
