import type { AxiosInstance, AxiosResponse } from "axios";
import { ApiError, type ApiErrorCode, type ApiErrorDetails, stopped } from "../errors";
import { type Answer, type Failure, failureOf, messageOf, weightOf } from "./answer";
import { authenticationHeaders, type Credentials, redactor, refreshedToken } from "./authentication";
import { type Call, organizationHeaders, organizationOf, pathWithQuery } from "./call";
import { Deadline, Stop } from "./deadline";
import { type HttpExchange, masked } from "./exchange";
import { isLocal, isMeshery, mayBeForeign, type OfferedProvider, offeredProviders } from "./providers";
import { delayBefore, RETRY, retryAfterSeconds, waited } from "./retry";
import { Semaphore } from "./semaphore";
import { transport } from "./transport";

export interface HttpOptions extends Credentials {
  /** Where Meshery is: scheme, host, port and, behind a proxy, a path prefix. */
  url: string;
  /** Where values came from, in words for an error message: "the environment variable MESHERY_TOKEN". */
  origins?: Partial<Record<"url" | "token" | "mesheryProvider", string>>;
  /** Milliseconds for one attempt, its body included. */
  timeout?: number;
  /** Ends the run: nothing new is sent, reads under way end at once, and writes that were sent get a moment for their answer. */
  signal?: AbortSignal;
  /** Told of every attempt, for a log. */
  onExchange?: (exchange: HttpExchange) => void;
  /** Whether `onExchange` gets bodies too. */
  bodies?: boolean;
  userAgent?: string;
}

/** Requests that may be under way at once: each costs a Meshery Server up to three calls to its own provider. */
const WIDTH = 8;
export const DEFAULT_TIMEOUT = 30_000;
/** Bytes of one answer: a page has a hundred rows. Eight of them may be on their way at once. */
const LARGEST_ANSWER = 8 * 1024 * 1024;
/** What one answer may weigh as objects. */
const HEAVIEST_ANSWER = 6 * LARGEST_ANSWER;
/** Seconds to wait where a server wants to be called less often and does not say when. */
const LATER = 1;

/**
 * One Meshery over HTTP: signs each request, retries reads by the table in `retry`, never follows a redirect, and turns
 * every failure into an `ApiError` from which the token has been removed.
 */
export class Http {
  private readonly semaphore = new Semaphore(WIDTH);
  private readonly stop: Stop;
  private readonly base: string;
  private axios?: Promise<AxiosInstance>;
  private named?: Promise<string | undefined>;
  /** Why authorities of the user's own are not trusted. */
  private untrusted?: string;
  private token?: string;
  /** Every token there was: an old one may still be valid. */
  private readonly secrets: string[];
  private redact: (text: string) => string;
  /** Something answered here as only Meshery does. */
  private recognized = false;

  constructor(private readonly options: HttpOptions) {
    this.base = options.url.replace(/\/+$/, "");
    this.token = options.token;
    this.secrets = options.token ? [options.token] : [];
    this.redact = redactor(this.secrets);
    this.stop = new Stop(options.signal);
  }

  /** Runs what finds out by reading whether a write was carried out: it may go on for a moment after a stop. */
  confirm<T>(work: (over: AbortSignal) => Promise<T>): Promise<T> {
    return this.stop.confirm(work);
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
      throw await this.explained(
        new ApiError(error.code, error.what, { ...details, status, said: said && this.redact(said) }),
      );
    }
  }

  /** Whether the token's user sees everything there is: the Local provider knows no other users. */
  async seesEverything(): Promise<boolean> {
    return isLocal((await this.provider()) ?? "");
  }

  private async answer(call: Call): Promise<Answer> {
    const outcome = await this.attempts(call, await this.provider());
    if (outcome instanceof ApiError) throw await this.explained(outcome);
    return outcome;
  }

  private async attempts(call: Call, mesheryProvider: string | undefined): Promise<Answer | ApiError> {
    let sent = false;
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.attempt(call, mesheryProvider, attempt);
      if (!(outcome instanceof ApiError)) return outcome;
      sent ||= !outcome.details.neverSent;
      // What an earlier try did is not undone because a later one never left.
      const failed = sent ? notKnown(outcome) : outcome;
      const delay = this.mayRepeat(call, outcome) ? delayBefore(attempt + 1, outcome.details.retryAfter) : undefined;
      if (delay === undefined) return failed;
      if (!(await waited(delay, this.options.signal))) return stopped(failed.details, !sent);
    }
  }

  /**
   * The providers this server offers, by name; undefined where it does not say (Meshery Cloud has no such route).
   * Throws `ApiError` where there is no server.
   */
  async providers(): Promise<OfferedProvider[] | undefined> {
    const answer = await this.attempts({ method: "GET", path: "/api/providers" }, undefined);
    if (answer instanceof ApiError) {
      if (["unreachable", "timeout", "stopped"].includes(answer.code)) throw answer;
      return undefined;
    }
    return offeredProviders(answer.body);
  }

  /** The provider to name in each request: as configured, else as the server's own list leaves only one choice. */
  private provider(): Promise<string | undefined> {
    this.named ??= this.chooseProvider().catch((error) => {
      this.named = undefined;
      throw error;
    });
    return this.named;
  }

  private async chooseProvider(): Promise<string | undefined> {
    if (this.options.mesheryProvider) return this.options.mesheryProvider;
    const offered = await this.providers();
    if (!offered || offered.length === 0) return undefined;
    const local = offered.find((p) => !p.remote);
    if (!this.token && local) return local.name;
    const remote = offered.filter((p) => p.remote);
    if (remote.length === 1) return remote[0]?.name;
    if (remote.length === 0) return local?.name;
    throw this.providerNotNamed(
      { method: "GET", path: "/api/providers" },
      offered.map((p) => p.name),
    );
  }

  private providerNotNamed(details: ApiErrorDetails, names: readonly string[]): ApiError {
    const choice = names.length > 0 ? `one of: ${names.join(", ")}` : "for instance Meshery, Layer5 or Local";
    const { mesheryProvider, origins = {} } = this.options;
    const given = mesheryProvider
      ? `It does not know the provider ${mesheryProvider} (from ${origins.mesheryProvider ?? "the provider's configuration"}): name`
      : "Please name";
    return new ApiError("provider-not-named", `${this.where()} asks which provider signs you in`, {
      ...details,
      why: `${given} a provider, ${choice} (argument mesheryProvider / meshery_provider, or MESHERY_PROVIDER).`,
    });
  }

  private mayRepeat(call: Call, error: ApiError): boolean {
    if (error.code === "not-found") return false;
    if (error.details.neverSent && call.method !== "DELETE") return true;
    if (!RETRY.methods.has(call.method)) return false;
    if (error.code === "throttled") return true;
    const { status } = error.details;
    return status === undefined ? error.code === "unreachable" || error.code === "timeout" : RETRY.statuses.has(status);
  }

  /** Adds what only a further look can tell. */
  private async explained(error: ApiError): Promise<ApiError> {
    if (error.code === "provider-not-named") {
      const offered = await this.providers().catch(() => undefined);
      return this.providerNotNamed(
        error.details,
        (offered ?? []).map((p) => p.name),
      );
    }
    if (this.recognized || error.details.method !== "GET" || !mayBeForeign(error)) return error;
    this.recognized = await isMeshery(async (path) => {
      const answer = await this.attempts({ method: "GET", path }, await this.provider());
      return answer instanceof ApiError ? undefined : answer.body;
    }).catch(() => true);
    if (this.recognized) return error;
    return new ApiError("not-meshery", `${this.where()} answers, but not as a Meshery API`, {
      ...error.details,
      why: `${error.what}.`,
    });
  }

  private attempt(call: Call, mesheryProvider: string | undefined, attempt: number): Promise<Answer | ApiError> {
    return this.semaphore.pass(async () => {
      const details: ApiErrorDetails = { method: call.method, path: pathWithQuery(call) };
      const { signal, timeout = DEFAULT_TIMEOUT } = this.options;
      const isRead = call.method === "GET";
      if (!(isRead ? this.stop.allows : !signal?.aborted)) return stopped(details, true);
      const data = call.body === undefined ? undefined : JSON.stringify(call.body);
      const begun = Date.now();
      const deadline = new Deadline(timeout, !isRead, signal, () => this.stop.grace);
      let response: AxiosResponse<string> | undefined;
      let outcome: Answer | ApiError;
      try {
        const send = await this.client();
        response = await send.request<string>({
          url: this.base + details.path,
          method: call.method,
          data,
          signal: deadline.signal,
          headers: {
            accept: "application/json",
            ...(call.body === undefined ? {} : { "content-type": "application/json" }),
            ...organizationHeaders(organizationOf(call)),
            ...authenticationHeaders({ token: this.token, mesheryProvider }),
          },
        });
        outcome = this.read(response, details);
      } catch (error) {
        outcome = deadline.reason === "stopped" ? stopped(details) : this.unanswered(error, details, deadline);
      } finally {
        deadline.clear();
      }
      this.tell(outcome, { attempt, begun, details, data, response });
      return outcome;
    });
  }

  private tell(
    outcome: Answer | ApiError,
    tried: {
      attempt: number;
      begun: number;
      details: ApiErrorDetails;
      data: string | undefined;
      response: AxiosResponse<string> | undefined;
    },
  ): void {
    const { onExchange, bodies } = this.options;
    if (!onExchange) return;
    const { attempt, begun, details, data = "", response } = tried;
    const text = typeof response?.data === "string" ? response.data : "";
    onExchange({
      method: details.method,
      path: this.redact(details.path),
      ...(response ? { status: response.status } : {}),
      ...(outcome instanceof ApiError ? { error: `${outcome.what} [${outcome.code}]` } : {}),
      ms: Date.now() - begun,
      sent: Buffer.byteLength(data),
      received: Buffer.byteLength(text),
      attempt,
      ...(bodies ? { requestBody: this.redact(masked(data)), responseBody: this.redact(masked(text)) } : {}),
    });
  }

  private read(response: AxiosResponse<string>, details: ApiErrorDetails): Answer | ApiError {
    this.renew(response);
    const text = typeof response.data === "string" ? response.data : "";
    const { status, headers } = response;
    const retryAfter = retryAfterSeconds(headers["retry-after"]);
    // Redacted before anything is cut: half a token would not be recognised.
    const failure = failureOf({
      method: details.method,
      status,
      text: status < 300 ? text : this.redact(text),
      contentType: String(headers["content-type"] ?? ""),
      location: String(headers.location ?? ""),
      retryAfter: retryAfter !== undefined,
    });
    if (failure) return this.refused(failure, { ...details, status, retryAfter });
    if (text.trim() === "") return { status, body: undefined, weight: 0 };
    const weight = weightOf(text);
    if (weight > HEAVIEST_ANSWER) return tooLong(details);
    try {
      const body = JSON.parse(text) as unknown;
      if (details.method !== "GET" && saysError(body)) {
        const said = this.redact(messageOf(text));
        return new ApiError("unreadable", "The server answered with an error, as if it were none", {
          ...details,
          status,
          said,
        });
      }
      return { status, body, weight };
    } catch {
      const said = visibleStart(this.redact(text));
      return new ApiError("unreadable", "The server's answer is not JSON", { ...details, status, said, foreign: true });
    }
  }

  private refused({ code, what, said }: Failure, details: ApiErrorDetails): ApiError {
    const retryAfter = code === "throttled" ? (details.retryAfter ?? LATER) : details.retryAfter;
    return new ApiError(code, this.whatRefused(code, details) ?? what, {
      ...details,
      said: this.redact(said),
      why: this.whyRefused(code),
      retryAfter,
    });
  }

  /** Takes a renewed token, which is as secret as the one before. */
  private renew({ headers, status }: AxiosResponse<string>): void {
    const renewed = refreshedToken(headers["set-cookie"]);
    if (!renewed) return;
    this.secrets.push(renewed);
    this.redact = redactor(this.secrets);
    if (status < 300) this.token = renewed;
  }

  private whatRefused(code: ApiErrorCode, { method, path }: ApiErrorDetails): string | undefined {
    if (code === "no-route") return `This server has no route ${method} ${path.split("?")[0]}`;
    if (code === "not-allowed") return `The user of ${this.tokenFrom()} is not allowed to do this`;
    return code === "not-authenticated" ? `Not authenticated at ${this.base}` : undefined;
  }

  private whyRefused(code: ApiErrorCode): string | undefined {
    if (code !== "not-authenticated") return undefined;
    if (!this.token) return "No token was given (MESHERY_TOKEN, or the provider's argument token).";
    const { origins = {}, mesheryProvider } = this.options;
    const signedIn = mesheryProvider
      ? ` with the provider ${mesheryProvider} (from ${origins.mesheryProvider ?? "the provider's configuration"})`
      : "";
    return `Either ${this.tokenFrom()} was refused${signedIn}, or ${this.where()} is not the address of a Meshery API.`;
  }

  private tokenFrom(): string {
    return `the token from ${this.options.origins?.token ?? "the provider's configuration"}`;
  }

  private where(): string {
    const origin = this.options.origins?.url;
    return origin ? `${this.base} (url from ${origin})` : this.base;
  }

  private unanswered(error: unknown, details: ApiErrorDetails, deadline: Deadline): ApiError {
    const code = String((error as { code?: unknown } | undefined)?.code ?? "");
    const message = this.redact(String((error as Error | undefined)?.message || code || error));
    if (deadline.reason === "timeout" || code === "ECONNABORTED" || code === "ETIMEDOUT") {
      const seconds = (this.options.timeout ?? DEFAULT_TIMEOUT) / 1000;
      const said = deadline.reason ? undefined : message;
      return new ApiError("timeout", `${this.where()} did not answer within ${seconds} s`, { ...details, said });
    }
    if (/maxContentLength/.test(message)) return tooLong(details);
    const neverSent = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"].includes(code);
    const why = /CERT|SSL|TLS|VERIFY/i.test(code)
      ? (this.untrusted ?? "For a private certificate authority set NODE_EXTRA_CA_CERTS to its file.")
      : undefined;
    return new ApiError("unreachable", `Cannot reach Meshery at ${this.where()}`, {
      ...details,
      said: message,
      why,
      neverSent,
    });
  }

  /** axios is loaded with the first request: most processes an engine starts never send one. */
  private client(): Promise<AxiosInstance> {
    const { userAgent } = this.options;
    this.axios ??= transport(this.base, { width: WIDTH, largest: LARGEST_ANSWER, userAgent }).then((made) => {
      this.untrusted = made.problem;
      return made.client;
    });
    return this.axios;
  }
}

/** Whether the answer to a write says that it failed, whatever its status. */
const saysError = (body: unknown): boolean =>
  typeof body === "object" && body !== null && "error" in body && Boolean(body.error);

const tooLong = (details: ApiErrorDetails): ApiError =>
  new ApiError("unreadable", `The server's answer is longer than ${LARGEST_ANSWER / 1024 / 1024} MB`, details);

const notKnown = ({ code, what, details }: ApiError): ApiError =>
  new ApiError(code, what, { ...details, neverSent: false });

const visibleStart = (text: string): string => text.replace(/\s+/g, " ").trim().slice(0, 200);
