import { ApiError, stopped } from "../errors";
import { sleep } from "../http/wait";
import type { NamedRow } from "../models";
import { TIMING, type Timing } from "../timing";
import { LIMITS, type Limits, passedLimit } from "./listLimits";
import type { Page } from "./page";
import { Reading } from "./reading";

export { LIMITS, type Limits } from "./listLimits";

/** Rows asked for per page: the most that a connection list answers with. */
export const PAGE_SIZE = 100;
/** Readings one after the other, when rows move between pages while they are read; further ones come at intervals. */
const READINGS_WITHOUT_PAUSE = 4;
/** So many equal readings in a row that do not hold what the server counts: it is the count that is wrong. */
const EQUAL_READINGS = 3;
/** Pages of one list that are asked for at the same time; others need the server, too. */
const PAGES_AT_A_TIME = 4;
/** Rows of a list that is asked for as one page. */
const LARGEST_SINGLE_PAGE = 5_000;

/** Asks for one page, `size` rows of it. `weight` is what the answer takes as objects. */
export type ReadPage<Row> = (page: number, size: number) => Promise<Page<Row> & { weight?: number }>;

/** What earlier readings of one list have found out; kept from one to the next. */
export interface ListHistory {
  /** The server does not answer with all rows at once where it is asked for as many. */
  pagesAreCapped?: boolean;
  /** Rows that the server counted at the last reading; undefined where it does not say. */
  total?: number | undefined;
  /** The list could not be read at all, which cost so much that it is not tried again. */
  failure?: ApiError;
  /** Bytes of what the last reading left in memory. */
  bytes?: number;
}

/** Bytes of all lists of a client, read and being read. */
export interface MemoryUse {
  bytes: number;
}

export interface ReadOptions {
  signal?: AbortSignal | undefined;
  limits?: Limits;
  history?: ListHistory;
  memory?: MemoryUse;
  timing?: Timing;
  /** The list is most probably empty: it is read twice at a time, and both have to say so. */
  expectEmpty?: boolean | undefined;
}

interface Call {
  method: string;
  path: string;
}

/** One list while it is read. */
interface Job<Row> extends Required<Omit<ReadOptions, "signal" | "expectEmpty">> {
  read: ReadPage<Row>;
  call: Call;
  signal: AbortSignal | undefined;
  expectEmpty: boolean;
  /** When the first reading began, by `Date.now()`. */
  begun: number;
}

/**
 * Every row of a list, each id once.
 *
 * Survives servers that echo another page size, count pages from 1 (pages 0 and 1 are then the same), leave the total out,
 * answer `{}` for an empty list, show a row twice because its mapping was stored twice, or have no order at all. A reading
 * counts only where the total stayed the same and no row moved to another page meanwhile; two equal readings decide where that is
 * in doubt, and so does one page with all rows. An empty list counts only when it was read twice.
 * @throws ApiError `incomplete-list` where no reading counts: a list that is not known to be whole proves no absence.
 */
export async function readAll<Row extends NamedRow>(
  read: ReadPage<Row>,
  call: Call,
  {
    signal,
    limits = LIMITS,
    history = {},
    memory = { bytes: 0 },
    timing = TIMING,
    expectEmpty = false,
  }: ReadOptions = {},
): Promise<Row[]> {
  if (history.failure) throw history.failure;
  const job = { read, call, signal, limits, history, memory, timing, expectEmpty, begun: Date.now() };
  return counted(job, readUntilConsistent);
}

/** Whether one request may answer with all rows, where the server counts them and so many are known of. */
export function mayBeReadAtOnce({ total, failure, pagesAreCapped }: ListHistory, known: number): boolean {
  if (total === undefined || failure) return false;
  const expected = Math.max(total, known);
  return expected > 0 && !(expected > PAGE_SIZE && pagesAreCapped);
}

/**
 * The same by one request for all rows, which none of them can leave while it is read, whatever is written meanwhile; undefined
 * where that is not known to be possible, or is not answered with all rows. An empty list counts only where two requests say so.
 * @throws ApiError
 */
export async function readAtOnce<Row extends NamedRow>(
  read: ReadPage<Row>,
  call: Call,
  {
    signal,
    limits = LIMITS,
    history = {},
    memory = { bytes: 0 },
    timing = TIMING,
    known = 0,
  }: ReadOptions & { known?: number } = {},
): Promise<Row[] | undefined> {
  if (!mayBeReadAtOnce(history, known)) return undefined;
  const expected = Math.max(history.total ?? 0, known);
  const job = { read, call, signal, limits, history, memory, timing, expectEmpty: false, begun: Date.now() };
  // Others may add some meanwhile.
  return counted(job, byOneRequest(expected > PAGE_SIZE ? expected + PAGE_SIZE : PAGE_SIZE));
}

const byOneRequest =
  (size: number) =>
  async <Row extends NamedRow>(job: Job<Row>): Promise<Row[] | undefined> => {
    const rows = await readAsOnePage(job, size, "mayBeEmpty");
    return rows?.length === 0 ? readAsOnePage(job, size, "mayBeEmpty") : rows;
  };

/** Runs a reading, and keeps count of the memory that its rows take. */
async function counted<Row extends NamedRow, Rows extends Row[] | undefined>(
  job: Job<Row>,
  reading: (job: Job<Row>) => Promise<Rows>,
): Promise<Rows> {
  const { memory, history } = job;
  let bytes = 0;
  const read: ReadPage<Row> = async (page, size) => {
    const answer = await job.read(page, size);
    bytes += answer.weight ?? 0;
    memory.bytes += answer.weight ?? 0;
    return answer;
  };
  let rows: Rows | undefined;
  try {
    rows = await reading({ ...job, read });
    return rows;
  } finally {
    // The rows of the reading before are no longer needed, or those of this one.
    memory.bytes -= rows === undefined ? bytes : (history.bytes ?? 0);
    if (rows !== undefined) history.bytes = bytes;
  }
}

/** Reads the list again and again until a reading counts. */
async function readUntilConsistent<Row extends NamedRow>(job: Job<Row>): Promise<Row[]> {
  const { call, signal, history, timing } = job;
  let previous: Reading<Row> | undefined;
  let equalReadings = 1;
  const second = job.expectEmpty ? readOnce(job) : undefined;
  second?.catch(() => undefined);
  for (let number = 1; equalReadings < EQUAL_READINGS; number++) {
    if (number > READINGS_WITHOUT_PAUSE && !(await sleep(pauseBefore(number, timing), signal))) throw stopped(call);
    const reading = await (number === 2 && second ? second : readOnce(job));
    history.total = reading.total;
    if (counts(reading, previous)) return unique(reading.rows);
    if (reading.pages > 1 && !history.pagesAreCapped) {
      const rows = reading.total !== undefined && (await readAsOnePage(job, reading.total));
      if (rows) return rows;
      history.pagesAreCapped = true;
    }
    if (Date.now() - job.begun > timing.changingList) {
      history.failure = inconsistent(call);
      break;
    }
    equalReadings = reading.equals(previous) ? equalReadings + 1 : 1;
    previous = reading;
  }
  throw inconsistent(call);
}

/** Whether the rows of a reading are known to be all of the list. */
function counts<Row extends NamedRow>(reading: Reading<Row>, previous: Reading<Row> | undefined): boolean {
  if (!reading.isComplete) return false;
  if (reading.isSteady && reading.rows.length > 0) return true;
  return previous?.isComplete === true && reading.equals(previous);
}

const pauseBefore = (reading: number, timing: Timing): number =>
  Math.min(timing.firstReread * 2 ** (reading - READINGS_WITHOUT_PAUSE - 1), timing.longestReread) *
  (1 - Math.random() / 2);

/**
 * Reads the list once, page by page to its end. Once the first page tells how many there are, a few are asked for at the same time:
 * over a network each takes its time, and the shorter a reading, the less changes meanwhile.
 */
async function readOnce<Row extends NamedRow>(job: Job<Row>): Promise<Reading<Row>> {
  const reading = new Reading<Row>();
  const asked: Promise<Page<Row> & { weight?: number }>[] = [];
  let pages = 1;
  try {
    for (let page = 0; ; page++) {
      while (asked.length <= page || asked.length < Math.min(pages, page + PAGES_AT_A_TIME)) {
        requireWithinLimits(job, reading, asked.length);
        asked.push(job.read(asked.length, PAGE_SIZE));
        asked.at(-1)?.catch(() => undefined);
      }
      const answer = await asked[page]!;
      if (reading.add(answer, page)) return reading;
      if (page === 0 && answer.total !== undefined) pages = Math.ceil(answer.total / answer.count);
    }
  } finally {
    // What they take of memory is counted as long as they are under way.
    await Promise.allSettled(asked);
  }
}

function requireWithinLimits<Row extends NamedRow>(
  { call, limits, history, memory, begun }: Job<Row>,
  { count, size }: Reading<Row>,
  pages: number,
): void {
  const limit = passedLimit(limits, { pages, rows: count, size, together: memory.bytes, time: Date.now() - begun });
  if (limit === undefined) return;
  history.failure = new ApiError(
    "incomplete-list",
    `The list did not end within ${limit}; nothing was decided from it`,
    call,
  );
  throw history.failure;
}

/** All rows as one page, which no row can leave while it is read; undefined where the server answers with fewer. */
async function readAsOnePage<Row extends NamedRow>(
  job: Job<Row>,
  size: number,
  empty?: "mayBeEmpty",
): Promise<Row[] | undefined> {
  if (size > LARGEST_SINGLE_PAGE) return undefined;
  const { history } = job;
  const page = await job.read(0, size).catch((error: unknown) => {
    if (error instanceof ApiError && error.code === "unreadable") return undefined;
    throw error;
  });
  const total = page?.total ?? (page?.count === 0 ? 0 : undefined);
  if (page && total !== undefined && page.count >= total && (page.count > 0 || empty)) {
    history.total = total;
    return unique(page.rows);
  }
  if (size > PAGE_SIZE && (page?.count ?? 0) < size) history.pagesAreCapped = true;
  return undefined;
}

const unique = <Row extends NamedRow>(rows: Row[]): Row[] => [...new Map(rows.map((row) => [row.id, row])).values()];

const inconsistent = (call: Call) =>
  new ApiError(
    "incomplete-list",
    "The list changed while it was read, or ended before its own total; nothing was decided from it",
    call,
  );
