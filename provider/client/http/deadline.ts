/** What may still go on after the run was stopped. */
export class GracefulStop {
  private confirming = 0;
  private readonly graceOver = new AbortController();

  /** @param confirmGrace milliseconds after the stop in which what was sent may still be confirmed */
  constructor(
    private readonly signal: AbortSignal | undefined,
    confirmGrace: number,
  ) {
    const startGrace = () => {
      setTimeout(() => this.graceOver.abort(), confirmGrace).unref();
    };
    if (signal?.aborted) startGrace();
    else signal?.addEventListener("abort", startGrace, { once: true });
  }

  /** Whether a read may begin. */
  get allowsReads(): boolean {
    return !this.signal?.aborted || (this.confirming > 0 && !this.graceOver.signal.aborted);
  }

  /** Until when a read may go on that somebody waits for to learn what a write did; undefined where nobody does. */
  get grace(): AbortSignal | undefined {
    return this.confirming > 0 ? this.graceOver.signal : undefined;
  }

  /** Runs what finds out whether a write was carried out that was sent before; the signal tells when there is no more time. */
  async confirm<T>(work: (over: AbortSignal) => Promise<T>): Promise<T> {
    this.confirming++;
    try {
      return await work(this.graceOver.signal);
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
  private endReason?: "timeout" | "stopped";
  private grace: AbortSignal | undefined;
  private readonly onStop = () => {
    if (this.writeGrace !== undefined) {
      this.timers.push(setTimeout(this.endStopped, this.writeGrace));
      return;
    }
    this.grace = this.graceForReads();
    if (!this.grace || this.grace.aborted) this.endStopped();
    else this.grace.addEventListener("abort", this.endStopped, { once: true });
  };
  private readonly endStopped = () => this.end("stopped");

  constructor(
    milliseconds: number,
    /** Milliseconds that it may go on after the stop; undefined for a read. */
    private readonly writeGrace: number | undefined,
    private readonly stop: AbortSignal | undefined,
    /** Until when a read may go on after the stop. */
    private readonly graceForReads: () => AbortSignal | undefined = () => undefined,
  ) {
    this.timers.push(setTimeout(() => this.end("timeout"), milliseconds));
    if (stop?.aborted) this.onStop();
    else stop?.addEventListener("abort", this.onStop, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Why the request was ended; undefined where it was not. */
  get reason(): "timeout" | "stopped" | undefined {
    return this.endReason;
  }

  clear(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.stop?.removeEventListener("abort", this.onStop);
    this.grace?.removeEventListener("abort", this.endStopped);
  }

  private end(reason: "timeout" | "stopped"): void {
    this.endReason ??= reason;
    this.controller.abort();
  }
}
