/** Rows as the rest of the code knows them, whatever spelling the server used. */
export interface NamedRow {
  id: string;
  name: string;
}

export type Json = Record<string, unknown>;
export type ParseRow<Row> = (row: Json) => Row;

export const NIL_ID = "00000000-0000-0000-0000-000000000000";

export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
/** `subType` as older servers spell it. */
export const snake = (key: string) => key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);

/** The value under the new (camelCase) or the old (snake_case) spelling of a key; the new one wins. */
export function pick(row: Json, key: string): unknown {
  return row[key] ?? row[snake(key)];
}
/** The text under the first of the keys that a row has; empty where it has none. */
export function textIn(row: Json, ...keys: readonly string[]): string {
  const value = keys.map((key) => pick(row, key)).find((one) => one !== undefined && one !== null);
  return typeof value === "string" ? value : "";
}

/** The id under the first of the keys that holds one; an empty or nil one counts as absent. */
export const idIn = (row: Json, ...keys: readonly string[]): string | undefined =>
  keys.map((key) => textIn(row, key)).find((id) => id !== "" && id !== NIL_ID);

/** Old servers mark a deleted row with `{Time, Valid}`, new ones with a time; `null`, absent and the zero time mean alive. */
export function isDeleted(row: Json): boolean {
  const value = pick(row, "deletedAt");
  if (isObject(value)) return value.Valid === true;
  return typeof value === "string" && value !== "" && !value.startsWith("0001-01-01");
}

/** The ids in a user's profile. */
export function userIds(profile: unknown): string[] {
  if (!isObject(profile)) return [];
  return [...new Set(["id", "userId"].flatMap((key) => idIn(profile, key) ?? []))];
}

/**
 * The object in the answer to a write or to a read of one object: an object, or a page that holds one. Undefined where the
 * body is empty, zeroed, or of another kind: such an answer says nothing and the list has to be read.
 */
export function readObject<Row extends NamedRow>(body: unknown, key: string, parse: ParseRow<Row>): Row | undefined {
  if (!isObject(body)) return undefined;
  const page = pick(body, key);
  const row = Array.isArray(page) ? (page.length === 1 ? page[0] : undefined) : body;
  return isObject(row) && idIn(row, "id") !== undefined && !isDeleted(row) ? parse(row) : undefined;
}

/** Whether the answer to an assignment states exactly the pair that was sent, as a mapping row or a page of one. */
export function confirmsPair(body: unknown, pair: Record<string, string>): boolean {
  if (!isObject(body)) return false;
  const rows = [body, ...Object.values(body).filter(Array.isArray).flat().filter(isObject)];
  return rows.some((row) => !isDeleted(row) && Object.entries(pair).every(([key, id]) => textIn(row, key) === id));
}
