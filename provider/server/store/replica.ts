import type { Mutation } from "./sql";
import { Store } from "./store";

/**
 * A copy of a store that shows each write only after some reads, as a server does whose reads come from a replica.
 * What is written outside of requests shows at once, and everything before it with it.
 */
export class Replica {
  readonly store: Store;
  #pending: { mutations: readonly Mutation[]; reads: number }[] = [];
  #open: Mutation[] | undefined;

  /** @param lag for how many reads a write stays unseen */
  constructor(
    private readonly primary: Store,
    private readonly lag: number,
  ) {
    this.store = new Store({ ids: "uuid" });
    for (const [index, table] of primary.tables.entries()) {
      const copy = this.store.tables[index];
      for (const row of table.list()) (copy as { insert(row: object): void }).insert(row);
    }
    primary.sql.onMutation((mutation) => {
      if (this.#open !== undefined) this.#open.push(mutation);
      else {
        this.#show(Number.POSITIVE_INFINITY);
        this.store.sql.run(mutation.sql, mutation.values);
      }
    });
  }

  /** Runs the work of one writing request. */
  write<T>(work: () => T): T {
    this.#open = [];
    try {
      const result = work();
      if (this.#open.length > 0) this.#pending.push({ mutations: this.#open, reads: this.lag });
      return result;
    } finally {
      this.#open = undefined;
    }
  }

  /** To be called before each reading request: brings up what was unseen for long enough. */
  read(): void {
    this.#show(1);
  }

  close(): void {
    this.primary.sql.onMutation(undefined);
    this.store.close();
  }

  #show(reads: number): void {
    // Writes become visible in their order, so the ones that are due stand at the front.
    while (this.#pending[0] !== undefined && this.#pending[0].reads < reads) {
      for (const { sql, values } of this.#pending.shift()?.mutations ?? []) this.store.sql.run(sql, values);
    }
    for (const entry of this.#pending) entry.reads -= reads;
  }
}
