/** How long this provider waits for what it cannot know, in milliseconds. What is no wait of its own, as a request's timeout, is not here. */
export interface Timing {
  /** Before each further reading of a list that does not show an accepted write yet: some servers answer from stale rows. */
  readonly polls: readonly number[];
  /** For another resource of the same run to give away a name that is wanted. */
  readonly nameFreed: number;
  /** Before the second try of a request; doubled for each further one. */
  readonly firstRetry: number;
  /** Between two tries at most, where the server names no time: a person is waiting. */
  readonly longestRetry: number;
  /** A second of a server's Retry-After. */
  readonly retryAfterSecond: number;
  /** For the answer to a write after the run was told to stop: what was made should be known. */
  readonly writeGrace: number;
  /** After the stop for a list to tell what a write did whose answer did not; a little more than for the answer itself. */
  readonly confirmGrace: number;
  /** Before a list is read again that changed while it was read; doubled for each further reading. */
  readonly firstReread: number;
  readonly longestReread: number;
  /** For a list that others go on changing: somebody may be deleting thousands of rows. */
  readonly changingList: number;
  /** For the first answer of a server; a plan without a refresh needs none. */
  readonly firstAnswer: number;
  /** For what is left to remove when Terraform says stop: it waits for the answer. */
  readonly stopping: number;
  /** For one request at the very end, when Terraform is about to kill the provider. */
  readonly lastRequest: number;
}

/** What production waits. */
export const TIMING: Timing = {
  polls: [0, 50, 100, 200, 400, 800, 1_600],
  nameFreed: 2_000,
  firstRetry: 150,
  longestRetry: 4_000,
  retryAfterSecond: 1_000,
  writeGrace: 3_000,
  confirmGrace: 3_300,
  firstReread: 50,
  longestReread: 800,
  changingList: 60_000,
  firstAnswer: 5_000,
  stopping: 2_000,
  lastRequest: 1_000,
};

/** Production's waits, but for those that are given. */
export const timingWith = (given: Partial<Timing> = {}): Timing => ({ ...TIMING, ...given });
