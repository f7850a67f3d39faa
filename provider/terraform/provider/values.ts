import { UNKNOWN, unhandled, type Values } from "../../framework";
import type { DynamicValue } from "../protocol/codec";
import type { ValueType } from "../protocol/types";
import { createValueCodec } from "../protocol/values";
import { snake } from "./names";
import { type Attributes, objectType } from "./schema";

/** Objects as Terraform has them: attribute names, null for what is not there. */
export type Attribution = Record<string, unknown>;

const codec = createValueCodec({ unknown: UNKNOWN });

/** Reads an object; null where there is none. */
export const decodeValue = (attributes: Attributes, value: DynamicValue | null | undefined): Attribution | null =>
  codec.decode(objectType(attributes), value) as Attribution | null;

/** Writes an object; null for one that is gone. Throws `ValueError` where a value does not fit its type. */
export const encodeValue = (attributes: Attributes, value: Attribution | null) =>
  codec.encode(objectType(attributes), value);

/** Reads a stored object of this or an earlier version: attributes that no longer exist are dropped, new ones are null. */
export function decodeStored(attributes: Attributes, json: Uint8Array): Attribution {
  const stored = JSON.parse(Buffer.from(json).toString("utf8")) as Attribution;
  return Object.fromEntries(
    [...attributes].map(([name, { writeOnly }]) => [name, writeOnly ? null : (stored[name] ?? null)]),
  );
}

/** Terraform's attributes as fields: camelCase, undefined for what was left out. */
export function toFields(attributes: Attributes, object: Attribution): Values {
  return Object.fromEntries([...attributes].map(([name, { field }]) => [field, object[name] ?? undefined]));
}

/** Fields as Terraform's attributes. A write-only value is in no state. */
export function toAttributes(attributes: Attributes, values: Values): Attribution {
  return Object.fromEntries(
    [...attributes].map(([name, { field, type, writeOnly }]) => {
      const value = (writeOnly ? undefined : values[field]) ?? null;
      return [name, toAttribute(type, value)];
    }),
  );
}

function toAttribute(type: ValueType, value: unknown): unknown {
  if (typeof type === "string") return value;
  switch (type[0]) {
    case "map":
    case "set":
      return value;
    case "list":
      return Array.isArray(value) ? value.map(snakeKeys) : value;
    default:
      return unhandled(type);
  }
}

const snakeKeys = (row: unknown) =>
  Object.fromEntries(Object.entries(row as Values).map(([key, value]) => [snake(key), value]));
