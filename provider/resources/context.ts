import { type Context, defineLookup as defineLookupOf, defineResource as defineResourceOf } from "../core";
import { ApiError, type Meshery, waited } from "../meshery";

export type MesheryContext = Context<Meshery>;
export const defineResource = defineResourceOf<Meshery>();
export const defineLookup = defineLookupOf<Meshery>();

/** Milliseconds before each further look at a list that does not show an accepted write yet: some servers read stale rows. */
const LOOKS = [0, 50, 100, 200, 400, 800, 1_600];

/** Looks until `look` finds something; undefined after the last look. */
export async function lookUntil<T>(
  context: MesheryContext,
  look: () => Promise<T | undefined>,
): Promise<T | undefined> {
  for (const wait of LOOKS) {
    if (wait > 0 && !(await waited(wait, context.signal))) return undefined;
    const found = await look();
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Whether a failed write may have been carried out all the same: whatever was answered, or not, only a request that never left
 * was surely not. Such a write is never sent again before the list was looked at.
 */
export const mayHaveWorked = (error: unknown): boolean => error instanceof ApiError && error.details.neverSent !== true;

export const mayBeAbsent = (error: unknown): boolean => error instanceof ApiError && error.mayBeAbsent;
