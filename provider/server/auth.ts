import { createHmac, randomBytes } from "node:crypto";
import type { Reply, Viewer } from "./call";
import type { Era } from "./eras";
import { administratorKey } from "./load";
import type { UserRow } from "./rows";
import type { Store } from "./store";

/** Name of the remote provider, as Meshery Server registers it by default. */
const remoteProvider = "Meshery";
const local = /^(local|none)$/i;

/** The providers that a server offers. */
export interface Providers {
  readonly remote: string;
  /** Name of the one without users, where it is offered. */
  readonly local?: string;
  /** The one for those who choose none. */
  readonly enforced?: string;
}

/**
 * @param enforced what the server was told to enforce, if anything: a remote provider is then the only one
 * @throws Error where the era knows no providers
 */
export function providersOf(era: Era, enforced: string | undefined): Providers {
  if (enforced === undefined) return { remote: remoteProvider, local: era.local?.name };
  if (!era.providers) throw new Error(`the API of ${era.name} has no providers, so none can be enforced`);
  if (!local.test(enforced)) return { remote: enforced, enforced };
  return { remote: remoteProvider, local: era.local?.name, enforced: era.local?.name };
}

/** The parts of a request that say who asks. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly query: URLSearchParams;
  readonly rawQuery: string;
  readonly path: string;
}

/** The tokens of a server's users. They live in memory alone: neither the data file nor a log ever holds one. */
export class Tokens {
  /** Keys of users by their tokens; rows may be replaced while their keys stay. */
  readonly #keys = new Map<string, string>();

  constructor(
    private readonly store: Store,
    /** Token of the administrator; the other users' tokens are derived from it. */
    private readonly administratorToken: string = randomBytes(24).toString("base64url"),
  ) {}

  /**
   * @param key the user's key in the world
   * @throws Error where there is no such user
   */
  of(key: string): string {
    if (this.store.users.find({ key, deletedAt: null }) === undefined) {
      const known = this.store.users.list({ deletedAt: null }).map((user) => user.key);
      throw new Error(`no user ${key}; there are: ${known.join(", ")}`);
    }
    return this.#derived(key);
  }

  /** The user whose token it is. */
  userOf(token: string): UserRow | undefined {
    if (!this.#keys.has(token)) {
      this.#keys.clear();
      for (const { key } of this.store.users.list({ deletedAt: null })) this.#keys.set(this.#derived(key), key);
    }
    const key = this.#keys.get(token);
    return key === undefined ? undefined : this.store.users.find({ key, deletedAt: null });
  }

  #derived(key: string): string {
    if (key === administratorKey) return this.administratorToken;
    return createHmac("sha256", this.administratorToken).update(key).digest("base64url");
  }
}

/** What a server knows of those who may ask. */
export interface Gate {
  readonly era: Era;
  readonly providers: Providers;
  readonly tokens: Tokens;
  readonly store: Store;
  /** Id of the user the Local provider takes everybody for. */
  readonly administrator: string;
  readonly baseUrl: string;
}

/**
 * Finds out who asks, or how the era answers someone it does not know.
 *
 * @returns the viewer, or the reply that refuses the request
 */
export function authenticate(request: Credentials, gate: Gate): Viewer | Reply {
  const cookies = cookiesOf(request.headers.cookie);
  const token = tokenOf(request, gate.era, cookies);
  if (gate.era.providers) return throughProvider(request, gate, cookies, token);
  const viewer = viewerOf(token, gate);
  if (viewer !== undefined) return viewer;
  const message = token === undefined ? "missing or malformed token" : "invalid or expired token";
  return { status: 401, json: gate.era.errors === "message" ? { message } : { error: message } };
}

/** Meshery Server asks first for a provider, then for what that provider wants; whoever lacks it is sent elsewhere. */
function throughProvider(
  request: Credentials,
  gate: Gate,
  cookies: Map<string, string>,
  token: string | undefined,
): Viewer | Reply {
  const header = request.headers["meshery-provider"];
  const cookie = cookies.get("meshery-provider");
  const { remote, local: withoutUsers, enforced } = gate.providers;
  const name = cookie || (header ?? "").toString() || request.query.get("provider") || enforced || "";
  const chooser = redirect(`/provider${request.rawQuery === "" ? "" : `?${request.rawQuery}`}`);
  if (withoutUsers !== undefined && local.test(name)) {
    const user = gate.store.users.get(gate.administrator);
    return user === undefined ? chooser : { user, local: true };
  }
  if (name !== remote) return chooser;
  const reference = `ref=${encodeURIComponent(Buffer.from(request.path).toString("base64url"))}`;
  if (token === undefined || token === "") {
    return redirect(`${gate.baseUrl}/login?source=${encodeURIComponent(gate.baseUrl)}&${reference}`);
  }
  const viewer = viewerOf(token, gate);
  if (viewer !== undefined) return viewer;
  const retries = Number(cookies.get("meshery_auth_retries") ?? 0) || 0;
  if (retries >= 3) return { status: 401, text: "token expired or invalid\n" };
  return redirect(cookie === undefined ? "/provider" : `/auth/login?provider=${name}&${reference}`, [
    "token=; Path=/; Max-Age=0",
    `meshery_auth_retries=${retries + 1}; Path=/; Max-Age=120`,
  ]);
}

function viewerOf(token: string | undefined, { tokens }: Gate): Viewer | undefined {
  if (token === undefined) return undefined;
  const user = tokens.userOf(token) ?? tokens.userOf(accessTokenOf(token));
  return user === undefined ? undefined : { user, local: false };
}

/** Tokens may come as the base64 of an OAuth token; anything that is none is the access token itself. */
function accessTokenOf(token: string): string {
  try {
    const decoded: unknown = JSON.parse(Buffer.from(token, "base64").toString("utf8"));
    const access = (decoded as { access_token?: unknown } | null)?.access_token;
    return typeof access === "string" ? access : token;
  } catch {
    return token;
  }
}

function tokenOf({ headers }: Credentials, era: Era, cookies: Map<string, string>): string | undefined {
  const bearer = era.token.bearer ? /^bearer\s+(\S+)$/i.exec(headers.authorization?.toString() ?? "")?.[1] : undefined;
  return bearer ?? (era.token.cookie ? cookies.get("token") : undefined);
}

function cookiesOf(header: string | string[] | undefined): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of (Array.isArray(header) ? header.join(";") : (header ?? "")).split(";")) {
    const equals = pair.indexOf("=");
    if (equals > 0)
      cookies.set(
        pair.slice(0, equals).trim(),
        pair
          .slice(equals + 1)
          .trim()
          .replace(/^"(.*)"$/, "$1"),
      );
  }
  return cookies;
}

/** A redirect as Go's `http.Redirect` writes it. */
export function redirect(location: string, cookies: string[] = []): Reply {
  return {
    status: 302,
    html: `<a href="${location.replaceAll("&", "&amp;").replaceAll('"', "&#34;").replaceAll("<", "&lt;")}">Found</a>.\n\n`,
    headers: { location, ...(cookies.length > 0 ? { "set-cookie": cookies } : {}) },
  };
}
