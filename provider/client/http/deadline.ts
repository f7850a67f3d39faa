/** Milliseconds that the answer to a write gets after the run was told to stop: what was made should be known. */
const GRACE = 3_000;
/** Milliseconds after the stop in which a list may still tell what a write did whose answer did not. */
const GRACE_TO_CONFIRM = 3_300;

/** What may still go on after the run was told to stop. */
export class Stop {
  private confirming = 0;
  private readonly over = new AbortController();

  constructor(private readonly signal: AbortSignal | undefined) {
    const end = () => {
      setTimeout(() => this.over.abort(), GRACE_TO_CONFIRM).unref();
    };
    if (signal?.aborted) end();
    else signal?.addEventListener("abort", end, { once: true });
  }

  /** Whether a request may begin, or a read go on. */
  get allows(): boolean {
    return !this.signal?.aborted || (this.confirming > 0 && !this.over.signal.aborted);
  }

  /** Until when a read may go on that somebody waits for to learn what a write did; undefined where nobody does. */
  get grace(): AbortSignal | undefined {
    return this.confirming > 0 ? this.over.signal : undefined;
  }

  /** Runs what finds out whether a write was carried out that was sent before; the signal tells when there is no more time. */
  async confirm<T>(work: (over: AbortSignal) => Promise<T>): Promise<T> {
    this.confirming++;
    try {
      return await work(this.over.signal);
    } finally {
      this.confirming--;
    }
  }
}

/**
 * Ends one request, its body included: after `milliseconds`, and soon after `stop`. Reads end at once then, since nobody needs
 * their answer.
 */
export class Deadline {
  private readonly controller = new AbortController();
  private readonly timers: NodeJS.Timeout[] = [];
  private ended?: "timeout" | "stopped";
  private readonly stopped = () => {
    if (this.writes) {
      this.timers.push(setTimeout(this.over, GRACE));
      return;
    }
    this.last = this.grace();
    if (!this.last || this.last.aborted) this.over();
    else this.last.addEventListener("abort", this.over, { once: true });
  };
  private readonly over = () => this.end("stopped");
  private last: AbortSignal | undefined;

  constructor(
    milliseconds: number,
    private readonly writes: boolean,
    private readonly stop: AbortSignal | undefined,
    /** Until when a read may go on after the stop. */
    private readonly grace: () => AbortSignal | undefined = () => undefined,
  ) {
    this.timers.push(setTimeout(() => this.end("timeout"), milliseconds));
    if (stop?.aborted) this.stopped();
    else stop?.addEventListener("abort", this.stopped, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Why the request was ended; undefined where it was not. */
  get reason(): "timeout" | "stopped" | undefined {
    return this.ended;
  }

  clear(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.stop?.removeEventListener("abort", this.stopped);
    this.last?.removeEventListener("abort", this.over);
  }

  private end(reason: "timeout" | "stopped"): void {
    this.ended ??= reason;
    this.controller.abort();
  }
}
