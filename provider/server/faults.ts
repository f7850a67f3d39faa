/** What goes wrong. */
export type FaultEffect =
  /** The answer comes later. */
  | { kind: "latency"; milliseconds: number }
  /** The connection ends without an answer, before the work is done or after it. */
  | { kind: "drop"; when: "before" | "after" }
  /** Another status than the true one, instead of the work or after it. */
  | {
      kind: "status";
      status: number;
      when?: "before" | "after" | undefined;
      retryAfter?: string | undefined;
      body?: string | undefined;
    }
  /** A login page with status 200 instead of an answer. */
  | { kind: "login page" }
  | { kind: "redirect"; location: string }
  /** Later pages of a list begin this many rows further on (or back), as if rows before them had gone (or come). */
  | { kind: "shift"; rows: number }
  /** Runs in the test's own process when the request has arrived, before any work. */
  | { kind: "call"; run: () => void };

/** Which requests something goes wrong with. Everything left out matches all. */
export interface Fault {
  method?: string | undefined;
  /** Template of a route, such as `/api/environments/{id}`. */
  route?: string | undefined;
  /** The exact path. */
  path?: string | undefined;
  effect: FaultEffect;
  /** For how many matching requests; 1 when left out, `Infinity` for all. */
  times?: number | undefined;
  /** Matching requests that are let through first. */
  skip?: number | undefined;
}

/** Faults that are waiting for their requests. */
export class Faults {
  #faults: { id: number; fault: Fault; left: number; skip: number }[] = [];
  #lastId = 0;

  /** Adds a fault; returns the id by which it can be removed. */
  add(fault: Fault): number {
    this.#lastId += 1;
    this.#faults.push({ id: this.#lastId, fault, left: fault.times ?? 1, skip: fault.skip ?? 0 });
    return this.#lastId;
  }

  /** Removes one fault, or all of them. */
  clear(id?: number): void {
    this.#faults = id === undefined ? [] : this.#faults.filter((entry) => entry.id !== id);
  }

  /** Faults that still wait, with how often each will happen. */
  get list(): readonly { id: number; fault: Fault; left: number }[] {
    return this.#faults.map(({ id, fault, left }) => ({ id, fault, left }));
  }

  /** Effects for one request; each counts down as it is handed out. */
  take(request: { method: string; route: string; path: string }): FaultEffect[] {
    if (this.#faults.length === 0) return [];
    const effects: FaultEffect[] = [];
    for (const entry of this.#faults) {
      const { method, route, path } = entry.fault;
      if (method !== undefined && method !== request.method) continue;
      if (route !== undefined && route !== request.route) continue;
      if (path !== undefined && path !== request.path) continue;
      if (entry.skip > 0) {
        entry.skip -= 1;
        continue;
      }
      entry.left -= 1;
      effects.push(entry.fault.effect);
    }
    this.#faults = this.#faults.filter(({ left }) => left > 0);
    return effects;
  }
}
