import fc, { type Arbitrary } from "fast-check";
import type { ValueType } from "../../../provider/terraform/protocol/types";
import { UNKNOWN } from "../../../provider/terraform/protocol/unknown";

export interface TypedValue {
  type: ValueType;
  value: unknown;
}

const attributeName = fc.stringMatching(/^[a-z][a-z_]{0,5}$/);
// The msgpack library refuses this one name as a key of a map; Meshery would too.
const key = fc.string({ maxLength: 6 }).filter((text) => text !== "__proto__");

/** Any type, of modest depth. */
export function anyType({ dynamic = true } = {}): Arbitrary<ValueType> {
  const { type } = fc.letrec<{ type: ValueType }>((tie) => ({
    type: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constantFrom<ValueType>("string", "number", "bool", ...(dynamic ? (["dynamic"] as const) : [])),
      fc.tuple(fc.constantFrom("list", "set", "map"), tie("type")) as Arbitrary<ValueType>,
      fc.dictionary(attributeName, tie("type"), { maxKeys: 4 }).map((attributes): ValueType => ["object", attributes]),
    ),
  }));
  return type;
}

export interface ValueOptions {
  unknowns?: boolean;
  nulls?: boolean;
}

/** Any value of a type, in the form the codec reads it. */
export function anyValue(type: ValueType, options: ValueOptions = {}): Arbitrary<unknown> {
  const { unknowns = true, nulls = true } = options;
  const whole = wholeValue(type, options);
  const others = [...(unknowns ? [UNKNOWN] : []), ...(nulls ? [null] : [])];
  return others.length
    ? fc.oneof({ weight: 6, arbitrary: whole }, { weight: 1, arbitrary: fc.constantFrom<unknown>(...others) })
    : whole;
}

function wholeValue(type: ValueType, options: ValueOptions): Arbitrary<unknown> {
  switch (type) {
    case "string":
      return fc.string({ unit: "grapheme", maxLength: 12 });
    case "bool":
      return fc.boolean();
    case "number":
      return fc.oneof(
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (n === 0 ? 0 : n)),
        fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }).map(String),
      );
    case "dynamic":
      return fc.oneof(fc.string({ maxLength: 5 }), fc.boolean(), fc.array(fc.integer(), { maxLength: 3 }));
  }
  if (typeof type === "string") throw new Error(`no values of ${type}`);
  switch (type[0]) {
    case "list":
      return fc.array(anyValue(type[1], options), { maxLength: 4 });
    case "set":
      return fc.uniqueArray(anyValue(type[1], options), { maxLength: 4, comparator: "SameValueZero" });
    case "map":
      return fc.dictionary(key, anyValue(type[1], options), { maxKeys: 4, noNullPrototype: true });
    case "tuple":
      return fc.tuple(...type[1].map((part) => anyValue(part, options)));
    case "object":
      return fc.record(
        Object.fromEntries(Object.entries(type[1]).map(([name, part]) => [name, anyValue(part, options)])),
        {
          noNullPrototype: true,
        },
      );
  }
}

export function typedValue(options: ValueOptions = {}): Arbitrary<TypedValue> {
  return anyType().chain((type) => anyValue(type, options).map((value) => ({ type, value })));
}
