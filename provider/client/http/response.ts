import { ApiError, type ApiErrorDetails } from "../errors";
import { type Answer, failureOf, messageOf, weightOf } from "./answer";
import { type ErrorFactory, tooLong } from "./errorFactory";
import { LARGEST_PARSED_ANSWER } from "./limits";
import { retryAfterSeconds } from "./retry";
import type { Signer } from "./signer";
import type { RawResponse } from "./transport";

/** What a response means: an answer with its JSON, or an error. */
export function readResponse(
  response: RawResponse,
  details: ApiErrorDetails,
  { signer, errors }: { signer: Signer; errors: ErrorFactory },
): Answer | ApiError {
  const { status, text } = response;
  const retryAfter = retryAfterSeconds(response.retryAfter);
  const failure = failureOf({
    ...response,
    method: details.method,
    // Redacted before anything is cut: half a token would not be recognised.
    text: status < 300 ? text : signer.redact(text),
    retryAfter: retryAfter !== undefined,
  });
  if (failure) return errors.refused(failure, { ...details, status, retryAfter });
  if (text.trim() === "") return { status, body: undefined, weight: 0 };
  const weight = weightOf(text);
  if (weight > LARGEST_PARSED_ANSWER) return tooLong(details);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    // JSON that ends too early may hold secrets of others: only that it is there.
    const said = /^\s*[{[]/.test(text)
      ? `${text.length} characters of JSON that does not end`
      : firstLine(signer.redact(text));
    return new ApiError("unreadable", "The server's answer is not JSON", {
      ...details,
      status,
      said,
      unlikeMeshery: true,
    });
  }
  if (details.method !== "GET" && saysError(body)) {
    const said = signer.redact(messageOf(text));
    const what = "The server answered with an error, as if it were none";
    return new ApiError("unreadable", what, { ...details, status, said });
  }
  return { status, body, weight };
}

/** Whether the answer to a write says that it failed, whatever its status. */
const saysError = (body: unknown): boolean =>
  typeof body === "object" && body !== null && "error" in body && Boolean(body.error);

const firstLine = (text: string): string => text.replace(/\s+/g, " ").trim().slice(0, 200);
