import fc, { type Arbitrary } from "fast-check";
import type { ObjectType, RowType, ScalarType, ValueType } from "../../../provider/terraform/protocol/types";
import { UNKNOWN } from "../../../provider/terraform/protocol/unknown";

type AnyType = ValueType | ObjectType | RowType;

export interface TypedValue {
  type: ValueType | ObjectType;
  value: unknown;
}

const attributeName = fc.stringMatching(/^[a-z][a-z_]{0,5}$/);
// The msgpack library refuses this one name as a key of a map; Meshery would too.
const key = fc.string({ maxLength: 6 }).filter((text) => text !== "__proto__");

const scalar = fc.constantFrom<ScalarType>("string", "number", "bool");

/** Any type that an attribute can have. */
export function anyType(): Arbitrary<ValueType> {
  return fc.oneof(
    scalar,
    fc.constantFrom<ValueType>(["map", "string"], ["set", "string"]),
    fc
      .dictionary(attributeName, scalar, { maxKeys: 4, noNullPrototype: true })
      .map((attributes): ValueType => ["list", ["object", attributes]]),
  );
}

/** The type of any whole object. */
const anyObjectType: Arbitrary<ObjectType> = fc
  .dictionary(attributeName, anyType(), { maxKeys: 5, noNullPrototype: true })
  .map((attributes): ObjectType => ["object", attributes]);

export interface ValueOptions {
  unknowns?: boolean;
  nulls?: boolean;
}

/** Any value of a type, in the form the codec reads it. */
export function anyValue(type: AnyType, options: ValueOptions = {}): Arbitrary<unknown> {
  const { unknowns = true, nulls = true } = options;
  const whole = wholeValue(type, options);
  const others = [...(unknowns ? [UNKNOWN] : []), ...(nulls ? [null] : [])];
  return others.length
    ? fc.oneof({ weight: 6, arbitrary: whole }, { weight: 1, arbitrary: fc.constantFrom<unknown>(...others) })
    : whole;
}

function wholeValue(type: AnyType, options: ValueOptions): Arbitrary<unknown> {
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
  }
  switch (type[0]) {
    case "list":
      return fc.array(anyValue(type[1], options), { maxLength: 4 });
    case "set":
      return fc.uniqueArray(anyValue(type[1], options), { maxLength: 4, comparator: "SameValueZero" });
    case "map":
      return fc.dictionary(key, anyValue(type[1], options), { maxKeys: 4, noNullPrototype: true });
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
  return fc.oneof(anyType(), anyObjectType).chain((type) => anyValue(type, options).map((value) => ({ type, value })));
}
