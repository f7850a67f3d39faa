/** Stands for a value that the engine will know only after an apply. It may occur at any depth of a value. */
export const UNKNOWN: unique symbol = Symbol("unknown until apply");

/** Whether a value has the sentinel nowhere in it. */
export function isWhollyKnown(value: unknown, unknown: unknown = UNKNOWN): boolean {
  if (value === unknown) return false;
  if (typeof value !== "object" || value === null) return true;
  return Object.values(value).every((part) => isWhollyKnown(part, unknown));
}
