import { ApiError } from "./errors";
import { waited } from "./retry";
import type { NamedRow, Page } from "./rows";

/** Rows asked for per page: the most that a connection list answers with. */
export const PAGE_SIZE = 100;
/** Readings one after the other, when rows move between pages while they are read; further ones come at intervals. */
const AT_ONCE = 4;
const SHORTEST_PAUSE = 50; // milliseconds
const LONGEST_PAUSE = 800;
/** How long a list is read again that others go on changing, in milliseconds: somebody may be deleting thousands of rows. */
const PATIENCE = 60_000;
/** So many equal readings in a row that do not hold what the server counts: it is the count that is wrong. */
const MOST_ALIKE = 3;
const MOST_PAGES = 10_000;

export type ReadPage<Row> = (page: number) => Promise<Page<Row> & { count: number }>;

/**
 * Every row of a list, each id once.
 *
 * Survives servers that echo another page size, count pages from 1 (pages 0 and 1 are then the same), leave the total out,
 * answer `{}` for an empty list, or show a row twice because its mapping was stored twice. A reading counts only where first
 * and last page agree on the total and no row moved to another page meanwhile; two equal readings settle a doubt.
 * @throws ApiError `incomplete-list` where no reading counts: a list that is not known to be whole proves no absence.
 */
export async function readAll<Row extends NamedRow>(
  read: ReadPage<Row>,
  call: { method: string; path: string },
  signal?: AbortSignal,
): Promise<Row[]> {
  const until = Date.now() + PATIENCE;
  let before: { trace: string; complete: boolean } | undefined;
  for (let reading = 1, alike = 1; alike < MOST_ALIKE && Date.now() < until; reading++) {
    if (reading > AT_ONCE) {
      const pause = Math.min(SHORTEST_PAUSE * 2 ** (reading - AT_ONCE - 1), LONGEST_PAUSE);
      await waited(pause * (1 - Math.random() / 2), signal);
    }
    const { rows, sure, complete, trace } = await readOnce(read);
    const same = trace === before?.trace;
    if (complete && (sure || (same && before?.complete))) return unique(rows);
    alike = same ? alike + 1 : 1;
    before = { trace, complete };
  }
  throw new ApiError(
    "incomplete-list",
    "The list changed while it was read, or ended before its own total; nothing was decided from it",
    call,
  );
}

interface Reading<Row> {
  rows: Row[];
  /** As many rows as the server counts. */
  complete: boolean;
  /** No id was seen on two pages, and the total did not change on the way. */
  sure: boolean;
  trace: string;
}

async function readOnce<Row extends NamedRow>(read: ReadPage<Row>): Promise<Reading<Row>> {
  const rows: Row[] = [];
  const pageOf = new Map<string, number>();
  const totals = new Set<number>();
  let previous: string | undefined;
  let count = 0;
  let sure = true;
  let repeats = 0;
  for (let page = 0; page < MOST_PAGES; page++) {
    const current = await read(page);
    const total = current.total === 0 && current.count > 0 ? undefined : current.total;
    if (total !== undefined) totals.add(total);
    if (current.count === 0) break;
    const ids = current.rows.map((row) => row.id).join(" ");
    if (ids === previous) {
      // A server that counts from 1 answers page 0 and page 1 alike; one that ignores `page` answers alike for ever.
      if (++repeats > 1) break;
      continue;
    }
    previous = ids;
    count += current.count;
    for (const row of current.rows) {
      const seen = pageOf.get(row.id);
      if (seen !== undefined && seen !== page) sure = false;
      pageOf.set(row.id, page);
      rows.push(row);
    }
    if (total === undefined ? current.count < PAGE_SIZE : count >= total) break;
  }
  const total = totals.size > 0 ? Math.max(...totals) : undefined;
  return {
    rows,
    complete: total === undefined || count >= total,
    sure: sure && totals.size <= 1,
    trace: rows.map((row) => row.id).join(" "),
  };
}

const unique = <Row extends NamedRow>(rows: Row[]): Row[] => [...new Map(rows.map((row) => [row.id, row])).values()];
