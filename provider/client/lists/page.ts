import { ApiError } from "../errors";
import { isDeleted, isObject, type Json, NIL_ID, type ParseRow, pick } from "../models";

/** One page of a list, under whichever envelope the server uses. */
export interface Page<Row> {
  /** Rows that count: neither deleted nor of the nil id. */
  rows: Row[];
  /** Rows in all, as the server counts them; undefined where it does not say. */
  total: number | undefined;
  /** Rows on this page, those that do not count included. */
  count: number;
  /** Ids of all of them, by which a repeated page is recognized. */
  ids: string[];
  /** The server counts rows and sends `null` for them: its own query failed, and it did not say so. */
  rowsMissing: boolean;
}

/** What stands around the rows of a page, and all that is left of a page whose zero values were left out. */
const ENVELOPE = new Set(["page", "pageSize", "page_size", "totalCount", "total_count", "statusSummary"]);

/**
 * Reads a page: `{environments: [...], totalCount}`; `total_count`; the rows under `data`; a bare array; and, for an empty list,
 * `{}` or an envelope without rows (generated Go code leaves out zero values). Anything else may be an error that looks like a
 * success, and is never an empty list.
 * @throws ApiError `unreadable`
 */
export function readPage<Row>(
  body: unknown,
  key: string,
  parse: ParseRow<Row>,
  call: { method: string; path: string },
): Page<Row> {
  const unreadable = (what: string, said?: string) => new ApiError("unreadable", what, { ...call, said });
  if (isObject(body) && body.error !== undefined && body.error !== null && body.error !== "") {
    const said = typeof body.error === "string" ? body.error : JSON.stringify(body.error).slice(0, 200);
    throw unreadable(`The server answered with an error where a list of ${key} was asked`, said);
  }
  const list = listIn(body, key);
  if (!list) {
    const details = { ...call, said: shapeOf(body), unlikeMeshery: isObject(body) ? !(key in body) : true };
    throw new ApiError("unreadable", `The server's answer holds no list of ${key}`, details);
  }
  const total = isObject(body) ? (pick(body, "totalCount") ?? undefined) : undefined;
  if (total !== undefined && !(typeof total === "number" && Number.isSafeInteger(total) && total >= 0)) {
    throw unreadable(`The server's list of ${key} has a total that is no count`, JSON.stringify(total).slice(0, 50));
  }
  const known = list.rows.filter((row, i): row is Json & { id: string } => {
    if (!isObject(row) || typeof row.id !== "string" || row.id.trim() === "") {
      throw unreadable(`Row ${i + 1} of the server's list of ${key} has no id`, shapeOf(row));
    }
    return row.id !== NIL_ID;
  });
  // Servers of some releases store one connection without an id; it stands for nothing. A second one cannot be.
  if (list.rows.length - known.length > (key === "connections" ? 1 : 0)) {
    throw unreadable(`Rows of the server's list of ${key} have the nil id`);
  }
  const alive = known.filter((row) => !isDeleted(row));
  if (total !== undefined && new Set(alive.map((row) => row.id)).size > total) {
    throw unreadable(`The server's list of ${key} has more rows than its own total of ${total}`);
  }
  return {
    rows: alive.map(parse),
    total,
    count: list.rows.length,
    ids: list.rows.map((row) => (row as { id: string }).id),
    rowsMissing: list.isNull && total !== undefined && total > 0,
  };
}

/** The rows in a body, whatever they are; undefined where it is no list. */
export function listIn(body: unknown, key: string): { rows: unknown[]; isNull: boolean } | undefined {
  if (Array.isArray(body)) return { rows: body, isNull: false };
  if (!isObject(body)) return undefined;
  const name = [key, "data"].find((name) => body[name] !== undefined);
  if (name === undefined) {
    return Object.entries(body).every(isEnvelope) ? { rows: [], isNull: false } : undefined;
  }
  const rows = body[name];
  if (rows === null) return { rows: [], isNull: true };
  return Array.isArray(rows) ? { rows, isNull: false } : undefined;
}

const isEnvelope = ([key, value]: [string, unknown]): boolean =>
  ENVELOPE.has(key) && (typeof value === "number" || (key === "statusSummary" && isObject(value)));

/** What an answer is, for a person who has to find out where it comes from. */
function shapeOf(value: unknown): string {
  if (value === undefined) return "an empty body";
  if (!isObject(value)) return JSON.stringify(value).slice(0, 100);
  const keys = Object.keys(value);
  return `an object with ${keys.length === 0 ? "no keys" : keys.slice(0, 8).join(", ")}`;
}
