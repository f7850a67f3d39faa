import { authenticationHeaders, redactor, refreshedToken } from "./authentication";
import { type Call, organizationHeaders, organizationOf } from "./call";
import type { RawResponse } from "./transport";

/** Signs requests with the current token, takes over the one that a server renews, and hides both from all that is shown. */
export class Signer {
  /** Every token there was: an old one may still be valid. */
  private readonly secrets: string[];
  private redactSecrets: (text: string) => string;
  /** What is sent and never shown, such as the secret of a credential. */
  private readonly hidden = new Set<string>();
  private redactHidden = (text: string): string => text;

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
    return this.redactHidden(this.redactSecrets(text));
  }

  hide(texts: readonly string[]): void {
    const fresh = texts.filter((text) => !this.hidden.has(text));
    if (fresh.length === 0) return;
    for (const text of fresh) this.hidden.add(text);
    this.redactHidden = redactor([...this.hidden], "[hidden]");
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
