/** Why a call to Meshery failed: a closed set, so that callers decide by code and never by text. */
export type ApiErrorCode =
  /** The server could not be reached, or the connection broke. */
  | "unreachable"
  /** No answer within the time limit. */
  | "timeout"
  /** A redirect, a login page, or 401: Meshery does not know who is calling. */
  | "not-authenticated"
  /** The server wants to be told which provider signs the user in. */
  | "provider-not-named"
  /** 403. */
  | "not-allowed"
  /** 404, or an error whose text says that the record was not found. Never by itself a proof of absence. */
  | "not-found"
  /** Any other 4xx: the request itself was refused. */
  | "refused"
  /** 5xx. */
  | "server-error"
  /** An answer that is not what the API promises. */
  | "unreadable"
  /** A list that changed each time it was read, or that ended before its own total. */
  | "incomplete-list";

export interface ApiErrorDetails {
  method: string;
  /** Path and query without the origin. */
  path: string;
  status?: number;
  /** What the server said, shortened, secrets removed. */
  said?: string;
  /** What it means here, and where the values came from that may be wrong; sentences. */
  why?: string;
  /** Seconds, from Retry-After. */
  retryAfter?: number;
  /** True where the request cannot have reached the server. */
  neverSent?: boolean;
}

const REMEDIES: Record<ApiErrorCode, string> = {
  unreachable: "See whether Meshery runs there, and whether the address and HTTPS_PROXY are right.",
  timeout: "See why the server is slow, or raise timeout (seconds).",
  "not-authenticated":
    'Get a new token ("Get Token" in Meshery\'s user menu, or `mesheryctl system login`), give it as MESHERY_TOKEN, and check the address.',
  "provider-not-named": "",
  "not-allowed": "Use the token of a user who may, or ask an administrator of the organization for the permission.",
  "not-found": "It may be gone, in another organization, or out of sight of the token's user.",
  refused: "Change what the server objects to, and run again.",
  "server-error": "See the server's log. Running again is safe: what was done already is found and not done twice.",
  unreadable: "See whether the address is that of a Meshery API.",
  "incomplete-list": "Run again.",
};

/** A failed call. Its message carries method, path, status and what the server said, never the token. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly code: ApiErrorCode,
    /** One sentence without a full stop. */
    readonly what: string,
    readonly details: ApiErrorDetails,
  ) {
    super(`${what}. ${explanation(code, details)}`);
  }

  /** Everything but `what`: what it means, which request it was, and what to do. */
  get explanation(): string {
    return explanation(this.code, this.details);
  }

  /** Whether the answer points at a missing row; the complete list decides (see `Collection`). */
  get mayBeAbsent(): boolean {
    return this.code === "not-found";
  }
}

function explanation(code: ApiErrorCode, { method, path, status, said, why }: ApiErrorDetails): string {
  // The query is of our own making and tells a person nothing.
  const request = `${method} ${path.split("?")[0]}${status === undefined ? "" : ` answered ${status}`}`;
  const asked = said ? `${request}: ${said.replace(/\.$/, "")}.` : `${request}.`;
  return [why, asked, REMEDIES[code]].filter(Boolean).join(" ");
}
