import { decode as decodeMsgpack, ExtensionCodec } from "@msgpack/msgpack";
import fc from "fast-check";
import type { ObjectType, ValueType } from "../../../provider/terraform/protocol/types";
import { isWhollyKnown, UNKNOWN } from "../../../provider/terraform/protocol/unknown";
import { ValueError } from "../../../provider/terraform/protocol/valueError";
import { createValueCodec } from "../../../provider/terraform/protocol/values";
import { typedValue } from "./arbitraries";

const codec = createValueCodec();
const bytes = (...list: number[]) => Uint8Array.from(list);
const json = (value: unknown) => ({ json: Buffer.from(JSON.stringify(value)) });

function problem(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof ValueError) return error.message;
    throw error;
  }
  return "none";
}

it("gives back what it wrote, whatever the type", () => {
  fc.assert(
    fc.property(typedValue(), ({ type, value }) => {
      const once = codec.decode(type, codec.encode(type, value));
      expect(codec.encode(type, once).msgpack).toEqual(codec.encode(type, value).msgpack);
      expect(codec.decode(type, codec.encode(type, once))).toEqual(once);
      expect(isWhollyKnown(once)).toBe(isWhollyKnown(value));
    }),
  );
});

it("writes plain msgpack that any reader understands", () => {
  fc.assert(
    fc.property(typedValue({ unknowns: false }), ({ type, value }) => {
      const extensionCodec = new ExtensionCodec();
      expect(() => decodeMsgpack(codec.encode(type, value).msgpack, { extensionCodec })).not.toThrow();
    }),
  );
});

it("never meets bytes it does not answer with a value or an error", () => {
  fc.assert(
    fc.property(typedValue(), fc.uint8Array({ minLength: 1, maxLength: 40 }), ({ type }, msgpack) => {
      try {
        codec.decode(type, { msgpack });
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    }),
  );
});

describe("unknown values", () => {
  it("writes them as the engines do and takes any extension for one", () => {
    expect(codec.encode("string", UNKNOWN).msgpack).toEqual(bytes(0xd4, 0x00, 0x00));
    expect(codec.decode("string", { msgpack: bytes(0xd4, 0x00, 0x00) })).toBe(UNKNOWN);
    // Code 12 with a refinement: "not null".
    expect(codec.decode("string", { msgpack: bytes(0xc7, 0x03, 0x0c, 0x81, 0x01, 0xc2) })).toBe(UNKNOWN);
    expect(codec.decode("bool", { msgpack: bytes(0xd6, 0xff, 0, 0, 0, 1) })).toBe(UNKNOWN);
  });

  it("keeps them at any depth", () => {
    const type: ObjectType = ["object", { tags: ["map", "string"], list: ["list", ["object", { id: "string" }]] }];
    const value = { tags: { a: UNKNOWN, b: "x" }, list: [{ id: UNKNOWN }, UNKNOWN] };
    const back = codec.decode(type, codec.encode(type, value));
    expect(back).toEqual(value);
    expect(isWhollyKnown(back)).toBe(false);
    expect(isWhollyKnown({ tags: { b: "x" }, list: [null, 1, true] })).toBe(true);
  });

  it("uses the sentinel it is given", () => {
    const own = { unknown: true };
    const other = createValueCodec({ unknown: own });
    expect(other.decode("string", other.encode("string", own))).toBe(own);
    expect(codec.decode("string", other.encode("string", own))).toBe(UNKNOWN);
  });
});

describe("numbers", () => {
  it.each([
    [0, bytes(0x00)],
    [-1, bytes(0xff)],
    [300, bytes(0xcd, 0x01, 0x2c)],
    ["42", bytes(0x2a)],
    [7n, undefined],
    // Fractions as text: the engine's 0.1 is not the double next to it.
    [0.1, bytes(0xa3, 0x30, 0x2e, 0x31)],
    ["0.10", bytes(0xa3, 0x30, 0x2e, 0x31)],
    [1e21, Uint8Array.from([0xa5, ...Buffer.from("1e+21")])],
    ["123456789012345678901234567890.5", undefined],
  ])("writes %p so that nothing of it is lost", (value, expected) => {
    const { msgpack } = codec.encode("number", value);
    if (expected) expect(msgpack).toEqual(expected);
    expect(codec.encode("number", codec.decode("number", { msgpack })).msgpack).toEqual(msgpack);
  });

  it("reads integers, floats and decimal text", () => {
    expect(codec.decode("number", { msgpack: bytes(0xcb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0) })).toBe(1.5);
    expect(codec.decode("number", { msgpack: bytes(0xd3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe) })).toBe(-2);
    expect(codec.decode("number", { msgpack: bytes(0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff) })).toBe(
      "18446744073709551615",
    );
    expect(codec.decode("number", { msgpack: bytes(0xa4, 0x31, 0x2e, 0x35, 0x30) })).toBe(1.5);
    expect(codec.decode("number", codec.encode("number", "9007199254740993"))).toBe("9007199254740993");
  });

  it("reads them exactly from JSON too, and leaves texts alone", () => {
    const type: ObjectType = ["object", { n: ["list", ["object", { is: "number" }]], s: "string" }];
    const numbers = ["1", "0.1", "-18446744073709551615", "\n1e400", "1.0"].map((text) => `{"is":${text}}`);
    const text = `{"n":[${numbers.join(", ")}],"s":"18446744073709551615 \\"0.12345678901234567890\\""}`;
    expect(codec.decodeJson(type, Buffer.from(text))).toEqual({
      n: [1, 0.1, "-18446744073709551615", "1e400", 1].map((is) => ({ is })),
      s: '18446744073709551615 "0.12345678901234567890"',
    });
  });

  it("quotes nothing of JSON it cannot read", () => {
    expect(() => codec.decodeJson("string", Buffer.from('{"token":"s3cr3t"'))).toThrow(/^the value is not valid JSON$/);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, "ten", "", "0x10", " 1"])("refuses %p", (value) => {
    expect(problem(() => codec.encode("number", value))).toMatch(/a number is required/);
  });
});

describe("types", () => {
  const type: ObjectType = [
    "object",
    { name: "string", tags: ["map", "string"], rules: ["list", ["object", { port: "number" }]] },
  ];

  it("fills in what an object leaves out", () => {
    expect(codec.decode(type, codec.encode(type, { name: "a" }))).toEqual({ name: "a", tags: null, rules: null });
    expect(codec.decode(type, json({ name: "a" }))).toEqual({ name: "a", tags: null, rules: null });
    expect(codec.decode(type, null)).toBeNull();
    expect(codec.decode(type, {})).toBeNull();
    expect(codec.decode(type, codec.encode(type, undefined))).toBeNull();
  });

  it.each([
    [{ name: 5 }, "name: a string is required, it is a number"],
    [{ rules: [{ port: 1 }, { port: "x" }] }, "rules[1].port: a number is required, it is a string"],
    [{ tags: { "a b": ["secret"] } }, 'tags["a b"]: a string is required, it is a list'],
    [{ tags: "secret" }, "tags: a map is required, it is a string"],
    [{ rules: {} }, "rules: a list is required, it is an object"],
    [{ nam: "secret" }, "nam: there is no such attribute"],
    ["secret", "the whole object: an object is required, it is a string"],
    [{ name: Symbol("other") }, "name: a string is required, it is a symbol"],
  ])("names the place that does not fit, without its value: %p", (value, message) => {
    expect(problem(() => codec.encode(type, value))).toBe(message);
  });

  it.each([
    [{ name: 5 }, "name: a string is required, it is a number"],
    [{ tags: { a: [] } }, 'tags["a"]: a string is required, it is a list'],
    [{ other: 1 }, "other: there is no such attribute"],
    [[], "the whole object: an object is required, it is a list"],
  ])("does so when reading too: %p", (value, message) => {
    expect(problem(() => codec.decode(type, json(value)))).toBe(message);
  });

  it("writes equal sets as equal bytes", () => {
    const set: ValueType = ["set", "string"];
    expect(codec.encode(set, ["x", "y", "x"])).toEqual(codec.encode(set, ["y", "x"]));
    expect(codec.decode(set, codec.encode(set, new Set(["b", "a"])))).toEqual(["a", "b"]);
    // Two unknown elements may become different ones.
    expect(codec.decode(set, codec.encode(set, [UNKNOWN, "a", UNKNOWN]))).toEqual(["a", UNKNOWN, UNKNOWN]);
    expect(problem(() => codec.encode(set, ["a", 1]))).toBe("[1]: a string is required, it is a number");
  });

  it("treats a key like any other, whatever its name", () => {
    const map: ValueType = ["map", "string"];
    const odd = JSON.parse('{"__proto__":"x","constructor":"y"}') as Record<string, string>;
    const read = codec.decode(map, json(odd)) as Record<string, string>;
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect(Object.entries(read)).toEqual([
      ["__proto__", "x"],
      ["constructor", "y"],
    ]);
    expect(Buffer.from(codec.encode(map, odd).msgpack).includes("__proto__")).toBe(true);
    expect(problem(() => codec.encode(["object", {}], { constructor: 1 }))).toBe(
      "constructor: there is no such attribute",
    );
  });
});
