/** What a run tells its user, and the way an error ends it. */
import type { Message, Severity } from "./driver";

export class Diagnostics {
  readonly messages: Message[] = [];

  add(severity: Severity, text: string, urn?: string): void {
    this.messages.push(urn ? { severity, text, urn } : { severity, text });
  }

  error(text: string, urn?: string): void {
    this.add("error", text, urn);
  }

  warning(text: string, urn?: string): void {
    this.add("warning", text, urn);
  }

  errors(): string[] {
    return this.messages.filter((message) => message.severity === "error").map((message) => message.text);
  }
}

/** Ends a run whose reason has been told already. */
export class Bail extends Error {}
