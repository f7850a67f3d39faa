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
export function kindOf(value: unknown): string {
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

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}
