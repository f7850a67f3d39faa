import { ApiError, sleep } from "../../client";
import type { Context } from "../../framework";
import { ResourceError } from "../../framework";
import { mayHaveWorked, pollUntil } from "./pollUntil";

/** How often a write is sent at most that the server has no time for. */
const TRIES = 5;
/** Seconds that we are ready to wait before the next try. */
const LONGEST_WAIT = 60;

export type Outcome<Answer> =
  | { answer: Answer; failure?: undefined }
  /** It may have been carried out all the same, unless it never left (see `mayHaveWorked`). */
  | { failure: ApiError; answer?: undefined };

export interface Write<Answer, Effect> {
  send(): Promise<Answer>;
  /** The effect, where the answer itself states it. */
  stated?(answer: Answer): Effect | undefined;
  /** The effect, where the lists show it. */
  seen(outcome: Outcome<Answer>): Promise<Effect | undefined>;
  /** Whether what it was refused for is over by now, so that it is worth another try. */
  freed?: (() => Promise<boolean>) | undefined;
  /** What to do where nobody can say whether it was carried out; a sentence. */
  ifUnknown: string;
}

export type Result<Answer, Effect> = Outcome<Answer> & {
  effect?: Effect;
  /** The server accepted it, and this is why nobody could look. */
  unread?: Error;
};

/** Of writes that state how something shall be. */
export const SENT_AGAIN = "Run again: what was done is found, and what is missing is sent once more.";

const AGAIN = Symbol("send it again");

/**
 * Sends a write, and looks for its effect after every answer that does not state it: an error, a strange body or none at all do
 * not say that nothing was done. Only what the server had no time for, and what was refused for a reason that is over, is sent
 * again, and only after such a look.
 * @throws ResourceError what the look finds wrong
 */
export async function sendAndConfirm<Answer, Effect>(
  context: Context,
  write: Write<Answer, Effect>,
): Promise<Result<Answer, Effect>> {
  let freed = write.freed;
  for (let attempt = 1; ; attempt++) {
    const outcome = await sent(write.send);
    const { failure } = outcome;
    const stated = outcome.failure === undefined ? write.stated?.(outcome.answer) : undefined;
    if (stated !== undefined) return { ...outcome, effect: stated };
    if (failure && !mayHaveWorked(failure)) return outcome;
    let looked: Effect | typeof AGAIN | undefined;
    try {
      looked = await pollUntil<Effect | typeof AGAIN>(
        context,
        async () => (await write.seen(outcome)) ?? (isRefusal(failure) && (await freed?.()) ? AGAIN : undefined),
      );
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (outcome.failure === undefined) return { ...outcome, unread: error };
      if (error instanceof ResourceError) throw error;
      return { failure: unknownOutcome(outcome.failure, error, write.ifUnknown) };
    }
    if (looked !== undefined && looked !== AGAIN) return { ...outcome, effect: looked };
    if (looked === AGAIN) freed = undefined;
    else if (!failure || attempt === TRIES || !(await turnCame(context, failure))) return outcome;
  }
}

/** A request and what came of it. */
async function sent<Answer>(send: () => Promise<Answer>): Promise<Outcome<Answer>> {
  try {
    return { answer: await send() };
  } catch (failure) {
    if (failure instanceof ApiError) return { failure };
    throw failure;
  }
}

/** Whether the server said no to the request itself: to a name in use, for instance. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof ApiError && (error.code === "refused" || error.code === "not-allowed");

/**
 * Waits as long as a server asks that had no time; false where it did not say so, asks too much, or the run was stopped. A PUT was
 * sent again by the client already.
 */
async function turnCame(context: Context, { details }: ApiError): Promise<boolean> {
  const { method, status, retryAfter } = details;
  const throttled = method !== "PUT" && (status === 429 || status === 503);
  const seconds = status === 429 ? (retryAfter ?? 1) : retryAfter;
  if (!throttled || seconds === undefined || seconds > LONGEST_WAIT) return false;
  return sleep(seconds * context.client.timing.retryAfterSecond, context.signal);
}

/** A failure after which nobody could look whether it was carried out. */
function unknownOutcome(failure: ApiError, because: Error, ifUnknown: string): ApiError {
  const told = because instanceof ApiError ? because.what : because.message.replace(/\.$/, "");
  const why = `It may have been done all the same: looking for it failed too (${told}). ${ifUnknown}`;
  return new ApiError(failure.code, failure.what, {
    ...failure.details,
    why: [failure.details.why, why].filter(Boolean).join(" "),
  });
}
