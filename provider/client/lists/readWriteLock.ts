/**
 * Who may use a list of the server right now: any number of writes at a time, or one reading of it, page by page, with no write
 * of this process in between. A reading waits for the writes under way, and later writes wait for the reading.
 */
export class ReadWriteLock {
  private readonly writes = new Set<Promise<unknown>>();
  private reading: Promise<unknown> | undefined;

  async write<T>(work: () => Promise<T>): Promise<T> {
    while (this.reading) await settled(this.reading);
    const write = work();
    this.writes.add(write);
    try {
      return await write;
    } finally {
      this.writes.delete(write);
    }
  }

  async read<T>(work: () => Promise<T>): Promise<T> {
    while (this.reading) await settled(this.reading);
    const reading = this.writes.size === 0 ? work() : this.afterWrites(work);
    this.reading = reading;
    try {
      return await reading;
    } finally {
      if (this.reading === reading) this.reading = undefined;
    }
  }

  /** A reading that nothing written meanwhile can disturb: it begins when the writes under way have ended, and later ones go on. */
  async readBeside<T>(work: () => Promise<T>): Promise<T> {
    return this.writes.size === 0 ? work() : this.afterWrites(work);
  }

  private async afterWrites<T>(work: () => Promise<T>): Promise<T> {
    await Promise.allSettled(this.writes);
    // Whoever waited for one of them may want the same reading.
    await new Promise(setImmediate);
    return work();
  }
}

const settled = (promise: Promise<unknown>) => promise.catch(() => undefined);
