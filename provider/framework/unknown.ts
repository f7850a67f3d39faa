/** Stands for a value that an engine knows only after it has applied something else. */
export const UNKNOWN: unique symbol = Symbol("known after apply");

/** Whether a value is unknown, or holds an unknown at any depth. */
export function holdsUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (typeof value === "object" && value !== null) return Object.values(value).some(holdsUnknown);
  return false;
}
