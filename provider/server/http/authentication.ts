import type { Era } from "../eras/era";
import type { UserRow } from "../store/rows";
import type { Store } from "../store/store";
import { isLocalProvider, type Providers } from "./providers";
import { type Reply, redirect } from "./replies";
import type { Tokens } from "./tokens";

/** Who asks. */
export interface Viewer {
  readonly user: UserRow;
  /** True behind the Local provider, which has one user and no permissions. */
  readonly local: boolean;
}

/** The parts of a request that say who asks. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly query: URLSearchParams;
  readonly rawQuery: string;
  readonly path: string;
}

/** What a server knows of those who may ask. */
export interface AuthenticationContext {
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
export function authenticate(request: Credentials, context: AuthenticationContext): Viewer | Reply {
  const cookies = cookiesOf(request.headers.cookie);
  const token = tokenOf(request, context.era, cookies);
  if (context.era.providers) return throughProvider(request, context, cookies, token);
  const viewer = viewerOf(token, context);
  if (viewer !== undefined) return viewer;
  const message = token === undefined ? "missing or malformed token" : "invalid or expired token";
  return { status: 401, json: context.era.errors === "message" ? { message } : { error: message } };
}

/** Meshery Server asks first for a provider, then for what that provider wants; whoever lacks it is redirected. */
function throughProvider(
  request: Credentials,
  context: AuthenticationContext,
  cookies: Map<string, string>,
  token: string | undefined,
): Viewer | Reply {
  const header = request.headers["meshery-provider"];
  const cookie = cookies.get("meshery-provider");
  const { remote, local, enforced } = context.providers;
  const name = cookie || (header ?? "").toString() || request.query.get("provider") || enforced || "";
  const chooser = redirect(`/provider${request.rawQuery === "" ? "" : `?${request.rawQuery}`}`);
  if (local !== undefined && isLocalProvider(name)) {
    const user = context.store.users.get(context.administrator);
    return user === undefined ? chooser : { user, local: true };
  }
  if (name !== remote) return chooser;
  const reference = `ref=${encodeURIComponent(Buffer.from(request.path).toString("base64url"))}`;
  if (token === undefined || token === "") {
    return redirect(`${context.baseUrl}/login?source=${encodeURIComponent(context.baseUrl)}&${reference}`);
  }
  const viewer = viewerOf(token, context);
  if (viewer !== undefined) return viewer;
  const retries = Number(cookies.get("meshery_auth_retries") ?? 0) || 0;
  if (retries >= 3) return { status: 401, text: "token expired or invalid\n" };
  return redirect(cookie === undefined ? "/provider" : `/auth/login?provider=${name}&${reference}`, [
    "token=; Path=/; Max-Age=0",
    `meshery_auth_retries=${retries + 1}; Path=/; Max-Age=120`,
  ]);
}

function viewerOf(token: string | undefined, { tokens }: AuthenticationContext): Viewer | undefined {
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
