import { ApiError, type ApiErrorCode, sleep } from "../../client";
import type { Context } from "../../framework";

/** Answers to a look that say nothing of what is there, and that the client does not ask for again by itself. */
const INCONCLUSIVE: ReadonlySet<ApiErrorCode> = new Set([
  "not-authenticated",
  "not-allowed",
  "not-found",
  "refused",
  "unreadable",
  "not-meshery",
  "no-route",
]);

/**
 * Looks until `look` finds something that a write did; undefined after the last look. An inconclusive answer shows nothing; that of
 * the last look is thrown.
 */
export function pollUntil<T>({ client }: Context, look: () => Promise<T | undefined>): Promise<T | undefined> {
  return client.confirm(async (over) => {
    let inconclusive: unknown;
    for (const wait of client.timing.polls) {
      if (wait > 0 && !(await sleep(wait, over))) break;
      try {
        const found = await look();
        if (found !== undefined) return found;
        inconclusive = undefined;
      } catch (error) {
        if (!(error instanceof ApiError) || !INCONCLUSIVE.has(error.code)) throw error;
        inconclusive = error;
      }
    }
    if (inconclusive !== undefined) throw inconclusive;
    return undefined;
  });
}

/**
 * Whether a failed write may have been carried out all the same: whatever was answered, or not, only a request that never left
 * was surely not. Such a write is never sent again before the list was looked at.
 */
export const mayHaveWorked = (error: unknown): boolean => error instanceof ApiError && error.details.neverSent !== true;

export const mayBeAbsent = (error: unknown): boolean => error instanceof ApiError && error.mayBeAbsent;
