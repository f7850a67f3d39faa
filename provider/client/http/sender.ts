import { setMaxListeners } from "node:events";
import { type ApiError, type ApiErrorDetails, stopped } from "../errors";
import { type Timing, timingWith } from "../timing";
import type { Answer } from "./answer";
import { type Call, pathWithQuery } from "./call";
import { Deadline, GracefulStop } from "./deadline";
import type { ErrorFactory } from "./errorFactory";
import { exchangeOf } from "./exchange";
import { PARALLEL_REQUESTS } from "./limits";
import { DEFAULT_TIMEOUT, type HttpOptions } from "./options";
import { readResponse } from "./response";
import { Semaphore } from "./semaphore";
import type { Signer } from "./signer";
import { createTransport, type RawResponse, type Transport } from "./transport";

/** Sends a request once: signed, within its deadline, a few at a time, and reported to the log. */
export class Sender {
  private readonly semaphore = new Semaphore(PARALLEL_REQUESTS);
  private readonly timing: Timing;
  private readonly stop: GracefulStop;
  private readonly transport: () => Promise<Transport>;

  constructor(
    private readonly base: string,
    private readonly options: HttpOptions,
    private readonly signer: Signer,
    private readonly errors: ErrorFactory,
  ) {
    // Each request under way listens for the stop; Node takes more than ten for a leak.
    if (options.signal) setMaxListeners(0, options.signal);
    this.timing = timingWith(options.timing);
    this.stop = new GracefulStop(options.signal, this.timing.confirmGrace);
    let transport: Promise<Transport> | undefined;
    this.transport = () => {
      transport ??= createTransport(base, options.userAgent);
      return transport;
    };
  }

  /** Runs what finds out by reading whether a write was carried out: it may go on for a moment after a stop. */
  confirm<T>(work: (over: AbortSignal) => Promise<T>): Promise<T> {
    return this.stop.confirm(work);
  }

  /** @param attempt 1 for the first try */
  send(call: Call, mesheryProvider: string | undefined, attempt: number): Promise<Answer | ApiError> {
    return this.semaphore.run(async () => {
      const details: ApiErrorDetails = { method: call.method, path: pathWithQuery(call) };
      if (!this.maySend(call)) return stopped(details, true);
      const begun = Date.now();
      const body = call.body === undefined ? undefined : JSON.stringify(call.body);
      const headers = this.signer.headers(call, mesheryProvider);
      const { outcome, response } = await this.exchange(details, body, headers);
      this.log(outcome, { attempt, begun, details, body, response });
      return outcome;
    });
  }

  private maySend({ method }: Call): boolean {
    return method === "GET" ? this.stop.allowsReads : !this.options.signal?.aborted;
  }

  private async exchange(
    details: ApiErrorDetails,
    body: string | undefined,
    headers: Record<string, string>,
  ): Promise<{ outcome: Answer | ApiError; response?: RawResponse }> {
    const { signal, timeout = DEFAULT_TIMEOUT } = this.options;
    const writeGrace = details.method === "GET" ? undefined : this.timing.writeGrace;
    const deadline = new Deadline(timeout, writeGrace, signal, () => this.stop.grace);
    let caProblem: string | undefined;
    try {
      const transport = await this.transport();
      caProblem = transport.caProblem;
      const url = this.base + details.path;
      const response = await transport.send({ method: details.method, url, headers, body, signal: deadline.signal });
      this.signer.renew(response);
      return { outcome: readResponse(response, details, { signer: this.signer, errors: this.errors }), response };
    } catch (error) {
      if (deadline.reason === "stopped") return { outcome: stopped(details) };
      return { outcome: this.errors.unanswered(error, details, deadline.reason === "timeout", caProblem) };
    } finally {
      deadline.clear();
    }
  }

  private log(outcome: Answer | ApiError, tried: Omit<Parameters<typeof exchangeOf>[0], "outcome" | "bodies">): void {
    const { onExchange, bodies = false } = this.options;
    onExchange?.(exchangeOf({ ...tried, outcome, bodies }, (text) => this.signer.redact(text)));
  }
}
