import { ApiError, type ApiErrorCode, type ApiErrorDetails } from "../errors";
import type { Failure } from "./answer";
import { LARGEST_ANSWER } from "./limits";
import { DEFAULT_TIMEOUT, type HttpOptions } from "./options";
import type { Signer } from "./signer";

/** Seconds to wait where a server wants to be called less often and does not say when. */
const DEFAULT_RETRY_AFTER = 1;
/** Codes of Node.js for a connection that never came about. */
const NOT_CONNECTED = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

/** Words every failure for the user: where the address and the token came from, and what to do. Secrets are removed. */
export class ErrorFactory {
  constructor(
    private readonly base: string,
    private readonly options: Pick<HttpOptions, "origins" | "mesheryProvider" | "timeout">,
    private readonly signer: Signer,
  ) {}

  /** For an answer that is a failure. */
  refused({ code, what, said }: Failure, details: ApiErrorDetails): ApiError {
    const retryAfter = code === "throttled" ? (details.retryAfter ?? DEFAULT_RETRY_AFTER) : details.retryAfter;
    return new ApiError(code, this.whatRefused(code, details) ?? what, {
      ...details,
      said: this.signer.redact(said),
      why: code === "not-authenticated" ? this.whyNotAuthenticated() : undefined,
      retryAfter,
    });
  }

  /** For a request that got no answer. */
  unanswered(error: unknown, details: ApiErrorDetails, timedOut: boolean, caProblem: string | undefined): ApiError {
    const code = String((error as { code?: unknown } | undefined)?.code ?? "");
    const message = this.signer.redact(String((error as Error | undefined)?.message || code || error));
    if (timedOut || code === "ECONNABORTED" || code === "ETIMEDOUT") {
      const seconds = (this.options.timeout ?? DEFAULT_TIMEOUT) / 1000;
      const said = timedOut ? undefined : message;
      return new ApiError("timeout", `${this.where()} did not answer within ${seconds} s`, { ...details, said });
    }
    if (/maxContentLength/.test(message)) return tooLong(details);
    const why = /CERT|SSL|TLS|VERIFY/i.test(code)
      ? (caProblem ?? "For a private certificate authority set NODE_EXTRA_CA_CERTS to its file.")
      : undefined;
    return new ApiError("unreachable", `Cannot reach Meshery at ${this.where()}`, {
      ...details,
      said: message,
      why,
      neverSent: NOT_CONNECTED.has(code),
    });
  }

  /** For a server that asks which of its providers to use; `names` are those it offers. */
  providerNotNamed(details: ApiErrorDetails, names: readonly string[]): ApiError {
    const choice = names.length > 0 ? `one of: ${names.join(", ")}` : "for instance Meshery, Layer5 or Local";
    const { mesheryProvider } = this.options;
    const given = mesheryProvider
      ? `It does not know the provider ${mesheryProvider} (from ${this.origin("mesheryProvider")}): name`
      : "Please name";
    return new ApiError("provider-not-named", `${this.where()} asks which provider signs you in`, {
      ...details,
      why: `${given} a provider, ${choice} (argument mesheryProvider / meshery_provider, or MESHERY_PROVIDER).`,
    });
  }

  /** For an answer that came from something that is no Meshery. */
  notMeshery({ what, details }: ApiError): ApiError {
    const why = `${what}.`;
    return new ApiError("not-meshery", `${this.where()} answers, but not as a Meshery API`, { ...details, why });
  }

  private whatRefused(code: ApiErrorCode, { method, path }: ApiErrorDetails): string | undefined {
    if (code === "no-route") return `This server has no route ${method} ${path.split("?")[0]}`;
    if (code === "not-allowed") return `The user of the token from ${this.origin("token")} is not allowed to do this`;
    return code === "not-authenticated" ? `Not authenticated at ${this.base}` : undefined;
  }

  private whyNotAuthenticated(): string {
    if (!this.signer.hasToken) return "No token was given (MESHERY_TOKEN, or the provider's argument token).";
    const { mesheryProvider } = this.options;
    const signedIn = mesheryProvider
      ? ` with the provider ${mesheryProvider} (from ${this.origin("mesheryProvider")})`
      : "";
    return `Either the token from ${this.origin("token")} was refused${signedIn}, or ${this.where()} is not the address of a Meshery API.`;
  }

  private origin(value: "token" | "mesheryProvider"): string {
    return this.options.origins?.[value] ?? "the provider's configuration";
  }

  private where(): string {
    const origin = this.options.origins?.url;
    return origin ? `${this.base} (url from ${origin})` : this.base;
  }
}

export const tooLong = (details: ApiErrorDetails): ApiError =>
  new ApiError("unreadable", `The server's answer is longer than ${LARGEST_ANSWER / 1024 / 1024} MB`, details);
