import { exactNumber, isDecimal } from "./numbers";
import type { ObjectType, PathStep, ScalarType, ValueType } from "./types";
import { asElements, asMembers, mapMembers, mismatch, ValueError } from "./valueError";

type Path = readonly PathStep[];

/** Checks a value against its type and brings it into the shape in which msgpack has to write it. */
export function encodable(type: ValueType | ObjectType, value: unknown, unknown: unknown, path: Path = []): unknown {
  if (value === unknown) return unknown;
  if (value === null || value === undefined) return null;
  if (typeof type === "string") return encodableScalar(type, value, path);
  switch (type[0]) {
    case "list":
      return asElements(value, "list", path).map((part, i) => encodable(type[1], part, unknown, [...path, i]));
    case "set":
      return encodableSet(asElements(value instanceof Set ? [...value] : value, "set", path), unknown, path);
    case "map":
      return mapMembers(asMembers(value, "map", path), (part, key) =>
        encodable(type[1], part, unknown, [...path, { key }]),
      );
    case "object":
      return encodableObject(type[1], asMembers(value, "object", path), unknown, path);
    default:
      return type satisfies never;
  }
}

function encodableScalar(type: ScalarType, value: unknown, path: Path): unknown {
  switch (type) {
    case "string":
      if (typeof value === "string") return value;
      break;
    case "bool":
      if (typeof value === "boolean") return value;
      break;
    case "number": {
      // Engines hold 0.1 as written, not as the double next to it; so fractions travel as text, like what is too great.
      const text = typeof value === "number" || typeof value === "bigint" ? String(value) : value;
      if (typeof text !== "string" || !isDecimal(text)) break;
      const exact = exactNumber(text);
      return Number.isSafeInteger(exact) ? exact : String(exact);
    }
    default:
      return type satisfies never;
  }
  throw mismatch(type, value, path);
}

function encodableObject(
  attributes: ObjectType[1],
  value: Readonly<Record<string, unknown>>,
  unknown: unknown,
  path: Path,
): unknown {
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(attributes, name)) throw new ValueError([...path, name], "there is no such attribute");
  }
  return mapMembers(attributes, (type, name) => {
    return encodable(type, Object.hasOwn(value, name) ? value[name] : null, unknown, [...path, name]);
  });
}

/** Equal sets give equal bytes. Two unknown elements may turn out different, so each of them counts. */
function encodableSet(elements: readonly unknown[], unknown: unknown, path: Path): unknown[] {
  const parts = elements.map((part, i) => encodable("string", part, unknown, [...path, i]));
  const known = new Set(parts.filter((part) => part !== unknown));
  return [...[...known].sort(), ...parts.filter((part) => part === unknown)];
}
