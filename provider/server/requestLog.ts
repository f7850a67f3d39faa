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

/** What the server was asked. Tokens and bodies are not kept. */
export class RequestLog {
  #requests: LoggedRequest[] = [];
  #sequence = 0;
  #underWay = 0;

  /** Requests in the order of their arrival. */
  get list(): readonly LoggedRequest[] {
    return this.#requests;
  }

  /** How often each `METHOD route` was asked. */
  get counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { method, route } of this.#requests) {
      const key = `${method} ${route}`;
      counts[key] = (counts[key] ?? 0) + 1;
    }
    return counts;
  }

  /** How often one `METHOD route` was asked, such as `GET /api/environments`. */
  count(key: string): number {
    return this.counts[key] ?? 0;
  }

  clear(): void {
    this.#requests = [];
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
    return entry;
  }

  ended(): void {
    this.#underWay -= 1;
  }
}
