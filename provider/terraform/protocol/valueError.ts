import { formatPath, type PathStep } from "./types";

/** A value that does not fit the type it should have. The message never quotes the value: it may be a secret. */
export class ValueError extends Error {
  override readonly name = "ValueError";

  constructor(
    readonly path: readonly PathStep[],
    readonly problem: string,
  ) {
    super(`${formatPath(path)}: ${problem}`);
  }
}

/** What kind of thing a value is, in the words of the type system. */
function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return "a list";
  if (value instanceof Uint8Array) return "bytes";
  switch (typeof value) {
    case "string":
      return "a string";
    case "number":
    case "bigint":
      return "a number";
    case "boolean":
      return "a bool";
    case "object":
      return "an object";
    default:
      return `a ${typeof value}`;
  }
}

/** The usual complaint: another kind of thing was expected at this place. */
export function mismatch(wanted: string, value: unknown, path: readonly PathStep[]): ValueError {
  const article = /^[aeiou]/.test(wanted) ? "an" : "a";
  return new ValueError(path, `${article} ${wanted} is required, it is ${kindOf(value)}`);
}

/** The value as an array, or a ValueError. */
export function asElements(value: unknown, wanted: string, path: readonly PathStep[]): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw mismatch(wanted, value, path);
}

/** The value as an object's members, or a ValueError. */
export function asMembers(
  value: unknown,
  wanted: string,
  path: readonly PathStep[],
): Readonly<Record<string, unknown>> {
  if (isPlainObject(value)) return value;
  throw mismatch(wanted, value, path);
}

/** Object.entries and back, with each value changed. Safe for a key named `__proto__`, which assigning is not. */
export function mapMembers<In, Out>(
  members: { readonly [key: string]: In },
  change: (value: In, key: string) => Out,
): Record<string, Out> {
  return Object.fromEntries(Object.entries(members).map(([key, value]) => [key, change(value, key)]));
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}
