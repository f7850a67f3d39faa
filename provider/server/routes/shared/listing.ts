import type { EnvelopeRule, Family, OrderName } from "../../eras/era";
import type { Viewer } from "../../http/authentication";
import { Failure } from "../../http/failure";
import type { SqlRow } from "../../store/sql";
import type { Store } from "../../store/store";
import { badRequest, type Call } from "./call";
import { type Condition, type Visible, visibleTo } from "./visibility";

/** Which rows of a list were asked for. */
export interface Page {
  /** As the client counts. */
  readonly number: number;
  /** Rows asked for; `undefined` is all of them. */
  readonly size: number | undefined;
  readonly offset: number;
}

/**
 * Reads page and page size from the query as the era does.
 *
 * @param zero whether a page of no rows can be asked for
 */
export function pageOf(call: Call, family: Family, zero = false): Page {
  const { cap, ...rule } = call.era.pages[family];
  const limit = call.quirks.uncappedPages ? undefined : cap;
  // Connections and credentials parse the numbers in the server and forgive; the others hand the text to the provider.
  const forgiving = family === "connections" || family === "credentials";
  const asked = rule.sizeNames.map((name) => call.query.get(name)).find((value) => value !== null && value !== "");
  let size: number | undefined;
  if (asked === "all") size = limit;
  else {
    const wanted = wholeNumber(call, asked, "page size", forgiving);
    size = Math.min(zero && wanted === 0 ? 0 : wanted || rule.defaultSize, limit ?? Number.MAX_SAFE_INTEGER);
  }
  const wanted = wholeNumber(call, call.query.get("page") ?? undefined, "page", forgiving) ?? 0;
  const number = call.quirks.pagesFromOne ? Math.max(wanted, 1) : wanted;
  const index = call.quirks.pagesFromOne ? number - 1 : number;
  // Only later pages can notice that rows have moved since the first one was read.
  const moved = index > 0 ? call.shift : 0;
  return { number, size, offset: size === undefined ? 0 : Math.max(index * size + moved, 0) };
}

function wholeNumber(call: Call, text: string | undefined | null, what: string, forgiving: boolean) {
  if (text === undefined || text === null || text === "") return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  if (forgiving) return undefined;
  throw new Failure("topology", 400, `failed to read the ${what}`, {
    code: "meshery-server-1033",
    cause: `strconv.ParseUint: parsing "${text.slice(0, 40)}": invalid syntax`,
    withoutStatus: call.viewer.local,
  });
}

export interface ListQuery {
  /** The table the rows are of. */
  readonly table: Visible | "credentials";
  /** Joins, where rows of the list are edges. */
  readonly join?: Condition;
  readonly conditions: readonly Condition[];
  readonly defaultOrder?: string;
}

export interface Listed {
  readonly rows: SqlRow[];
  readonly total: number;
}

const columns: Readonly<Record<OrderName, string>> = {
  name: "name",
  created_at: "created_at",
  updated_at: "updated_at",
  createdAt: "created_at",
  updatedAt: "updated_at",
  CreatedAt: "created_at",
  UpdatedAt: "updated_at",
};

/**
 * Reads one page of a list: visible rows only, ordered by `order=<name> [asc|desc]` from an allow-list, else by the
 * last change first, which moves rows between pages whenever something is written.
 */
export function listRows(store: Store, call: Call, query: ListQuery, page: Page): Listed {
  const { table } = query;
  const conditions = [
    ...query.conditions,
    ...(table === "credentials" ? [] : visibleTo(call.viewer, table)),
    ...searched(call, table),
  ];
  const from = `from ${table}${query.join ? ` ${query.join.sql}` : ""} where ${conditions.map(({ sql }) => sql).join(" and ")}`;
  const values = [...(query.join?.values ?? []), ...conditions.flatMap((condition) => condition.values)];
  const total = Number(store.sql.get(`select count(*) as n ${from}`, values)?.n ?? 0);
  const rows = store.sql.all(`select ${table}.* ${from} order by ${sorting(call, query)} limit ? offset ?`, [
    ...values,
    ...(call.quirks.unsteadyOrder ? [call.variation] : []),
    page.size ?? -1,
    page.offset,
  ]);
  return { rows, total: call.shift === 0 || page.offset === 0 ? total : Math.max(total - call.shift, 0) };
}

function searched(call: Call, table: string): Condition[] {
  const search = call.query.get("search");
  if (search === null || search === "") return [];
  return [{ sql: `instr(lower(${table}.name), ?) > 0`, values: [search.toLowerCase()] }];
}

function sorting(call: Call, { table, defaultOrder = "updated_at desc" }: ListQuery): string {
  // Rows of one second stand in the order of a hash, which is another one for every request.
  if (call.quirks.unsteadyOrder) return `substr(${table}.created_at, 1, 19), (${table}.rowid * ?) % 1000003`;
  return `${table}.${orderOf(call) ?? defaultOrder}, ${table}.rowid`;
}

/** The order that was asked for, where the era knows it. */
export function orderOf(call: Call): string | undefined {
  const [name = "", direction = "asc", more] = (call.query.get("order") ?? "").trim().split(/\s+/);
  const known = call.era.orders.find((order) => order === name);
  if (known === undefined || more !== undefined || !/^(asc|desc)$/i.test(direction)) return undefined;
  return `${columns[known]} ${direction.toLowerCase()}`;
}

/**
 * The JSON around the rows of a page.
 *
 * @param key name of the array, such as `environments`
 */
export function envelope(
  call: Call,
  rule: EnvelopeRule,
  key: string,
  rows: unknown[],
  total: number,
  page: Page,
): Record<string, unknown> {
  if (call.quirks.emptyListIsObject && total === 0) return {};
  const camel = call.era.keys === "camel";
  const returned = rule.size === "returned" || page.size === undefined;
  const answer: Record<string, unknown> = {
    page: page.number,
    [camel ? "pageSize" : "page_size"]: returned ? rows.length : page.size,
    [camel ? "totalCount" : "total_count"]: total,
    [key]: rows,
  };
  if (call.quirks.rowsUnderData) {
    answer.data = rows;
    // Of environments and connections the rows are there twice.
    if (key === "workspaces") delete answer[key];
    return answer;
  }
  if (rule.omit === "nothing") return answer;
  const dropped = rule.omit === "every zero" ? Object.keys(answer) : ["page", key];
  for (const name of dropped) {
    const value = answer[name];
    if (value === 0 || (Array.isArray(value) && value.length === 0)) delete answer[name];
  }
  return answer;
}

/** The query `filter={...}`; `undefined` when there is none or it is no JSON object where it need not be one. */
export function jsonFilter(call: Call): Record<string, unknown> {
  const text = call.query.get("filter");
  if (text === null || text === "") return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw badRequest("filter is not JSON");
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    throw badRequest("filter is not an object");
  return parsed as Record<string, unknown>;
}

/** The query `filter=<key> <value>`; undefined where there is none. */
export function keyValueFilter(call: Call): { key: string; value: string } | undefined {
  const [key = "", ...value] = (call.query.get("filter") ?? "").split(" ");
  return key === "" || key.startsWith("{") ? undefined : { key, value: value.join(" ") };
}

/** Rows of `table` that are deleted, when the filter asks for them, or that are not. */
export function deletionCondition(filter: Record<string, unknown>, table: string): Condition {
  const deleted = filter.deleted_at ?? filter.deletedAt;
  if (deleted !== undefined && typeof deleted !== "boolean") throw badRequest("deleted_at is not true or false");
  return { sql: `${table}.deleted_at is ${deleted === true ? "not null" : "null"}`, values: [] };
}

/** Whether a viewer may change what is not theirs. */
export const administers = (viewer: Viewer) => viewer.local || viewer.user.viewAll;
