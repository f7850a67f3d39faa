import { ApiError, stopped } from "../errors";
import { waited } from "../http/wait";
import type { NamedRow } from "../models";
import type { Page } from "./page";

/** Rows asked for per page: the most that a connection list answers with. */
export const PAGE_SIZE = 100;
/** Readings one after the other, when rows move between pages while they are read; further ones come at intervals. */
const AT_ONCE = 4;
const SHORTEST_PAUSE = 50; // milliseconds
const LONGEST_PAUSE = 800;
/** So many equal readings in a row that do not hold what the server counts: it is the count that is wrong. */
const MOST_ALIKE = 3;
/** Rows of a list that is asked for as one page. */
const LARGEST_WHOLE = 5_000;

/** What a list may cost; whoever is served more has not met a list of Meshery. */
export interface Limits {
  pages: number;
  rows: number;
  /** Bytes of one reading, as objects. */
  size: number;
  /** Bytes of all lists of a client together. */
  together: number;
  /** Milliseconds for the list, however often it is read. */
  time: number;
  /** Milliseconds for which a list is read again that others go on changing: somebody may be deleting thousands of rows. */
  patience: number;
}
export const LIMITS: Limits = {
  pages: 2_000,
  rows: 50_000,
  size: 48 * 1024 * 1024,
  together: 96 * 1024 * 1024,
  time: 300_000,
  patience: 60_000,
};

/** What one list has shown of its server; kept from one reading to the next. */
export interface Habits {
  /** It does not answer with all rows at once where it is asked for as many. */
  capped?: boolean;
  /** It could not be read at all, which cost so much that it is not tried again. */
  failed?: ApiError;
  /** Bytes of what it is known to hold. */
  bytes?: number;
}

/** Bytes of all lists of a client, known and under way. */
export interface Held {
  bytes: number;
}

export interface ReadOptions {
  signal?: AbortSignal | undefined;
  limits?: Limits;
  habits?: Habits;
  held?: Held;
}

/** Asks for one page, `size` rows of it. `weight` is what the answer takes as objects. */
export type ReadPage<Row> = (page: number, size: number) => Promise<Page<Row> & { weight?: number }>;

interface Call {
  method: string;
  path: string;
}

/**
 * Every row of a list, each id once.
 *
 * Survives servers that echo another page size, count pages from 1 (pages 0 and 1 are then the same), leave the total out,
 * answer `{}` for an empty list, show a row twice because its mapping was stored twice, or have no order at all. A reading
 * counts only where the total stayed the same and no row moved to another page meanwhile; two equal readings settle a doubt, one
 * page with all rows does too. An empty list counts only when it was read twice.
 * @throws ApiError `incomplete-list` where no reading counts: a list that is not known to be whole proves no absence.
 */
export async function readAll<Row extends NamedRow>(
  read: ReadPage<Row>,
  call: Call,
  options: ReadOptions = {},
): Promise<Row[]> {
  const { signal, limits = LIMITS, habits = {} } = options;
  if (habits.failed) throw habits.failed;
  const held = options.held ?? { bytes: 0 };
  let bytes = 0;
  const counted: ReadPage<Row> = async (page, size) => {
    const answer = await read(page, size);
    bytes += answer.weight ?? 0;
    held.bytes += answer.weight ?? 0;
    return answer;
  };
  const rows = await settle(counted, call, { signal, limits, habits, held }).catch((error: unknown) => {
    held.bytes -= bytes;
    throw error;
  });
  // What was known before is let go.
  held.bytes -= habits.bytes ?? 0;
  habits.bytes = bytes;
  return rows;
}

async function settle<Row extends NamedRow>(
  read: ReadPage<Row>,
  call: Call,
  { signal, limits, habits, held }: ReadOptions & { limits: Limits; habits: Habits; held: Held },
): Promise<Row[]> {
  const begun = Date.now();
  let before: { trace: string; complete: boolean } | undefined;
  for (let reading = 1, alike = 1; alike < MOST_ALIKE; reading++) {
    if (reading > AT_ONCE && !(await waited(pauseBefore(reading), signal))) throw stopped(call);
    const now = await readOnce(read, call, { limits, habits, held, begun });
    const same = now.trace === before?.trace;
    if (now.complete && ((now.sure && now.rows.length > 0) || (same && before?.complete))) return unique(now.rows);
    if (now.pages > 1 && !habits.capped) {
      const whole = await readWhole(read, now.total);
      if (whole) return whole;
      habits.capped = true;
    }
    if (Date.now() - begun > limits.patience) {
      habits.failed = unsettled(call);
      break;
    }
    alike = same ? alike + 1 : 1;
    before = now;
  }
  throw unsettled(call);
}

const pauseBefore = (reading: number): number =>
  Math.min(SHORTEST_PAUSE * 2 ** (reading - AT_ONCE - 1), LONGEST_PAUSE) * (1 - Math.random() / 2);

const unsettled = (call: Call) =>
  new ApiError(
    "incomplete-list",
    "The list changed while it was read, or ended before its own total; nothing was decided from it",
    call,
  );

interface Reading<Row> {
  rows: Row[];
  /** As many rows as the server counts, and no more. */
  complete: boolean;
  /** No id was seen on two pages, and the total did not change on the way. */
  sure: boolean;
  total: number | undefined;
  pages: number;
  trace: string;
}

async function readOnce<Row extends NamedRow>(
  read: ReadPage<Row>,
  call: Call,
  { limits, habits, held, begun }: { limits: Limits; habits: Habits; held: Held; begun: number },
): Promise<Reading<Row>> {
  const rows: Row[] = [];
  const pageOf = new Map<string, number>();
  const totals = new Set<number>();
  let [pages, count, size, repeats, sure] = [0, 0, 0, 0, true];
  let previous: string | undefined;
  for (let page = 0; ; page++) {
    const spent = { pages: page, rows: count, size, together: held.bytes, time: Date.now() - begun };
    const over = beyond(limits, spent);
    if (over) {
      const what = `The list did not end within ${over}; nothing was decided from it`;
      habits.failed = new ApiError("incomplete-list", what, call);
      throw habits.failed;
    }
    const current = await read(page, PAGE_SIZE);
    size += current.weight ?? 0;
    if (current.total !== undefined) totals.add(current.total);
    if (current.count === 0) break;
    const ids = current.ids.join(" ");
    if (ids === previous) {
      // A server that counts from 1 answers page 0 and page 1 alike; one that ignores `page` answers alike for ever.
      if (++repeats > 1) break;
      continue;
    }
    previous = ids;
    pages++;
    count += current.count;
    rows.push(...current.rows);
    for (const { id } of current.rows) {
      if ((pageOf.get(id) ?? page) !== page) sure = false;
      pageOf.set(id, page);
    }
    // Where rows are doubled or stand for nothing, or there is no total, only an empty page is the end.
    if (current.total !== undefined && pageOf.size >= current.total) break;
  }
  const total = totals.size > 0 ? Math.max(...totals) : undefined;
  return {
    rows,
    complete: total === undefined || (count >= total && pageOf.size <= total),
    sure: sure && totals.size <= 1,
    total,
    pages,
    trace: rows.map((row) => row.id).join(" "),
  };
}

/** All rows as one page, which no row can leave while it is read; undefined where the server answers with fewer. */
async function readWhole<Row extends NamedRow>(read: ReadPage<Row>, total?: number): Promise<Row[] | undefined> {
  if (total === undefined || total > LARGEST_WHOLE) return undefined;
  const page = await read(0, total).catch((error: unknown) => {
    if (error instanceof ApiError && error.code === "unreadable") return undefined;
    throw error;
  });
  return page?.total !== undefined && page.count > 0 && page.count >= page.total ? unique(page.rows) : undefined;
}

/** Which limit is passed, in words. */
function beyond(limits: Limits, spent: Omit<Limits, "patience">): string | undefined {
  if (spent.pages >= limits.pages) return `${limits.pages} pages`;
  if (spent.rows > limits.rows) return `${limits.rows} rows`;
  if (spent.size > limits.size) return `${Math.round(limits.size / 1024 / 1024)} MB`;
  if (spent.together > limits.together) return "the memory for all lists";
  return spent.time > limits.time ? `${Math.round(limits.time / 1000)} s` : undefined;
}

const unique = <Row extends NamedRow>(rows: Row[]): Row[] => [...new Map(rows.map((row) => [row.id, row])).values()];
