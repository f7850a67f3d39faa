import { exactNumber, isDecimal } from "./numbers";
import type { PathStep, ValueType } from "./types";
import { isPlainObject, kindOf, ValueError } from "./valueError";

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
  throw new ValueError(path, "a value with its type is required");
}

// JSON: {"value": the value, "type": its type}
function labelled(value: unknown, path: Path) {
  if (isPlainObject(value) && "type" in value && "value" in value) {
    return { type: value.type as ValueType, value: value.value };
  }
  throw new ValueError(path, "a value with its type is required");
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
      return elements(value, type[0], path).map((part, i) => read(type[1], part, form, [...path, i]));
    case "tuple":
      return elements(value, "tuple", path).map((part, i) => read(type[1][i] ?? "dynamic", part, form, [...path, i]));
    case "map":
      return members(value, "map", path, (part, key) => read(type[1], part, form, [...path, { key }]));
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
  throw new ValueError(path, `a ${type} is required, it is ${kindOf(value)}`);
}

// Attributes that the type does not have are an error; one that the value does not have is null, as in old state.
function readObject(attributes: { readonly [name: string]: ValueType }, value: unknown, form: WireForm, path: Path) {
  const given = members(value, "object", path, (part, name) => {
    const type = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    if (type === undefined) throw new ValueError([...path, name], "there is no such attribute");
    return read(type, part, form, [...path, name]);
  });
  for (const name of Object.keys(attributes)) if (!Object.hasOwn(given, name)) given[name] = null;
  return given;
}

function elements(value: unknown, wanted: string, path: Path): unknown[] {
  if (Array.isArray(value)) return value;
  throw new ValueError(path, `a ${wanted} is required, it is ${kindOf(value)}`);
}

// Object.fromEntries keeps a key named `__proto__` a plain key.
function members(value: unknown, wanted: string, path: Path, change: (part: unknown, key: string) => unknown) {
  if (!isPlainObject(value)) throw new ValueError(path, `a ${wanted} is required, it is ${kindOf(value)}`);
  const entries = Object.entries(value).map(([key, part]) => [key, change(part, key)] as const);
  return Object.fromEntries(entries) as Record<string, unknown>;
}
