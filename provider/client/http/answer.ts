import type { ApiErrorCode } from "../errors";

/** A successful answer; `body` is undefined where the server sent none, which many writes do. */
export interface Answer {
  status: number;
  body: unknown;
  /** About how many bytes it takes as objects. */
  weight: number;
}

/** About how many bytes a JSON text takes once it is parsed: a short one may be a great many empty objects. */
export function weightOf(text: string): number {
  let weight = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x7b || code === 0x5b) weight += 56;
    else if (code === 0x2c) weight += 16;
  }
  return weight;
}

export interface Failure {
  code: ApiErrorCode;
  what: string;
  said: string;
}

export interface ReceivedResponse {
  method: string;
  status: number;
  text: string;
  contentType: string;
  location: string;
  /** Whether the header Retry-After was there. */
  retryAfter: boolean;
}

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** What servers answer where they know no such route, which says nothing of a row. */
const UNKNOWN_ROUTE = /^\s*404 page not found\s*$/i;

/** What a status and a body mean. Undefined for success. */
export function failureOf(response: ReceivedResponse): Failure | undefined {
  if (response.status < 300) return pageFailure(response);
  return response.status < 400 ? redirectFailure(response) : statusFailure(response);
}

function redirectFailure({ location }: ReceivedResponse): Failure {
  const code = /(^|\/)provider\/?(\?|$)/.test(location) ? "provider-not-named" : "not-authenticated";
  const said = location ? `redirect to ${location.split("?")[0]}` : "";
  return { code, what: "The server redirects to a sign-in page", said };
}

/** A success that is a web page is none. */
function pageFailure({ method, text, contentType }: ReceivedResponse): Failure | undefined {
  if (isHtmlType(contentType) && isJson(text)) {
    return { code: "unreadable", what: "The server sends its answer as a web page", said: "JSON as text/html" };
  }
  if (!isWebPage(text, contentType)) return undefined;
  // A read that is answered so is not signed in. Of a write it says nothing: it may have been carried out.
  const code = method === "GET" ? "not-authenticated" : "unreadable";
  return { code, what: "The server answered with a web page", said: "a web page instead of JSON" };
}

/**
 * Older servers answered 404 for every failure of their provider and named the real status in the text; the newest ones answer
 * 502 with "record not found" for a missing row.
 */
function statusFailure({ status, text, contentType, retryAfter }: ReceivedResponse): Failure {
  const page = isWebPage(text, contentType);
  const said = page ? "a web page" : messageOf(text);
  if (status === 405 || (status === 404 && (page || UNKNOWN_ROUTE.test(text)))) {
    return { code: "no-route", what: "This server has no such route", said };
  }
  const named = /Status Code:?\s*(\d{3})/i.exec(text)?.[1];
  const real = status === 404 && named ? Number(named) : status;
  if (real === 401) return { code: "not-authenticated", what: "Not authenticated", said };
  if (real === 403) return { code: "not-allowed", what: "Not allowed", said };
  if (real === 404 || (real >= 500 && /record not found/i.test(text))) {
    return { code: "not-found", what: "The server did not find it", said };
  }
  if (real === 429 || (real === 503 && retryAfter)) {
    return { code: "throttled", what: "The server asks to be called less often", said };
  }
  if (real >= 500) return { code: "server-error", what: "The server failed", said };
  if (real === 408) return { code: "timeout", what: "The server ran out of time", said };
  return { code: "refused", what: "The server refused the request", said };
}

const isHtmlType = (contentType: string): boolean => /text\/html/i.test(contentType);

const isWebPage = (text: string, contentType: string): boolean =>
  /^\s*<(!doctype|html)/i.test(text) || (isHtmlType(contentType) && text.trim() !== "" && !isJson(text));

const LONGEST_MESSAGE = 400;

/** One line from an error body: JSON of Meshery Server (`error`), of Meshery Cloud (`message`), or plain text. */
export function messageOf(text: string): string {
  let message = text;
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null) {
      const row = body as Record<string, unknown>;
      const main = [row.error, row.message].find((x): x is string => typeof x === "string" && x !== "");
      const details = [row.longDescription, row.probableCause].flat().filter((x): x is string => typeof x === "string");
      if (main !== undefined) message = [main, ...details.filter((d) => d !== main)].join("; ");
    }
  } catch {
    // Plain text, as older servers send it.
  }
  const line = message.replace(/\s+/g, " ").trim();
  return line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE)}…` : line;
}
