import { ApiError } from "../errors";
import { type Timing, timingWith } from "../timing";
import type { Answer } from "./answer";
import type { Call } from "./call";
import { ErrorFactory } from "./errorFactory";
import type { HttpOptions } from "./options";
import { ProviderChoice } from "./providerChoice";
import { isLocal, isMeshery, mayNotBeMeshery, type OfferedProvider, offeredProviders, PROVIDERS } from "./providers";
import { withRetries } from "./retry";
import { Sender } from "./sender";
import { Signer } from "./signer";

export { DEFAULT_TIMEOUT, type HttpOptions } from "./options";

/**
 * One Meshery over HTTP: signs each request, retries reads by the table in `retry`, never follows a redirect, and turns
 * every failure into an `ApiError` from which the token has been removed.
 */
export class Http {
  readonly timing: Timing;
  private readonly signal: AbortSignal | undefined;
  private readonly signer: Signer;
  private readonly errors: ErrorFactory;
  private readonly sender: Sender;
  private readonly provider: ProviderChoice;
  /** Something answered here as only Meshery does. */
  private recognized = false;

  constructor(options: HttpOptions) {
    const base = options.url.replace(/\/+$/, "");
    this.timing = timingWith(options.timing);
    this.signal = options.signal;
    this.signer = new Signer(options.token);
    this.errors = new ErrorFactory(base, options, this.signer);
    this.sender = new Sender(base, options, this.signer, this.errors);
    this.provider = new ProviderChoice(options.mesheryProvider, this.signer, this.errors, () => this.providers());
  }

  /** Runs what finds out by reading whether a write was carried out: it may go on for a moment after a stop. */
  confirm<T>(work: (over: AbortSignal) => Promise<T>): Promise<T> {
    return this.sender.confirm(work);
  }

  /** Keeps these texts, too, out of all that is shown. */
  hide(secrets: readonly string[]): void {
    this.signer.hide(secrets);
  }

  /** The parsed JSON of a successful answer, or undefined where its body is empty. Throws `ApiError`. */
  async request(call: Call): Promise<unknown> {
    return (await this.answer(call)).body;
  }

  /** What `parse` makes of an answer. Its errors are as free of secrets as all others. */
  async list<T>(call: Call, parse: (body: unknown, weight: number) => T): Promise<T> {
    const { status, body, weight } = await this.answer(call);
    try {
      const parsed = parse(body, weight);
      this.recognized = true;
      return parsed;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { said, ...details } = error.details;
      throw await this.diagnosed(
        new ApiError(error.code, error.what, { ...details, status, said: said && this.signer.redact(said) }),
      );
    }
  }

  /** Whether the token's user sees everything there is: the Local provider knows no other users. */
  async seesEverything(): Promise<boolean> {
    return isLocal((await this.provider.name()) ?? "");
  }

  /**
   * The providers this server offers, by name; undefined where it does not say (Meshery Cloud has no such route).
   * Throws `ApiError` where there is no server.
   */
  async providers(): Promise<OfferedProvider[] | undefined> {
    const answer = await this.send({ method: "GET", path: PROVIDERS }, undefined);
    if (!(answer instanceof ApiError)) return offeredProviders(answer.body);
    if (["unreachable", "timeout", "stopped"].includes(answer.code)) throw answer;
    return undefined;
  }

  private async answer(call: Call): Promise<Answer> {
    const answer = await this.send(call, await this.provider.name());
    if (answer instanceof ApiError) throw await this.diagnosed(answer);
    return answer;
  }

  private send(call: Call, mesheryProvider: string | undefined): Promise<Answer | ApiError> {
    return withRetries(call, (attempt) => this.sender.send(call, mesheryProvider, attempt), this.signal, this.timing);
  }

  /** The error that a further look at the server explains better: which providers it offers, whether it is a Meshery at all. */
  private async diagnosed(error: ApiError): Promise<ApiError> {
    if (error.code === "provider-not-named") {
      const offered = (await this.providers().catch(() => undefined)) ?? [];
      return this.errors.providerNotNamed(
        error.details,
        offered.map(({ name }) => name),
      );
    }
    if (this.recognized || error.details.method !== "GET" || !mayNotBeMeshery(error)) return error;
    // Where the look itself fails, the first error stands.
    this.recognized = await isMeshery((path) => this.bodyOf(path)).catch(() => true);
    return this.recognized ? error : this.errors.notMeshery(error);
  }

  private async bodyOf(path: string): Promise<unknown> {
    const answer = await this.send({ method: "GET", path }, await this.provider.name());
    return answer instanceof ApiError ? undefined : answer.body;
  }
}
