import fc from "fast-check";
import { UNKNOWN } from "../../../provider/framework";
import { configurationValues, stackKey } from "../../../provider/pulumi/shared/configuration";
import { fromEngine, toEngine, toEngineObject, UNKNOWN_VALUES } from "../../../provider/pulumi/shared/values";
import { UNKNOWNS } from "../../pulumi-engine";

const leaf = fc.oneof(
  fc.string(),
  fc.boolean(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constant(null),
  fc.constant(UNKNOWN),
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie("tree"), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie("tree"), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

describe("values of the engine", () => {
  test("come back as they were, unknowns at any depth included", () => {
    fc.assert(fc.property(tree, (value) => expect(fromEngine(toEngine(value))).toEqual(value)));
  });

  test("are unknown by any of the engine's seven strings", () => {
    expect(new Set(Object.values(UNKNOWN_VALUES))).toEqual(UNKNOWNS);
    for (const text of UNKNOWNS)
      expect(fromEngine({ a: [{ b: text }, text] })).toEqual({ a: [{ b: UNKNOWN }, UNKNOWN] });
  });

  test("leave undefined out, and refuse what the protocol would garble", () => {
    expect(toEngineObject({ a: undefined, b: { c: undefined, d: [undefined] } })).toEqual({ b: { d: [null] } });
    const refused: [unknown, RegExp][] = [
      [() => 1, /^a\.b\[0\] is a function/],
      [1n, /^a\.b\[0\] is a bigint/],
      [Symbol("s"), /^a\.b\[0\] is a symbol/],
      [new Date(0), /^a\.b\[0\] is a Date/],
      [new Map(), /^a\.b\[0\] is a Map/],
      [Number.NaN, /^a\.b\[0\] is NaN/],
      [Number.POSITIVE_INFINITY, /^a\.b\[0\] is Infinity/],
    ];
    for (const [value, message] of refused) expect(() => toEngineObject({ a: { b: [value] } })).toThrow(message);
  });
});

describe("the configuration as it comes from a stack", () => {
  const read = (given: Record<string, unknown>) => configurationValues((key) => given[stackKey(key)]);

  test("is text, and numbers are read from it", () => {
    expect(read({ "meshery:url": "http://m", "meshery:timeout": "2.5", "meshery:token": "t", other: "x" })).toEqual({
      values: { url: "http://m", timeout: 2.5, token: "t" },
      problems: [],
    });
    expect(read({ "meshery:timeout": 3 }).values).toEqual({ timeout: 3 });
  });

  test("leaves out what is empty or not known yet", () => {
    expect(read({ "meshery:url": "", "meshery:token": UNKNOWN, "meshery:timeout": null })).toEqual({
      values: {},
      problems: [],
    });
  });

  test("says what cannot be read, and never throws", () => {
    for (const timeout of ["soon", "  ", "NaN", true, {}]) {
      expect(read({ "meshery:timeout": timeout })).toEqual({
        values: {},
        problems: [{ field: "timeout", message: "timeout must be a number." }],
      });
    }
  });
});
