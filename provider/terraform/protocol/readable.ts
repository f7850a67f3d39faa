import { exactNumber, isDecimal } from "./numbers";
import type { ObjectType, PathStep, ScalarType, ValueType } from "./types";
import { asElements, asMembers, mapMembers, mismatch, ValueError } from "./valueError";

type Path = readonly PathStep[];

/** Brings what msgpack or JSON decoding gave into plain JavaScript of the given type. */
export function readable(type: ValueType | ObjectType, value: unknown, unknown: unknown, path: Path = []): unknown {
  if (value === unknown) return value;
  if (value === null || value === undefined) return null;
  if (typeof type === "string") return readScalar(type, value, path);
  switch (type[0]) {
    case "list":
    case "set":
      return asElements(value, type[0], path).map((part, i) => readable(type[1], part, unknown, [...path, i]));
    case "map":
      return mapMembers(asMembers(value, "map", path), (part, key) =>
        readable(type[1], part, unknown, [...path, { key }]),
      );
    case "object":
      return readObject(type[1], value, unknown, path);
    default:
      return type satisfies never;
  }
}

function readScalar(type: ScalarType, value: unknown, path: Path): unknown {
  switch (type) {
    case "string":
      if (typeof value === "string") return value;
      break;
    case "bool":
      if (typeof value === "boolean") return value;
      break;
    case "number":
      if (typeof value === "number") return value;
      if (typeof value === "bigint") return exactNumber(String(value));
      if (typeof value === "string" && isDecimal(value)) return exactNumber(value);
      break;
    default:
      return type satisfies never;
  }
  throw mismatch(type, value, path);
}

// Attributes that the type does not have are an error; one that the value does not have is null, as in old state.
function readObject(attributes: ObjectType[1], value: unknown, unknown: unknown, path: Path) {
  const given: Record<string, unknown> = mapMembers(asMembers(value, "object", path), (part, name) => {
    const type = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    if (type === undefined) throw new ValueError([...path, name], "there is no such attribute");
    return readable(type, part, unknown, [...path, name]);
  });
  for (const name of Object.keys(attributes)) if (!Object.hasOwn(given, name)) given[name] = null;
  return given;
}
