import { authenticationHeaders, redactor, refreshedToken } from "./authentication";
import { type Call, organizationHeaders, organizationOf } from "./call";
import type { RawResponse } from "./transport";

/** Signs requests with the current token, takes over the one that a server renews, and hides both from all that is shown. */
export class Signer {
  /** Every token there was: an old one may still be valid. */
  private readonly secrets: string[];
  private redactSecrets: (text: string) => string;
  /** What is sent and never shown, such as the secret of a credential; the longest first, which may hold another. */
  private hidden: { text: string; redact: (text: string) => string }[] = [];

  constructor(private token: string | undefined) {
    this.secrets = token ? [token] : [];
    this.redactSecrets = redactor(this.secrets);
  }

  get hasToken(): boolean {
    return Boolean(this.token);
  }

  headers(call: Call, mesheryProvider: string | undefined): Record<string, string> {
    return {
      accept: "application/json",
      ...(call.body === undefined ? {} : { "content-type": "application/json" }),
      ...organizationHeaders(organizationOf(call)),
      ...authenticationHeaders({ token: this.token, mesheryProvider }),
    };
  }

  redact(text: string): string {
    return this.hidden.reduce((result, { redact }) => redact(result), this.redactSecrets(text));
  }

  hide(texts: readonly string[]): void {
    const known = new Set(this.hidden.map(({ text }) => text));
    // Each has a pattern of its own: a long one takes a while to make.
    const fresh = [...new Set(texts)].filter((text) => !known.has(text));
    const added = fresh.map((text) => ({ text, redact: redactor([text], "[hidden]") }));
    if (added.length > 0) this.hidden = [...this.hidden, ...added].sort((a, b) => b.text.length - a.text.length);
  }

  /** Takes a renewed token, which is as secret as the one before. */
  renew({ setCookie, status }: RawResponse): void {
    const renewed = refreshedToken(setCookie);
    if (!renewed) return;
    this.secrets.push(renewed);
    this.redactSecrets = redactor(this.secrets);
    if (status < 300) this.token = renewed;
  }
}
