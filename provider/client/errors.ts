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
  /** 429, or 503 with Retry-After: the server wants to be asked later. */
  | "throttled"
  /** The run was told to stop. `neverSent` where the request had not begun. */
  | "stopped"
  /** The server has no such route. */
  | "no-route"
  /** Something answers there that is no Meshery API. */
  | "not-meshery"
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
  said?: string | undefined;
  /** What it means here, and where the values came from that may be wrong; sentences. */
  why?: string | undefined;
  /** Seconds after which the server may be asked again. */
  retryAfter?: number | undefined;
  /** True where the answer is nothing that a Meshery API says. */
  unlikeMeshery?: boolean;
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
  throttled: "Run again later, or with less at a time (-parallelism, --parallel).",
  stopped: "Run again: what was done already is found and not done twice.",
  "no-route": "See whether this version of Meshery offers it, and whether the address is right.",
  "not-meshery":
    "Give the address of a Meshery Server or of Meshery Cloud, without a path of its user interface (argument url, or MESHERY_URL).",
  "server-error": "See the server's log. Running again is safe: what was done already is found and not done twice.",
  unreadable: "See whether the address is that of a Meshery API.",
  "incomplete-list": "Run again.",
};

/** A failed call. Its message carries method, path, status and what the server said, never the token. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** One sentence without a full stop. */
  readonly what: string;

  constructor(
    readonly code: ApiErrorCode,
    what: string,
    readonly details: ApiErrorDetails,
  ) {
    super(`${visible(what)}. ${explanation(code, details)}`);
    this.what = visible(what);
  }

  /** Everything but `what`: what it means, which request it was, and what to do. */
  get explanation(): string {
    return explanation(this.code, this.details);
  }

  /** Whether the answer points at a missing row; the complete list decides (see `CachedList`). */
  get mayBeAbsent(): boolean {
    return this.code === "not-found";
  }
}

/** What is not sent, or not waited for, because the run was told to stop. */
export function stopped(details: ApiErrorDetails, neverSent = false): ApiError {
  const after = details.status === undefined ? "The answer was not waited for." : "It was not tried again.";
  const why = neverSent ? "Nothing was sent." : after;
  return new ApiError("stopped", "The run was told to stop", { ...details, neverSent, why });
}

/** Text as a terminal may show it: what would move its cursor, or turn the direction of writing, is spelled out. */
export const visible = (text: string): string =>
  text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what it is about.
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

function explanation(code: ApiErrorCode, { method, path, status, said, why }: ApiErrorDetails): string {
  // The query is of our own making and tells a person nothing.
  const request = `${method} ${path.split("?")[0]}${status === undefined ? "" : ` answered ${status}`}`;
  const asked = path === "" ? "" : said ? `${request}: ${said.replace(/\.$/, "")}.` : `${request}.`;
  return visible([why, asked, REMEDIES[code]].filter(Boolean).join(" "));
}
