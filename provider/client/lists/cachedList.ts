import type { NamedRow } from "../models";
import { ReadWriteLock } from "./readWriteLock";

/** Orders everything that happens in this process; a list begun at tick n has seen all writes that ended before n. */
let clock = 0;
const tick = () => ++clock;

/**
 * How fresh a list has to be. `cached`: read once in this run, kept true by own writes. `afterWrites`: begun after every own write
 * to it ended, so that absence follows from it. `now`: begun after this call, so that it shows what others did, too.
 * `together`: `now` for the first of several works that overlap (see `work`); the others take the newest list begun since, while
 * each has the next one begin.
 */
export type Freshness = "cached" | "afterWrites" | "together" | "now";

interface Change<Row> {
  id: string;
  row?: Row | undefined;
}

/** How all rows are read by one request, while writes go on: none can then move to a page that was read already. */
export interface AtOnce<Row> {
  /** Whether it is worth a try, where so many rows are known. */
  possible(known: number): boolean;
  /** Undefined where the answer does not hold all rows. */
  load(known: number): Promise<Row[] | undefined>;
}

interface Snapshot<Row> {
  begun: number;
  rows: Map<string, Row>;
}

/**
 * The rows of one list (the environments of an organization, the connections of an environment, ...), shared by everything in
 * this process that asks for them: one reading serves all callers that wait at the same time, own writes patch what is known
 * and never happen in the middle of a reading, and whoever must know what the server holds *now* gets a list begun after the
 * last own write, which it shares with all others who ask for the same.
 */
export class CachedList<Row extends NamedRow> {
  private snapshot?: Snapshot<Row>;
  private loading: { begun: number; result: Promise<Snapshot<Row>> } | undefined;
  private next: Promise<Snapshot<Row>> | undefined;
  private readonly lock = new ReadWriteLock();
  private lastWrite = 0;
  /** What was read before this tick is no longer believed. */
  private floor = 0;
  /** Own changes since the reading began that is under way. */
  private meanwhile: Change<Row>[] = [];
  /** What this run put into the list of something that it made itself. */
  private ownRows: Map<string, Row> | undefined;
  /** Works under way, and when the first of those began that have overlapped ever since; `ending`: lists that end the overlap. */
  private readonly working = { count: 0, since: 0, many: false, ending: 0 };

  constructor(
    private readonly load: () => Promise<Row[]>,
    private readonly atOnce?: AtOnce<Row>,
  ) {}

  /**
   * Runs what looks at the list before it writes. Works overlap until none is under way and a list has been read that began after
   * the last of them: engines hand out the next ones when the ones before have ended.
   */
  async work<T>(work: () => Promise<T>): Promise<T> {
    const { working } = this;
    if (working.count === 0 && working.ending === 0) Object.assign(working, { since: tick(), many: false });
    working.count++;
    if (working.count > 1) working.many = true;
    try {
      return await work();
    } finally {
      if (--working.count === 0 && working.many) {
        working.ending++;
        void this.readAhead().finally(() => {
          working.ending--;
        });
      }
    }
  }

  /**
   * The rows by id, as fresh as asked for.
   * @throws ApiError
   */
  async read(freshness: Freshness): Promise<ReadonlyMap<string, Row>> {
    const begun = this.mustBeginAfter(freshness);
    const rows = this.since(begun);
    if (freshness === "together" && this.snapshot && this.snapshot.begun > begun && !this.holdsUpFirstWrites)
      void this.readAhead();
    return (await rows).rows;
  }

  /** Those who looked at one list are about to write: what would hold up their writes is read when the first of them has ended. */
  private get holdsUpFirstWrites(): boolean {
    const { atOnce, snapshot } = this;
    return snapshot !== undefined && atOnce?.possible(snapshot.rows.size) === false && this.lastWrite < snapshot.begun;
  }

  /** Has the next list begin for those who come after; where it fails, they ask for one of their own. */
  private async readAhead(): Promise<void> {
    await this.since(tick()).catch(() => {
      this.working.since = tick();
    });
  }

  private mustBeginAfter(freshness: Freshness): number {
    switch (freshness) {
      case "cached":
        return this.floor;
      case "afterWrites":
        return this.lastWrite;
      case "together":
        return this.working.count > 0 ? this.working.since : tick();
      case "now":
        return tick();
    }
  }

  /**
   * The row under `id`; undefined where two lists in a row do not hold it, both begun after every own write. One list is no
   * proof: while it is read page by page, a row can move to a page that was read already and leave the total as it was.
   * @param since `now` where a row that was known before may have been deleted since
   */
  async find(id: string, since: "cached" | "now" = "cached"): Promise<Row | undefined> {
    const readings: Freshness[] = since === "now" ? ["now", "now"] : ["cached", "afterWrites", "now"];
    for (const freshness of readings) {
      const row = (await this.read(freshness)).get(id);
      if (row) return row;
    }
    return undefined;
  }

  /** This run has just made what the list belongs to: it holds nothing yet. */
  startEmpty(): void {
    this.ownRows ??= new Map();
  }

  /**
   * Whether a row is known to be there, for whoever adds it where it is not. A list that started empty in this run is not read for
   * that: what others may have put there since does no harm when it is added a second time. Absence is never decided by this.
   */
  async has(id: string): Promise<boolean> {
    if (!this.snapshot && this.ownRows) return this.ownRows.has(id);
    return (await this.read("cached")).has(id);
  }

  /**
   * Sends an own write. `known` tells from its result what the server now holds under an id, no row where it was removed; where
   * it tells nothing, and where the write failed, what was read before is no longer believed.
   */
  change<T>(send: () => Promise<T>, known: (result: T) => Change<Row> | undefined): Promise<T> {
    return this.lock.write(async () => {
      let change: Change<Row> | undefined;
      try {
        const result = await send();
        change = known(result);
        return result;
      } finally {
        this.lastWrite = tick();
        if (!change) {
          this.floor = this.lastWrite;
          this.ownRows = undefined;
        } else {
          this.meanwhile.push(change);
          for (const rows of [this.snapshot?.rows, this.ownRows]) if (rows) apply(change, rows);
        }
      }
    });
  }

  private async since(begun: number): Promise<Snapshot<Row>> {
    if (this.snapshot && this.snapshot.begun > begun) return this.snapshot;
    if (this.loading && this.loading.begun > begun) return this.loading.result;
    if (!this.loading) return this.begin();
    // One list for all who wait: it begins when the one under way, begun too early for them, has ended.
    this.next ??= this.loading.result
      .catch(() => undefined)
      .then(() => {
        this.next = undefined;
        return this.begin();
      });
    return this.next;
  }

  private begin(): Promise<Snapshot<Row>> {
    const loading = { begun: Number.POSITIVE_INFINITY } as NonNullable<typeof this.loading>;
    loading.result = this.reading(() => {
      loading.begun = tick();
      this.meanwhile = [];
    })
      .then((rows) => this.keep(loading.begun, rows))
      .finally(() => {
        this.loading = undefined;
      });
    this.loading = loading;
    return loading.result;
  }

  private async reading(begins: () => void): Promise<Row[]> {
    const known = () => this.snapshot?.rows.size ?? 0;
    const atOnce = this.atOnce?.possible(known()) ? this.atOnce : undefined;
    const all = atOnce && (await this.lock.readBeside(() => begun(begins, () => atOnce.load(known()))));
    return all ?? this.lock.read(() => begun(begins, this.load));
  }

  private keep(begun: number, read: Row[]): Snapshot<Row> {
    const rows = new Map(read.map((row) => [row.id, row]));
    for (const change of this.meanwhile) apply(change, rows);
    this.snapshot = { begun, rows };
    return this.snapshot;
  }
}

function begun<T>(begins: () => void, work: () => T): T {
  begins();
  return work();
}

function apply<Row>({ id, row }: Change<Row>, rows: Map<string, Row>): void {
  if (row) rows.set(id, row);
  else rows.delete(id);
}
