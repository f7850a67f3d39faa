import { canonicalText } from "./canonical";
import { exactNumber, isDecimal } from "./numbers";
import { type PathStep, typeBytes, type ValueType } from "./types";
import { asElements, asMembers, isPlainObject, mapMembers, mismatch, ValueError } from "./valueError";

/** Checks a value against its type and brings it into the shape in which msgpack has to write it. */
export function encodable(type: ValueType, value: unknown, unknown: unknown, path: readonly PathStep[] = []): unknown {
  if (value === unknown) return unknown;
  if (value === null || value === undefined) return null;
  if (type === "dynamic") return encodableDynamic(value, unknown, path);
  if (typeof type === "string") return encodablePrimitive(type, value, path);
  switch (type[0]) {
    case "list":
      return asElements(value, "list", path).map((part, i) => encodable(type[1], part, unknown, [...path, i]));
    case "set": {
      const parts = asElements(value instanceof Set ? [...value] : value, "set", path).map((part, i) =>
        encodable(type[1], part, unknown, [...path, i]),
      );
      return inFixedOrder(parts, unknown);
    }
    case "tuple": {
      const parts = asElements(value, "tuple", path);
      if (parts.length !== type[1].length) {
        throw new ValueError(path, `a tuple of ${type[1].length} is required, it has ${parts.length}`);
      }
      return type[1].map((partType, i) => encodable(partType, parts[i], unknown, [...path, i]));
    }
    case "map":
      return mapMembers(asMembers(value, "map", path), (part, key) =>
        encodable(type[1], part, unknown, [...path, { key }]),
      );
    case "object":
      return encodableObject(type[1], asMembers(value, "object", path), unknown, path);
  }
}

function encodablePrimitive(type: "string" | "number" | "bool", value: unknown, path: readonly PathStep[]): unknown {
  if (type === "string" && typeof value === "string") return value;
  if (type === "bool" && typeof value === "boolean") return value;
  if (type === "number") {
    // Engines hold 0.1 as written, not as the double next to it; so fractions travel as text, like what is too great.
    if (typeof value === "number" && Number.isFinite(value)) return Number.isSafeInteger(value) ? value : String(value);
    if (typeof value === "bigint" || (typeof value === "string" && isDecimal(value))) {
      const exact = exactNumber(String(value));
      return Number.isSafeInteger(exact) ? exact : String(exact);
    }
  }
  throw mismatch(type, value, path);
}

function encodableObject(
  attributes: { readonly [name: string]: ValueType },
  value: Readonly<Record<string, unknown>>,
  unknown: unknown,
  path: readonly PathStep[],
): unknown {
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(attributes, name)) throw new ValueError([...path, name], "there is no such attribute");
  }
  return mapMembers(attributes, (type, name) => {
    return encodable(type, Object.hasOwn(value, name) ? value[name] : null, unknown, [...path, name]);
  });
}

/** A value whose type only it knows travels with that type. */
function encodableDynamic(value: unknown, unknown: unknown, path: readonly PathStep[]): unknown {
  const type = typeOf(value, unknown, path);
  return [typeBytes(type), encodable(type, value, unknown, path)];
}

function typeOf(value: unknown, unknown: unknown, path: readonly PathStep[]): ValueType {
  if (value === unknown || value === null || value === undefined) return "dynamic";
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number" || typeof value === "bigint") return "number";
  if (Array.isArray(value)) return ["tuple", value.map((part, i) => typeOf(part, unknown, [...path, i]))];
  if (isPlainObject(value)) {
    const attributes = mapMembers(value, (part, name) => typeOf(part, unknown, [...path, name]));
    return ["object", attributes as { [name: string]: ValueType }];
  }
  throw mismatch("value", value, path);
}

// Equal sets give equal bytes. Two unknown elements may turn out different, so each of them counts.
function inFixedOrder(parts: unknown[], unknown: unknown): unknown[] {
  const known = new Map<string, unknown>();
  const open: unknown[] = [];
  for (const part of parts) {
    const text = canonicalText(part, unknown);
    if (text.known) known.set(text.text, part);
    else open.push(part);
  }
  const ordered = [...known].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, part]) => part);
  return [...ordered, ...open];
}
