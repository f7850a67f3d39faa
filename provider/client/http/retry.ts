import { ApiError, stopped } from "../errors";
import type { Timing } from "../timing";
import type { Answer } from "./answer";
import type { Call } from "./call";
import { sleep } from "./wait";

/**
 * When a call is tried again. Reads and PUT (which states a whole value) are; POST and DELETE never are by status, since
 * their first try may have worked: whoever sent them looks at the list and decides.
 */
export const RETRY = {
  methods: new Set(["GET", "HEAD", "PUT"]),
  statuses: new Set([408, 429, 500, 502, 503, 504]),
  /** Tries in all, the first included. */
  tries: 5,
  /** Seconds of Retry-After that we are ready to wait; a longer one ends the tries. */
  longestRetryAfter: 60,
} as const;

/** Sends `call` until it is answered, or until it may not be tried again. */
export async function withRetries(
  call: Call,
  send: (attempt: number) => Promise<Answer | ApiError>,
  signal: AbortSignal | undefined,
  timing: Timing,
): Promise<Answer | ApiError> {
  let sent = false;
  for (let attempt = 1; ; attempt++) {
    const outcome = await send(attempt);
    if (!(outcome instanceof ApiError)) return outcome;
    sent ||= !outcome.details.neverSent;
    // What an earlier try did is not undone because a later one never left.
    const error = sent ? withoutNeverSent(outcome) : outcome;
    const delay = mayRetry(call, outcome) ? delayBefore(attempt + 1, outcome.details.retryAfter, timing) : undefined;
    if (delay === undefined) return error;
    if (!(await sleep(delay, signal))) return stopped(error.details, !sent);
  }
}

function mayRetry({ method }: Call, { code, details: { status, neverSent } }: ApiError): boolean {
  if (code === "not-found") return false;
  if (neverSent && method !== "DELETE") return true;
  if (!RETRY.methods.has(method)) return false;
  if (code === "throttled") return true;
  return status === undefined ? code === "unreachable" || code === "timeout" : RETRY.statuses.has(status);
}

const withoutNeverSent = ({ code, what, details }: ApiError): ApiError =>
  new ApiError(code, what, { ...details, neverSent: false });

/**
 * Milliseconds to wait before try `next` (2 is the first repetition), or undefined when there should be none.
 * Spread by up to a quarter, so that parallel calls do not return together.
 */
export function delayBefore(
  next: number,
  retryAfterSeconds: number | undefined,
  timing: Timing,
  random = Math.random,
): number | undefined {
  if (next > RETRY.tries) return undefined;
  if (retryAfterSeconds !== undefined) {
    return retryAfterSeconds > RETRY.longestRetryAfter ? undefined : retryAfterSeconds * timing.retryAfterSecond;
  }
  const doubled = Math.min(timing.firstRetry * 2 ** (next - 2), timing.longestRetry);
  return doubled * (1 - random() / 4);
}

/** Seconds of a Retry-After header: a number, or a date. */
export function retryAfterSeconds(header: string | undefined, now = Date.now()): number | undefined {
  if (!header) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header.trim());
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}
