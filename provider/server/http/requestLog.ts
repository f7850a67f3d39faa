import { performance } from "node:perf_hooks";

/** One request the server has seen. */
export interface LoggedRequest {
  /** Order of arrival, from 1. */
  readonly sequence: number;
  readonly method: string;
  /** Template of the route, such as `/api/environments/{id}`; the path itself where no route matches. */
  readonly route: string;
  readonly path: string;
  readonly query: string;
  /** Status of the answer; 0 while there is none, and where the connection was dropped. */
  status: number;
  /** Time of arrival in milliseconds on a clock that only goes forward. */
  readonly at: number;
  /** Requests under way at its arrival, itself included. */
  readonly concurrent: number;
}

/** Requests kept in the list, at least; a server that runs for long forgets older ones, but goes on counting. */
const kept = 100_000;

/** What the server was asked. Tokens and bodies are not kept. */
export class RequestLog {
  #requests: LoggedRequest[] = [];
  #counts = new Map<string, number>();
  #sequence = 0;
  #underWay = 0;

  /** Requests in the order of their arrival. */
  get list(): readonly LoggedRequest[] {
    return this.#requests;
  }

  /** How often each `METHOD route` was asked. */
  get counts(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }

  /** How often one `METHOD route` was asked, such as `GET /api/environments`. */
  count(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  /** Forgets every request up to now. */
  clear(): void {
    this.#requests = [];
    this.#counts.clear();
  }

  /** Notes an arrival; the answer's status is set when it is known, and `ended` called. */
  arrived(request: Pick<LoggedRequest, "method" | "route" | "path" | "query">): LoggedRequest {
    this.#underWay += 1;
    this.#sequence += 1;
    const entry: LoggedRequest = {
      sequence: this.#sequence,
      ...request,
      status: 0,
      at: performance.now(),
      concurrent: this.#underWay,
    };
    this.#requests.push(entry);
    if (this.#requests.length > 2 * kept) this.#requests = this.#requests.slice(-kept);
    const key = `${entry.method} ${entry.route}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    return entry;
  }

  ended(): void {
    this.#underWay -= 1;
  }
}
