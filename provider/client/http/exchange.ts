import { ApiError, type ApiErrorDetails } from "../errors";
import type { Answer } from "./answer";
import type { RawResponse } from "./transport";

/** One attempt of a request, for a log; free of the token and of credentials. */
export interface HttpExchange {
  method: string;
  /** Path and query. */
  path: string;
  /** Undefined where there was no answer. */
  status?: number;
  /** Why there was none, or what was wrong with it. */
  error?: string;
  /** Milliseconds, body included. */
  ms: number;
  /** Bytes of the body. */
  sent: number;
  received: number;
  /** 1 for the first try. */
  attempt: number;
  /** Only where bodies are asked for. */
  requestBody?: string;
  responseBody?: string;
}

interface Attempt {
  attempt: number;
  /** When it began, by `Date.now()`. */
  begun: number;
  details: ApiErrorDetails;
  body: string | undefined;
  response: RawResponse | undefined;
  outcome: Answer | ApiError;
  bodies: boolean;
}

/** What the log gets of one attempt. */
export function exchangeOf(
  { attempt, begun, details, body = "", response, outcome, bodies }: Attempt,
  redact: (text: string) => string,
): HttpExchange {
  const text = response?.text ?? "";
  return {
    method: details.method,
    path: redact(details.path),
    ...(response ? { status: response.status } : {}),
    ...(outcome instanceof ApiError ? { error: `${outcome.what} [${outcome.code}]` } : {}),
    ms: Date.now() - begun,
    sent: Buffer.byteLength(body),
    received: Buffer.byteLength(text),
    attempt,
    ...(bodies ? { requestBody: redact(masked(body)), responseBody: redact(masked(text)) } : {}),
  };
}

const SECRET_KEY = /token|secret|passw|credential|authoriz|cookie|session|private|api[-_]?key|kubeconfig|certificate/i;

/** A body as a log may hold it: nothing stands under a key that may name a secret. */
export function masked(text: string): string {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    // What cannot be read cannot be masked: only that it is there.
    return text.trim() === "" ? "" : `(${text.length} characters that are no JSON)`;
  }
  return JSON.stringify(body, (key, value: unknown) =>
    SECRET_KEY.test(key) && value !== null && value !== "" ? "[hidden]" : unwrapped(value),
  );
}

const SECRET_TEXT = /-----BEGIN|(token|secret|password|key-data)["']?\s*[:=]/i;

/** A text may be JSON itself, as some servers keep metadata, or a file that holds secrets. */
function unwrapped(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    if (/^\s*[{[]/.test(value) && typeof JSON.parse(value) === "object") return masked(value);
  } catch {
    // An ordinary text.
  }
  return SECRET_TEXT.test(value) ? "[hidden]" : value;
}

/** One line for people. */
export function describeExchange({ method, path, status, error, ms, sent, received, attempt }: HttpExchange): string {
  const sizes = `${sent} bytes sent, ${received} received`;
  const tries = attempt > 1 ? `, try ${attempt}` : "";
  return `${method} ${path} ${status ?? "no answer"} ${ms} ms, ${sizes}${tries}${error ? `: ${error}` : ""}`;
}
