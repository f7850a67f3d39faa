import type { NamedRow } from "../models";
import type { Page } from "./page";

/** What one walk through the pages of a list has found. */
export class Reading<Row extends NamedRow> {
  readonly rows: Row[] = [];
  /** Pages that held rows, each counted once. */
  pages = 0;
  /** Rows on these pages, those that do not count included. */
  count = 0;
  /** Bytes as objects. */
  size = 0;
  /** On which page each id was seen last. */
  private readonly pageOf = new Map<string, number>();
  private readonly totals = new Set<number>();
  private rowMoved = false;
  private repeats = 0;
  private lastIds: string | undefined;

  /**
   * Takes the page of this number.
   * @returns whether it was the last one
   */
  add(page: Page<Row> & { weight?: number }, number: number): boolean {
    this.size += page.weight ?? 0;
    if (page.total !== undefined) this.totals.add(page.total);
    if (page.count === 0) return true;
    const ids = page.ids.join(" ");
    if (ids === this.lastIds) {
      // A server that counts from 1 answers page 0 and page 1 alike; one that ignores `page` answers alike for ever.
      this.repeats++;
      return this.repeats > 1;
    }
    this.lastIds = ids;
    this.pages++;
    this.count += page.count;
    this.rows.push(...page.rows);
    for (const { id } of page.rows) {
      if ((this.pageOf.get(id) ?? number) !== number) this.rowMoved = true;
      this.pageOf.set(id, number);
    }
    // Where rows are doubled or do not count, or there is no total, only an empty page is the end.
    return page.total !== undefined && this.pageOf.size >= page.total;
  }

  /** The greatest total that the server named. */
  get total(): number | undefined {
    return this.totals.size > 0 ? Math.max(...this.totals) : undefined;
  }

  /** As many rows as the server counts, and no more. */
  get isComplete(): boolean {
    return this.total === undefined || (this.count >= this.total && this.pageOf.size <= this.total);
  }

  /** No id was seen on two pages, and the total did not change on the way. */
  get isSteady(): boolean {
    return !this.rowMoved && this.totals.size <= 1;
  }

  /** Whether another reading found the same rows in the same order. */
  equals(other: Reading<Row> | undefined): boolean {
    return other !== undefined && this.fingerprint === other.fingerprint;
  }

  private get fingerprint(): string {
    return this.rows.map((row) => row.id).join(" ");
  }
}
