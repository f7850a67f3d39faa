import { decode as decodeMsgpack, Encoder, type ExtData, ExtData as Extension } from "@msgpack/msgpack";
import type { DynamicValue } from "./codec";
import { encodable } from "./encodable";
import { parseJsonExactly } from "./numbers";
import { readable } from "./readable";
import type { ObjectType, ValueType } from "./types";
import { UNKNOWN } from "./unknown";

type AnyType = ValueType | ObjectType;

export interface ValueCodec {
  /**
   * Writes a value of the given type. `undefined` and attributes left out become null; a number may be given as number,
   * bigint or decimal text; elements of a set are put in a fixed order, without doubles.
   * Throws a ValueError that names the path where the value does not fit its type.
   */
  encode(type: AnyType, value: unknown): { msgpack: Uint8Array };
  /**
   * Reads a value of the given type into plain JavaScript: null for null, arrays for lists and sets, objects for maps
   * and objects, and the sentinel wherever the engine does not know yet. A number that JavaScript cannot hold exactly
   * stays decimal text. A missing or empty DynamicValue is null. Throws a ValueError where it does not fit the type.
   */
  decode(type: AnyType, value: DynamicValue | null | undefined): unknown;
  /** Reads the JSON form of a stored object, as RawState.json carries it. Throws a ValueError as decode does. */
  decodeJson(type: AnyType, json: Uint8Array): unknown;
}

// An unknown value is an extension of any code: 0 is a plain one, 12 carries what is known about it already. We write
// the plain one, in the shape the engines write it.
const UNKNOWN_CODE = 0;
const UNKNOWN_BODY = Uint8Array.of(0);

/** A codec between the engines' DynamicValue and plain JavaScript, with the caller's own sentinel for unknown values. */
export function createValueCodec({ unknown = UNKNOWN as unknown } = {}): ValueCodec {
  const extensionCodec = {
    tryToEncode: (object: unknown): ExtData | null =>
      object === unknown ? new Extension(UNKNOWN_CODE, UNKNOWN_BODY) : null,
    decode: () => unknown,
  };
  // 64-bit integers arrive as bigint, so that none is rounded before its type is known.
  const options = { extensionCodec, useBigInt64: true };
  const encoder = new Encoder(options);
  // Nothing in JSON is the sentinel: what is unknown never travels so.
  const decodeJson = (type: AnyType, json: Uint8Array) =>
    readable(type, parseJsonExactly(Buffer.from(json).toString("utf8")), unknown);
  return {
    encode: (type, value) => ({ msgpack: encoder.encode(encodable(type, value, unknown)) }),
    decode(type, value) {
      if (value?.msgpack?.length) return readable(type, decodeMsgpack(value.msgpack, options), unknown);
      if (value?.json?.length) return decodeJson(type, value.json);
      return null;
    },
    decodeJson,
  };
}
