import { UNKNOWN } from "../../framework";
/**
 * What Pulumi's engine sends for a value that it will know only after an update: one fixed string per type of value. Their
 * place says nothing: the one for a text may stand for a whole object, at any depth.
 */
export const UNKNOWN_VALUES = {
  boolean: "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  number: "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  string: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  array: "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  asset: "030794c1-ac77-496b-92df-f27374a8bd58",
  archive: "e48ece36-62e2-4504-bad9-02848725956a",
  object: "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
} as const;

const unknowns: ReadonlySet<unknown> = new Set(Object.values(UNKNOWN_VALUES));

/** A value as the engine sent it, with `UNKNOWN` wherever one of its seven strings stands. */
export function fromEngine(value: unknown): unknown {
  if (typeof value === "string") return unknowns.has(value) ? UNKNOWN : value;
  if (Array.isArray(value)) return value.map(fromEngine);
  if (typeof value === "object" && value !== null) return fromEngineObject(value as Record<string, unknown>);
  return value;
}

/** The properties of a resource as the engine sent them, with `UNKNOWN` for what is not known yet. */
export function fromEngineObject(properties: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, fromEngine(value)]));
}

/**
 * A value as the engine can take it: `UNKNOWN` as its string, nothing undefined, only what JSON can say.
 * @throws TypeError for a function, a bigint, a symbol, NaN, or an object of a class: the protocol would refuse it with a
 * message nobody understands, or silently turn it into something else.
 */
export function toEngine(value: unknown, path = "value"): unknown {
  if (value === UNKNOWN) return UNKNOWN_VALUES.string;
  if (value === undefined || value === null) return null;
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new TypeError(`${path} is ${value}, which cannot be stored`);
    return value;
  }
  if (Array.isArray(value)) return value.map((item, index) => toEngine(item, `${path}[${index}]`));
  if (typeof value !== "object") throw new TypeError(`${path} is a ${typeof value}, which cannot be stored`);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError(`${path} is a ${value.constructor?.name ?? "special object"}, which cannot be stored`);
  }
  return toEngineObject(value as Record<string, unknown>, path);
}

/** The properties of a resource as the engine can take them; keys that hold undefined are left out. */
export function toEngineObject(properties: Record<string, unknown>, path = ""): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, toEngine(value, path === "" ? key : `${path}.${key}`)]),
  );
}
