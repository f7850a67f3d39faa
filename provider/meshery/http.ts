import type { AxiosInstance, AxiosResponse } from "axios";
import { type Answer, failureOf, isPage } from "./answer";
import { authenticationHeaders, type Credentials, redactor, refreshedToken } from "./credentials";
import { ApiError, type ApiErrorCode, type ApiErrorDetails } from "./errors";
import { Gate } from "./gate";
import { delayBefore, RETRY, retryAfterSeconds, waited } from "./retry";

export interface HttpOptions extends Credentials {
  /** Where Meshery is: scheme, host, port and, behind a proxy, a path prefix. */
  url: string;
  /** Where values came from, in words for an error message: "the environment variable MESHERY_TOKEN". */
  origins?: Partial<Record<"url" | "token" | "mesheryProvider", string>>;
  /** Milliseconds for one attempt. */
  timeout?: number;
  /**
   * Ends the waiting between tries. What is under way is let finish: a write that was cut off could not be accounted for.
   */
  signal?: AbortSignal;
  userAgent?: string;
}

export interface Call {
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** Begins with `/api/`; ids in it are already encoded (see `segment`). */
  path: string;
  query?: Record<string, string | number | undefined>;
  body?: unknown;
}

/** Requests that may be under way at once: each costs a Meshery Server up to three calls to its own provider. */
const WIDTH = 8;
const DEFAULT_TIMEOUT = 30_000;
const LARGEST_ANSWER = 64 * 1024 * 1024;

/** An id as one segment of a path. */
export const segment = (id: string): string => encodeURIComponent(id);

/**
 * One Meshery over HTTP: signs each request, retries reads by the table in `retry`, never follows a redirect, and turns
 * every failure into an `ApiError` from which the token has been removed.
 */
export class Http {
  private readonly gate = new Gate(WIDTH);
  private readonly base: string;
  private axios?: Promise<AxiosInstance>;
  private named?: Promise<string | undefined>;
  /** Why authorities of the user's own are not trusted. */
  private untrusted?: string;
  private token?: string;
  /** Every token there was: an old one may still be valid. */
  private readonly secrets: string[];
  private redact: (text: string) => string;

  constructor(private readonly options: HttpOptions) {
    this.base = options.url.replace(/\/+$/, "");
    this.token = options.token;
    this.secrets = options.token ? [options.token] : [];
    this.redact = redactor(this.secrets);
  }

  /** The parsed JSON of a successful answer, or undefined where its body is empty. Throws `ApiError`. */
  async request(call: Call): Promise<unknown> {
    const outcome = await this.attempts(call, await this.provider());
    if (outcome instanceof ApiError) throw await this.explained(outcome);
    return outcome.body;
  }

  private async attempts(call: Call, mesheryProvider: string | undefined): Promise<Answer | ApiError> {
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.attempt(call, mesheryProvider);
      if (!(outcome instanceof ApiError)) return outcome;
      const delay = this.mayRepeat(call, outcome) ? delayBefore(attempt + 1, outcome.details.retryAfter) : undefined;
      if (delay === undefined || !(await waited(delay, this.options.signal))) return outcome;
    }
  }

  /**
   * The providers this server offers, by name; undefined where it does not say (Meshery Cloud has no such route).
   * Throws `ApiError` where there is no server.
   */
  async providers(): Promise<{ name: string; remote: boolean }[] | undefined> {
    const answer = await this.attempts({ method: "GET", path: "/api/providers" }, undefined);
    if (answer instanceof ApiError) {
      if (answer.code === "unreachable" || answer.code === "timeout") throw answer;
      return undefined;
    }
    if (typeof answer.body !== "object" || answer.body === null) return undefined;
    return Object.entries(answer.body as Record<string, unknown>).map(([key, value]) => {
      const row = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
      const name = [row.providerName, row.provider_name, key].find(
        (x): x is string => typeof x === "string" && x !== "",
      );
      const url = row.providerUrl ?? row.provider_url;
      const local =
        /^(local|none)$/i.test(name ?? key) || row.providerType === "local" || row.provider_type === "local";
      return { name: name ?? key, remote: !local && (url === undefined || url !== "") };
    });
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
    const { status } = error.details;
    return status === undefined ? error.code === "unreachable" || error.code === "timeout" : RETRY.statuses.has(status);
  }

  /** Adds what only a further look can tell. */
  private async explained(error: ApiError): Promise<ApiError> {
    if (error.code !== "provider-not-named") return error;
    const offered = await this.providers().catch(() => undefined);
    return this.providerNotNamed(
      error.details,
      (offered ?? []).map((p) => p.name),
    );
  }

  private attempt(call: Call, mesheryProvider: string | undefined): Promise<Answer | ApiError> {
    return this.gate.pass(async () => {
      const details: ApiErrorDetails = { method: call.method, path: pathWithQuery(call) };
      try {
        const send = await this.client();
        const response = await send.request<string>({
          url: this.base + details.path,
          method: call.method,
          data: call.body === undefined ? undefined : JSON.stringify(call.body),
          headers: {
            accept: "application/json",
            ...(call.body === undefined ? {} : { "content-type": "application/json" }),
            ...authenticationHeaders({ token: this.token, mesheryProvider }),
          },
        });
        return this.read(response, details);
      } catch (error) {
        return this.unanswered(error, details);
      }
    });
  }

  private read(response: AxiosResponse<string>, details: ApiErrorDetails): Answer | ApiError {
    const renewed = refreshedToken(response.headers["set-cookie"]);
    if (renewed && response.status < 300) {
      this.token = renewed;
      this.secrets.push(renewed);
      this.redact = redactor(this.secrets);
    }
    const text = typeof response.data === "string" ? response.data : "";
    // Redacted before anything is cut: half a token would not be recognised.
    const failure = failureOf(response.status, response.status < 300 ? text : this.redact(text), {
      page: isPage(text, String(response.headers["content-type"] ?? "")),
      location: String(response.headers.location ?? ""),
    });
    if (failure) {
      return new ApiError(failure.code, this.whatRefused(failure.code) ?? failure.what, {
        ...details,
        status: response.status,
        said: this.redact(failure.said),
        why: this.whyRefused(failure.code),
        retryAfter: retryAfterSeconds(response.headers["retry-after"]),
      });
    }
    if (text.trim() === "") return { body: undefined };
    try {
      return { body: JSON.parse(text) as unknown };
    } catch {
      return new ApiError("unreadable", "The server's answer is not JSON", {
        ...details,
        status: response.status,
        said: this.redact(text).slice(0, 200),
      });
    }
  }

  private whatRefused(code: ApiErrorCode): string | undefined {
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

  private unanswered(error: unknown, details: ApiErrorDetails): ApiError {
    const code = String((error as { code?: unknown } | undefined)?.code ?? "");
    const message = this.redact(String((error as Error | undefined)?.message || code || error));
    if (code === "ECONNABORTED" || code === "ETIMEDOUT") {
      const seconds = (this.options.timeout ?? DEFAULT_TIMEOUT) / 1000;
      return new ApiError("timeout", `${this.where()} did not answer within ${seconds} s`, {
        ...details,
        said: message,
      });
    }
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
    this.axios ??= Promise.all([
      import("axios"),
      import("node:http"),
      import("node:https"),
      import("./authorities"),
    ]).then(([axios, http, https, { authorities }]) => {
      const { secureContext, problem } = overTls(this.base, process.env) ? authorities(process.env) : {};
      this.untrusted = problem;
      return axios.default.create({
        adapter: "http",
        httpAgent: new http.Agent({ keepAlive: true, maxSockets: WIDTH }),
        httpsAgent: new https.Agent({ keepAlive: true, maxSockets: WIDTH, secureContext }),
        timeout: this.options.timeout ?? DEFAULT_TIMEOUT,
        maxRedirects: 0,
        maxContentLength: LARGEST_ANSWER,
        responseType: "text",
        transformResponse: (data) => data,
        validateStatus: () => true,
        headers: { "user-agent": this.options.userAgent ?? "meshery-iac" },
      });
    });
    return this.axios;
  }
}

/** Whether requests go over TLS, to Meshery or to a proxy. */
const overTls = (url: string, { HTTP_PROXY, http_proxy, ALL_PROXY, all_proxy }: NodeJS.ProcessEnv): boolean =>
  [url, HTTP_PROXY, http_proxy, ALL_PROXY, all_proxy].some((address) => /^https:/i.test(address ?? ""));

function pathWithQuery({ path, query }: Call): string {
  const entries = Object.entries(query ?? {}).filter(([, value]) => value !== undefined);
  return entries.length === 0
    ? path
    : `${path}?${new URLSearchParams(entries.map(([key, value]): [string, string] => [key, String(value)])).toString()}`;
}
