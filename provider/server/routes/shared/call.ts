import type { Era } from "../../eras/era";
import type { Viewer } from "../../http/authentication";
import { Failure } from "../../http/failure";
import type { Providers } from "../../http/providers";
import type { Reply } from "../../http/replies";
import type { Quirks } from "../../quirks";
import type { Store } from "../../store/store";

/** One request on its way through a handler. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly rawBody: Buffer;
  readonly era: Era;
  readonly quirks: Quirks;
  readonly providers: Providers;
  readonly viewer: Viewer;
  /** Where writes go. */
  readonly store: Store;
  /** What reads see: the store, or for a while what it was before the last writes. */
  readonly view: Store;
  /** By how many rows the list seems to have moved since its first page. */
  readonly shift: number;
  /** Changes from one request to the next, in an order that is the same in every run. */
  readonly variation: number;
  /** Names that are taken are refused with this status. */
  readonly duplicateNames: "allowed" | 403 | 409;
  /** Address of this server, for links in answers. */
  readonly baseUrl: string;
}

export type Handler = (call: Call) => Reply;

export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Template such as `/api/environments/{id}`. */
  readonly path: string;
  readonly handle: Handler;
  /** True for paths that need no token. */
  readonly open?: boolean;
  /** Eras that have the route; all when left out. */
  readonly in?: (era: Era) => boolean;
}

/** Whether rows come as the Local provider of the newer schemas encodes them. */
export const isNewerLocal = ({ viewer, era }: Pick<Call, "viewer" | "era">) =>
  viewer.local && era.local?.newerRows === true;

/** Whom a new row belongs to: the Local provider has one user, whose id it writes nowhere. */
export const ownerOf = ({ viewer }: Call) => (viewer.local ? nilUuid : viewer.user.id);

/** What the Local provider's database says of a row that is not there. */
export const noRecord =
  "The record in the database does not exist. | Short Description: record not found | Probable Cause: The record might have been deleted. | Suggested Remediation: ";

/** What parsing `id` as a UUID complains of. */
export const badUuid = (id: string) => `uuid: incorrect UUID length ${Buffer.byteLength(id)} in string "${id}"`;

export const nilUuid = "00000000-0000-0000-0000-000000000000";
export const isUuid = (text: string) => /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);

/** A path parameter; it is there, or the route's template is wrong. */
export function parameter(call: Call, name: string): string {
  const value = call.params[name];
  if (value === undefined) throw new Error(`route has no parameter ${name}`);
  return value;
}

/** A failure of the request itself, in no way dependent on the era. */
export const badRequest = (message: string) => new Failure("request", 400, message);
