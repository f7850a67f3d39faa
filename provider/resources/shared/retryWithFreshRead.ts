import type { Freshness } from "../../client";
import { ResourceError } from "../../framework";

/**
 * Decides by lists as fresh as `first`, and before it complains of what they hold or lack, by lists as they are now: what stands
 * in the way, or is missing, may have changed since, by other people, other tools, or another provider of the same run.
 * @throws ResourceError the complaint that still holds
 */
export async function retryWithFreshRead<T>(
  first: Freshness,
  decide: (freshness: Freshness) => Promise<T>,
): Promise<T> {
  try {
    return await decide(first);
  } catch (complaint) {
    if (!(complaint instanceof ResourceError)) throw complaint;
    return decide("now").catch((error: unknown) => {
      // What keeps it from being decided again explains less than the complaint.
      throw error instanceof ResourceError ? error : complaint;
    });
  }
}
