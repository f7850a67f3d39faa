import type { Era } from "../eras/era";
import type { FaultEffect } from "../faults";
import { loginPage, userInterface } from "./pages";

/** What a handler answers: JSON, HTML, text or, without any of them, an empty body. */
export interface Reply {
  readonly status: number;
  readonly json?: unknown;
  readonly html?: string;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
}

/** A redirect as Go's `http.Redirect` writes it. */
export function redirect(location: string, cookies: string[] = []): Reply {
  return {
    status: 302,
    html: `<a href="${location.replaceAll("&", "&amp;").replaceAll('"', "&#34;").replaceAll("<", "&lt;")}">Found</a>.\n\n`,
    headers: { location, ...(cookies.length > 0 ? { "set-cookie": cookies } : {}) },
  };
}

/** The answer to a path or method that is not routed. */
export function routeNotFound(method: string, known: boolean, { unknownPath, errors }: Era): Reply {
  const reading = method === "GET" || method === "HEAD";
  if (unknownPath === "user interface") return reading ? { status: 200, html: userInterface() } : { status: 405 };
  const [status, message] = known ? [405, "Method Not Allowed"] : [404, "Not Found"];
  return { status, json: errors === "message" ? { message } : { error: message } };
}

/** A third-party provider's answer to a path it does not know, signed in or not. */
export function unknownPathSucceeded(method: string, providerUrl: string): Reply {
  if (method !== "GET" && method !== "HEAD") return { status: 405, text: "Method Not Allowed\n" };
  return {
    status: 200,
    json: { name: "Remote Provider", providerUrl, routes: ["/api/environments", "/api/workspaces"] },
  };
}

/** The reply with the era's type of JSON, where it says none itself. */
export function withJsonType(reply: Reply, { jsonType }: Era): Reply {
  return reply.json === undefined ? reply : { ...reply, headers: { "content-type": jsonType, ...reply.headers } };
}

/** What a fault puts in the place of an answer. */
export function replacementBy(effect: FaultEffect, when: "before" | "after"): Reply | "drop" | undefined {
  switch (effect.kind) {
    case "drop":
      return effect.when === when ? "drop" : undefined;
    case "status":
      if ((effect.when ?? "before") !== when) return undefined;
      return {
        status: effect.status,
        text: effect.body ?? "injected fault\n",
        headers: effect.retryAfter === undefined ? {} : { "retry-after": effect.retryAfter },
      };
    case "login page":
      return when === "before" ? { status: 200, html: loginPage() } : undefined;
    case "redirect":
      return when === "before" ? redirect(effect.location) : undefined;
    case "latency":
    case "call":
    case "shift":
      return undefined;
    default:
      return effect satisfies never;
  }
}
