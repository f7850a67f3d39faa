import type { CachedList, NamedRow } from "../../client";
import type { Context } from "../../framework";
import { ResourceError } from "../../framework";
import { unlessGone } from "./existence";
import { isOf, ofAnother } from "./organization";
import { asKnown, type Look, retryWithFreshRead } from "./retryWithFreshRead";

const byName = (a: NamedRow, b: NamedRow) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1);
type OfOrganization = NamedRow & { organizationId?: string | undefined };
type Listed = "Environment" | "Workspace" | "Connection" | "Organization" | "Team";

/**
 * What a list holds, by name; nameless rows are no candidates. What the same run renames or removes counts as it will be: while
 * names change hands two objects may have one, and which of them is meant must not depend on the moment.
 */
export async function listed<Row extends OfOrganization>(
  { run }: Context,
  type: Listed,
  list: CachedList<Row>,
  { look = asKnown, organizationId }: { look?: Look; organizationId?: string } = {},
): Promise<Row[]> {
  const found = [...(await look(list)).values()];
  const staying = found.filter(
    (row) =>
      row.name !== "" &&
      !run.isPendingDeletion(type, row.id) &&
      (organizationId === undefined || isOf(organizationId, row)),
  );
  const rows = staying.map((row) => {
    const name = run.nameAfterRun(type, row.id, row.name);
    return name === row.name ? row : { ...row, name };
  });
  return rows.sort(byName);
}

/** The rows of a list as `listed`, each with what it holds. */
export async function listedWith<Row extends OfOrganization, Held>(
  context: Context,
  type: Listed,
  list: CachedList<Row>,
  organizationId: string,
  read: (row: Row) => Promise<Held>,
): Promise<{ row: Row; held: Held }[]> {
  const rows = await listed(context, type, list, { organizationId });
  const found = await Promise.all(
    rows.map(async (row) => {
      const held = await unlessGone(list, row.id, read(row));
      return held === undefined ? [] : [{ row, held }];
    }),
  );
  return found.flat();
}

interface Meant {
  id?: string | undefined;
  name?: string | undefined;
  /** Where it has to be of one: rows of others are none that is meant. */
  organizationId?: string;
}

/** The one row meant by id or name; nameless rows are no candidates. */
export async function one<Row extends OfOrganization>(
  context: Context,
  lookup: string,
  type: Listed,
  list: CachedList<Row>,
  meant: Meant,
): Promise<Row> {
  return (await oneWith(context, lookup, type, list, meant, async () => true)).row;
}

/** The one row meant by id or name, with what it holds. */
export function oneWith<Row extends OfOrganization, Held>(
  context: Context,
  lookup: string,
  type: Listed,
  list: CachedList<Row>,
  { id, name, organizationId }: Meant,
  read: (row: Row) => Promise<Held>,
): Promise<{ row: Row; held: Held }> {
  return retryWithFreshRead(asKnown, async (look) => {
    const rows = await listed(context, type, list, { look });
    const answering = rows.filter(
      (row) => (id === undefined || row.id === id) && (name === undefined || row.name === name),
    );
    const matches = answering.filter((row) => organizationId === undefined || isOf(organizationId, row));
    if (organizationId !== undefined && matches.length === 0 && answering[0])
      throw await ofAnother(context, lookup, answering[0], organizationId);
    const word = type.toLowerCase();
    if (matches.length > 1) {
      const names = matches.map((row) => `${row.name} (${row.id})`);
      throw several(lookup, word, names);
    }
    const [row] = matches;
    const held = row && (await unlessGone(list, row.id, read(row)));
    if (!row || held === undefined) throw noMatch(lookup, word, { id, name });
    return { row, held };
  });
}

export function noMatch(lookup: string, word: string, criteria: Record<string, unknown>): ResourceError {
  const given = Object.entries(criteria).filter(([, value]) => value !== undefined);
  const asked = given.map(([key, value]) => `${key} "${String(value)}"`);
  return new ResourceError("missing", {
    resource: lookup,
    field: given[0]?.[0] ?? "name",
    what: `no ${word} has ${asked.join(" and ")}`,
    hint: `Names must be exact; what is visible depends on the token's user. If this run creates it, use its \`id\` instead of looking it up.`,
  });
}
export function several(lookup: string, word: string, listed: readonly string[]): ResourceError {
  return new ResourceError("ambiguous", {
    resource: lookup,
    field: "name",
    what: `${listed.length} ${word}s match`,
    hint: `Look it up by id, or narrow the search: ${listed.join("; ")}.`,
  });
}
