import type { ApiErrorCode } from "./errors";

/** A successful answer; `body` is undefined where the server sent none, which many writes do. */
export interface Answer {
  body: unknown;
}

export interface Failure {
  code: ApiErrorCode;
  what: string;
  said: string;
}

/** Whether an answer is a page for people: a login page, or the catch-all that serves the user interface. */
export function isPage(text: string, contentType: string): boolean {
  return /text\/html/i.test(contentType) || /^\s*<(!doctype|html)/i.test(text);
}

/**
 * What a status and a body mean. Undefined for success. Older servers answered 404 for every failure of their provider and
 * named the real status in the text; the newest ones answer 502 with "record not found" for a missing row.
 */
export function failureOf(
  status: number,
  text: string,
  { page, location }: { page: boolean; location: string },
): Failure | undefined {
  if (status >= 300 && status < 400) {
    const code = /(^|\/)provider\/?(\?|$)/.test(location) ? "provider-not-named" : "not-authenticated";
    return {
      code,
      what: "The server redirects to a sign-in page",
      said: location ? `redirect to ${location.split("?")[0]}` : "",
    };
  }
  // A proxy in front of a server that fails answers with pages of its own.
  if (page && status >= 500) return { code: "server-error", what: "The server failed", said: "a web page" };
  if (page)
    return {
      code: "not-authenticated",
      what: "The server answered with a web page",
      said: "a web page instead of JSON",
    };
  if (status < 300) return undefined;
  const said = messageOf(text);
  const inner = /Status Code:?\s*(\d{3})/i.exec(text)?.[1];
  const real = status === 404 && inner ? Number(inner) : status;
  if (real === 401) return { code: "not-authenticated", what: "Not authenticated", said };
  if (real === 403) return { code: "not-allowed", what: "Not allowed", said };
  if (real === 404 || (real >= 500 && /record not found/i.test(text))) {
    return { code: "not-found", what: "The server did not find it", said };
  }
  if (real >= 500) return { code: "server-error", what: "The server failed", said };
  if (real === 408) return { code: "timeout", what: "The server ran out of time", said };
  return { code: "refused", what: "The server refused the request", said };
}

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
