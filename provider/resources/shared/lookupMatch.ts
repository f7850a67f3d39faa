import type { Freshness } from "../../client";
import { type Context, holds, ResourceError, type Values } from "../../framework";
import { unlessDeleted } from "./existence";
import { DESCENDING, inCamelCase } from "./lookupFields";
import { inUse, type ObjectType } from "./objectType";
import { isOf, ofAnother } from "./organization";
import { retryWithFreshRead } from "./retryWithFreshRead";
import type { ObjectRow } from "./wire";

const byName = (a: ObjectRow, b: ObjectRow) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1);

/**
 * What a list holds, by name; nameless rows are no candidates. What the same run renames or removes counts as it will be: while
 * names change hands two objects may have one, and which of them is found must not depend on the moment.
 */
function candidates({ run }: Context, type: ObjectType, rows: Iterable<ObjectRow>): ObjectRow[] {
  const staying = [...rows].filter((row) => row.name !== "" && !run.isPendingDeletion(type.name, row.id));
  const renamed = staying.map((row) => {
    const name = run.nameAfterRun(type.name, row.id, row.name);
    return name === row.name ? row : { ...row, name };
  });
  return renamed.sort(byName);
}

/** All of a type, or of a part of it. */
export async function listAll(
  context: Context,
  type: ObjectType,
  { organizationId, rows }: { organizationId: string | undefined; rows?: Iterable<ObjectRow> },
): Promise<ObjectRow[]> {
  const all = rows ?? (await type.list(context.client, organizationId ?? "").read("cached")).values();
  const found = candidates(context, type, all);
  return organizationId === undefined ? found : found.filter((row) => isOf(organizationId, row));
}

/** All of a type, each with what it holds; those that are removed meanwhile are left out. */
export async function listAllWith<Held>(
  context: Context,
  type: ObjectType,
  organizationId: string,
  read: (row: ObjectRow) => Promise<Held>,
): Promise<{ row: ObjectRow; held: Held }[]> {
  const list = type.list(context.client, organizationId);
  const rows = await listAll(context, type, { organizationId });
  const found = await Promise.all(
    rows.map(async (row) => {
      const held = await unlessDeleted(list, row.id, read(row));
      return held === undefined ? [] : [{ row, held }];
    }),
  );
  return found.flat();
}

/** Whether a row answers to what a lookup of many asks: by these fields, and by a part of its name. */
export function isAsked({ fields }: ObjectType, by: readonly string[], row: ObjectRow, inputs: Values): boolean {
  const { search } = inputs;
  if (typeof search === "string" && !row.name.toLowerCase().includes(search.toLowerCase())) return false;
  return by.every((field) => {
    const wanted = inputs[field];
    if (wanted === undefined) return true;
    return fields[field]?.kind === "stringMap" ? holds(row[field], wanted) : row[field] === wanted;
  });
}

/** Rows by one of their columns, `name desc` the other way round; those that are equal in it stay by name. */
export function inOrder(rows: readonly ObjectRow[], orderBy: unknown): ObjectRow[] {
  if (typeof orderBy !== "string") return [...rows];
  const descends = orderBy.endsWith(DESCENDING);
  const column = inCamelCase(descends ? orderBy.slice(0, -DESCENDING.length) : orderBy);
  const text = (row: ObjectRow) => String(row[column] ?? "");
  const compared = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return [...rows].sort((a, b) => compared(text(a), text(b)) * (descends ? -1 : 1));
}

export interface Match {
  /** Name of the lookup. */
  lookup: string;
  type: ObjectType;
  /** What the row must have, by column; undefined ones do not matter. */
  criteria: Values;
  organizationId: string | undefined;
  /** A row in words for people. */
  shown(row: ObjectRow): string;
}

/** The one row that criteria name, with what it holds. */
export async function matchOne<Held>(
  context: Context,
  match: Match,
  read: (row: ObjectRow) => Promise<Held>,
): Promise<{ row: ObjectRow; held: Held }> {
  const { lookup, type, criteria, organizationId, shown } = match;
  const { isInUse } = type;
  const choose = async (freshness: Freshness) => {
    const { row, matches } = await chosen(context, match, freshness);
    const list = type.list(context.client, organizationId ?? "");
    const held = await unlessDeleted(list, row.id, read(row));
    if (held === undefined) throw noMatch(lookup, type.word, criteria);
    return { row, held, matches };
  };
  let found = await retryWithFreshRead("cached", choose);
  // One that is out of use may have come back under a new id since the list was read.
  const open = criteria.id === undefined && criteria.status === undefined;
  if (open && isInUse && !isInUse(found.row)) found = await choose("now");
  const { row, matches } = found;
  if (matches.length > 1) {
    context.warn({
      summary: `${matches.length} ${type.word}s match; ${row.id} was taken`,
      detail: `It is the only one in use. The others: ${matches
        .filter((other) => other !== row)
        .map(shown)
        .join("; ")}.`,
    });
  }
  return found;
}

async function chosen(
  context: Context,
  { lookup, type, criteria, organizationId, shown }: Match,
  freshness: Freshness,
): Promise<{ row: ObjectRow; matches: ObjectRow[] }> {
  const listed = await type.list(context.client, organizationId ?? "").read(freshness);
  const rows = candidates(context, type, listed.values());
  const answering = rows.filter((row) =>
    Object.entries(criteria).every(([column, wanted]) => wanted === undefined || row[column] === wanted),
  );
  const matches = answering.filter((row) => organizationId === undefined || isOf(organizationId, row));
  if (organizationId !== undefined && matches.length === 0 && answering[0])
    throw await ofAnother(context, lookup, answering[0], organizationId);
  if (matches.length === 0) throw noMatch(lookup, type.word, criteria);
  const [row, other] = inUse(type, matches);
  if (!row || other) throw several(lookup, type.word, matches.map(shown));
  return { row, matches };
}

function noMatch(lookup: string, word: string, criteria: Values): ResourceError {
  const given = Object.entries(criteria).filter(([, value]) => value !== undefined);
  const asked = given.map(([key, value]) => `${key} "${String(value)}"`);
  return new ResourceError("missing", {
    resource: lookup,
    field: given[0]?.[0] ?? "name",
    what: `no ${word} has ${asked.join(" and ")}`,
    hint: `Names must be exact; what is visible depends on the token's user. If this run creates it, use its \`id\` instead of looking it up.`,
  });
}

const several = (lookup: string, word: string, listed: readonly string[]): ResourceError =>
  new ResourceError("ambiguous", {
    resource: lookup,
    field: "name",
    what: `${listed.length} ${word}s match`,
    hint: `Look it up by id, or narrow the search: ${listed.join("; ")}.`,
  });
