/**
 * When a call is tried again. Reads and PUT (which states a whole value) are; POST and DELETE never are by status, since
 * their first try may have worked: whoever sent them looks at the list and decides.
 */
export const RETRY = {
  methods: new Set(["GET", "HEAD", "PUT"]),
  statuses: new Set([408, 429, 500, 502, 503, 504]),
  /** Tries in all, the first included. */
  tries: 5,
  /** Milliseconds before the second try; doubled for each further one. */
  firstDelay: 150,
  longestDelay: 4_000,
  /** Seconds of Retry-After that we are ready to wait; a longer one ends the tries. */
  longestRetryAfter: 60,
} as const;

/**
 * Milliseconds to wait before try `next` (2 is the first repetition), or undefined when there should be none.
 * Spread by up to a quarter, so that parallel calls do not return together.
 */
export function delayBefore(
  next: number,
  retryAfterSeconds: number | undefined,
  random = Math.random,
): number | undefined {
  if (next > RETRY.tries) return undefined;
  if (retryAfterSeconds !== undefined) {
    return retryAfterSeconds > RETRY.longestRetryAfter ? undefined : retryAfterSeconds * 1000;
  }
  const doubled = Math.min(RETRY.firstDelay * 2 ** (next - 2), RETRY.longestDelay);
  return doubled * (1 - random() / 4);
}

/** Seconds of a Retry-After header: a number, or a date. */
export function retryAfterSeconds(header: string | undefined, now = Date.now()): number | undefined {
  if (!header) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header.trim());
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}

/** Waits; true once `milliseconds` are over, false as soon as `signal` aborts. */
export function waited(milliseconds: number, signal?: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (result: boolean) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
      resolve(result);
    };
    const stop = () => end(false);
    const timer = setTimeout(() => end(true), milliseconds);
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}
