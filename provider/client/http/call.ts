import { ApiError } from "../errors";
import { isObject, NIL_ID } from "../models";

export interface Call {
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** Begins with `/api/`; ids in it are already encoded (see `segment`). */
  path: string;
  query?: Record<string, string | number | undefined> | undefined;
  body?: unknown;
}

/**
 * An id as one segment of a path.
 * @throws ApiError `refused` where it cannot be one: a dot or two would be taken for a folder, and an empty one for none.
 */
export function segment(id: string): string {
  // Half of a surrogate pair cannot be encoded.
  const sound = !/[\ud800-\udfff]/u.test(id);
  if (!sound || id.trim() === "" || id === "." || id === ".." || id === NIL_ID) {
    throw new ApiError("refused", `${JSON.stringify(id)} is the id of nothing, and nothing was sent`, {
      method: "",
      path: "",
      neverSent: true,
      why: "It stands in the program, in the state, in what was imported, or in a list of the server.",
    });
  }
  return encodeURIComponent(id);
}

export function pathWithQuery({ path, query }: Call): string {
  const entries = Object.entries(query ?? {}).filter(([, value]) => value !== undefined);
  return entries.length === 0
    ? path
    : `${path}?${new URLSearchParams(entries.map(([key, value]): [string, string] => [key, String(value)])).toString()}`;
}

/** The organization that a request is about. */
export function organizationOf({ query, body }: Call): string | undefined {
  const id = query?.orgId ?? (isObject(body) ? body.organizationId : undefined);
  return typeof id === "string" ? id : undefined;
}

/** Meshery Cloud reads the organization from a header, whose name has changed. */
export const organizationHeaders = (id: string | undefined): Record<string, string> =>
  id !== undefined && /^[\x21-\x7e]+$/.test(id) ? { "x-current-orgid": id, "layer5-current-orgid": id } : {};
