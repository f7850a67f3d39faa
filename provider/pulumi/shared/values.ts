import { UNKNOWN } from "../../framework";
import { UNKNOWN_VALUES } from "../../resources/shared/engineTypes";

export { UNKNOWN_VALUES } from "../../resources/shared/engineTypes";

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
