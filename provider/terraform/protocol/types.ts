/**
 * A type of the engines' type system, in the JSON form that schemas carry: `"string"`, `["map", "string"]`,
 * `["object", { "name": "string" }]`. A third member of an object type lists attributes that may be left out.
 */
export type ValueType =
  | "string"
  | "number"
  | "bool"
  | "dynamic"
  | readonly ["list" | "set" | "map", ValueType]
  | readonly ["tuple", readonly ValueType[]]
  | readonly ["object", { readonly [attribute: string]: ValueType }]
  | readonly ["object", { readonly [attribute: string]: ValueType }, readonly string[]];

/** The bytes of a type, as schema messages and dynamic values carry it. */
export function typeBytes(type: ValueType): Uint8Array {
  return Buffer.from(JSON.stringify(type));
}

/**
 * One step from a value to a part of it: an attribute's name, a position in a list, or the key of a map, which needs
 * the object form to be told from an attribute.
 */
export type PathStep = string | number | { key: string };

/** A path as a person reads it: `metadata["region"]`, `rules[2].port`. */
export function formatPath(path: readonly PathStep[]): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "string") text += text ? `.${step}` : step;
    else if (typeof step === "number") text += `[${step}]`;
    else text += `[${JSON.stringify(step.key)}]`;
  }
  return text || "the whole object";
}
