import { exactNumber, isDecimal } from "./numbers";
import type { PathStep, ValueType } from "./types";
import { asElements, asMembers, isPlainObject, mapMembers, mismatch, ValueError } from "./valueError";

type Path = readonly PathStep[];

/** How one wire form says what is not the same in both: a value that carries its own type. */
interface WireForm {
  dynamic(value: unknown, path: Path): { type: ValueType; value: unknown };
  unknown: unknown;
}

/** Brings what msgpack decoding gave into plain JavaScript of the given type. */
export function readMsgpack(type: ValueType, value: unknown, unknown: unknown): unknown {
  return read(type, value, { dynamic: pair, unknown }, []);
}

/** The same for JSON, the form of state files, in which nothing is unknown. */
export function readJson(type: ValueType, value: unknown): unknown {
  return read(type, value, { dynamic: labelled, unknown: {} }, []);
}

// msgpack: [the type's JSON as bytes, the value]
function pair(value: unknown, path: Path) {
  if (Array.isArray(value) && value.length === 2 && value[0] instanceof Uint8Array) {
    return { type: JSON.parse(Buffer.from(value[0]).toString("utf8")) as ValueType, value: value[1] as unknown };
  }
  throw mismatch("value with its type", value, path);
}

// JSON: {"value": the value, "type": its type}
function labelled(value: unknown, path: Path) {
  if (isPlainObject(value) && "type" in value && "value" in value) {
    return { type: value.type as ValueType, value: value.value };
  }
  throw mismatch("value with its type", value, path);
}

function read(type: ValueType, value: unknown, form: WireForm, path: Path): unknown {
  if (value === form.unknown) return value;
  if (value === null || value === undefined) return null;
  if (type === "dynamic") {
    const inner = form.dynamic(value, path);
    return inner.type === "dynamic" ? inner.value : read(inner.type, inner.value, form, path);
  }
  if (typeof type === "string") return readPrimitive(type, value, path);
  switch (type[0]) {
    case "list":
    case "set":
      return asElements(value, type[0], path).map((part, i) => read(type[1], part, form, [...path, i]));
    case "tuple":
      return asElements(value, "tuple", path).map((part, i) => read(type[1][i] ?? "dynamic", part, form, [...path, i]));
    case "map":
      return mapMembers(asMembers(value, "map", path), (part, key) => read(type[1], part, form, [...path, { key }]));
    case "object":
      return readObject(type[1], value, form, path);
  }
}

function readPrimitive(type: "string" | "number" | "bool", value: unknown, path: Path): unknown {
  if (type === "string" && typeof value === "string") return value;
  if (type === "bool" && typeof value === "boolean") return value;
  if (type === "number") {
    if (typeof value === "number") return value;
    if (typeof value === "bigint") return exactNumber(String(value));
    if (typeof value === "string" && isDecimal(value)) return exactNumber(value);
  }
  throw mismatch(type, value, path);
}

// Attributes that the type does not have are an error; one that the value does not have is null, as in old state.
function readObject(attributes: { readonly [name: string]: ValueType }, value: unknown, form: WireForm, path: Path) {
  const given: Record<string, unknown> = mapMembers(asMembers(value, "object", path), (part, name) => {
    const type = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    if (type === undefined) throw new ValueError([...path, name], "there is no such attribute");
    return read(type, part, form, [...path, name]);
  });
  for (const name of Object.keys(attributes)) if (!Object.hasOwn(given, name)) given[name] = null;
  return given;
}
