import type { CachedList, NamedRow } from "../../client";
import { ResourceError } from "../../framework";
/** Reads a list. */
export type Look = <Row extends NamedRow>(list: CachedList<Row>) => Promise<ReadonlyMap<string, Row>>;

/** As it was read once, with what was written since. */
export const asKnown: Look = (list) => list.read("cached");
/** As it was after the last own write: what it does not hold is not there. */
export const asSettled: Look = (list) => list.read("afterWrites");
/** As it is now. */
export const asItIsNow: Look = (list) => list.read("now");

/**
 * Judges by lists as `first` reads them, and before it complains of what they hold or lack, by lists as they are now: what stands
 * in the way, or is missing, may have changed since, by other people, other tools, or another provider of the same run.
 * @throws ResourceError the complaint that still holds
 */
export async function retryWithFreshRead<T>(first: Look, judge: (look: Look) => Promise<T>): Promise<T> {
  try {
    return await judge(first);
  } catch (complaint) {
    if (!(complaint instanceof ResourceError)) throw complaint;
    return judge(asItIsNow).catch((error: unknown) => {
      // What keeps it from being retryWithFreshRead again explains less than the complaint.
      throw error instanceof ResourceError ? error : complaint;
    });
  }
}
