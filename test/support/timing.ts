import type { Timing } from "../../provider/client";

/**
 * The waits of a test that is not about waiting: in their order of length, and long enough for a server of this process to answer.
 * What waits for another resource of the same run is given a little more, since it waits for work, and not for a clock.
 */
export const SHORT: Partial<Timing> = {
  polls: [0, 1, 2, 4, 8, 16, 32],
  nameFreed: 500,
  firstRetry: 2,
  longestRetry: 40,
  retryAfterSecond: 10,
  firstReread: 1,
  longestReread: 8,
};
