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
  /** Seconds, from Retry-After. */
  retryAfter?: number;
  /** True where the request cannot have reached the server. */
  neverSent?: boolean;
}

/** A failed call. Its message carries method, path, status and what the server said, never the token. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly code: ApiErrorCode,
    readonly what: string,
    readonly details: ApiErrorDetails,
  ) {
    const status = details.status === undefined ? "" : ` answered ${details.status}`;
    const said = details.said ? `: ${details.said}` : "";
    super(`${what} (${details.method} ${details.path}${status}${said})`);
  }

  /** Whether the answer points at a missing row; the complete list decides (see `Collection`). */
  get mayBeAbsent(): boolean {
    return this.code === "not-found";
  }
}
