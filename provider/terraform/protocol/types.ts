/**
 * The types of the engines' type system that attributes of ours have, in the JSON form that schemas carry: `"string"`,
 * `["map", "string"]`. A kind that is added here does not compile until every switch over types knows it.
 */
export type ValueType =
  | ScalarType
  | readonly ["map", "string"]
  | readonly ["set", "string"]
  | readonly ["list", RowType];

export type ScalarType = "string" | "number" | "bool";

export type CellType = ScalarType | readonly ["map", "string"];

export type RowType = readonly ["object", { readonly [attribute: string]: CellType }];

/** The type of a whole resource, data source or provider block. */
export type ObjectType = readonly ["object", { readonly [attribute: string]: ValueType }];

/** The bytes of a type, as schema messages carry it. */
export function typeBytes(type: ValueType | ObjectType): Uint8Array {
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
