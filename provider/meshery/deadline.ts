/** Milliseconds that the answer to a write gets after the run was told to stop: what was made should be known. */
const GRACE = 3_000;

/**
 * Ends one request, its body included: after `milliseconds`, and soon after `stop`. Reads end at once then, since nobody needs
 * their answer.
 */
export class Deadline {
  private readonly controller = new AbortController();
  private readonly timers: NodeJS.Timeout[] = [];
  private ended?: "timeout" | "stopped";
  private readonly stopped = () => {
    if (this.writes) this.timers.push(setTimeout(() => this.end("stopped"), GRACE));
    else this.end("stopped");
  };

  constructor(
    milliseconds: number,
    private readonly writes: boolean,
    private readonly stop: AbortSignal | undefined,
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
  }

  private end(reason: "timeout" | "stopped"): void {
    this.ended ??= reason;
    this.controller.abort();
  }
}
