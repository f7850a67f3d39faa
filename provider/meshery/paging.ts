import { ApiError } from "./errors";
import { waited } from "./retry";
import type { NamedRow, Page } from "./rows";

/** Rows asked for per page: the most that a connection list answers with. */
export const PAGE_SIZE = 100;
/**
 * Milliseconds before each complete reading to try, when rows move between pages while they are read. Who else changes the list
 * (another provider of the same run, which deletes some hundred rows) pauses when it reads the list itself.
 */
const PAUSES = [0, 0, 0, 0, 50, 100, 200, 400, 800];
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
  let before: string | undefined;
  for (const pause of PAUSES) {
    if (pause > 0 && !(await waited(pause * (1 - Math.random() / 2), signal))) break;
    const { rows, sure, complete, trace } = await readOnce(read);
    if (complete && (sure || trace === before)) return unique(rows);
    before = complete ? trace : undefined;
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
