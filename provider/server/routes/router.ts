import type { Era } from "../eras/era";
import type { Quirks } from "../quirks";
import { connectionRoutes } from "./connections";
import { credentialRoutes } from "./credentials";
import { environmentRoutes } from "./environments";
import { identityRoutes } from "./identity";
import type { Route } from "./shared/call";
import { systemRoutes } from "./system";
import { workspaceRoutes } from "./workspaces";

export interface Match {
  /** The route, or `undefined` where the path is known but not with this method. */
  readonly route?: Route;
  /** Template of the path; the path itself where it is unknown. */
  readonly template: string;
  readonly params: Readonly<Record<string, string>>;
  readonly known: boolean;
}

/** The routes of one era. */
export class Router {
  readonly #routes: readonly { route: Route; segments: readonly string[] }[];

  constructor(era: Era, quirks: Readonly<Quirks>) {
    this.#routes = [
      ...environmentRoutes,
      ...workspaceRoutes,
      ...connectionRoutes,
      ...credentialRoutes,
      ...identityRoutes,
      ...systemRoutes,
    ]
      .filter((route) => (route.in?.(era) ?? true) && !isLacking(route, quirks))
      .map((route) => (quirks.connectionsElsewhere ? moved(route) : route))
      .map((route) => ({ route, segments: route.path.split("/") }));
  }

  /** @throws URIError where the path's percent signs are wrong */
  match(method: string, path: string): Match {
    const segments = path.split("/").map(decodeURIComponent);
    let template: string | undefined;
    for (const { route, segments: wanted } of this.#routes) {
      if (wanted.length !== segments.length) continue;
      if (
        !wanted.every((segment, index) =>
          segment.startsWith("{") ? segments[index] !== "" : segment === segments[index],
        )
      ) {
        continue;
      }
      template = route.path;
      if (route.method !== method) continue;
      const params: Record<string, string> = {};
      for (const [index, segment] of wanted.entries()) {
        if (segment.startsWith("{")) params[segment.slice(1, -1)] = segments[index] ?? "";
      }
      return { route, template, params, known: true };
    }
    return { template: template ?? path, params: {}, known: template !== undefined };
  }
}

function isLacking({ path }: Route, quirks: Readonly<Quirks>): boolean {
  return (
    (quirks.noUser && path === "/api/user") ||
    (quirks.noProviders && path === "/api/providers") ||
    (quirks.noEdges && /^\/api\/(environments|workspaces)\/\{id\}\//.test(path))
  );
}

const moved = (route: Route): Route => ({
  ...route,
  path: route.path.replace("/api/integrations/connections", "/api/connections"),
});
