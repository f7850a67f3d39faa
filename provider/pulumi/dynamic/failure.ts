import type { Warning } from "../../framework";
import { errorText, warningText } from "../shared/texts";

/** The host's output is shown to the user. */
export const warnOnHost = (warning: Warning): void => console.error(`warning: ${warningText(warning)}`);

/**
 * An error as the dynamic host passes it on. The host prints errors of some operations with their stack besides handing them to
 * the engine: what it prints is cut to a line.
 */
export class HostError extends Error {
  override readonly name = "MesheryError";

  constructor(
    readonly code: string,
    readonly summary: string,
    message: string,
  ) {
    super(message);
    this.stack = summary;
  }

  override toString(): string {
    return `meshery-iac [${this.code}]`;
  }
}

/**
 * The error by which the host reports something made, but not all of it: the engine then keeps id and properties, so that the
 * next run completes or removes it. The properties stand in the state as they are, so they must hold `__provider`.
 */
export class HostPartialError extends HostError {
  constructor(
    error: HostError,
    readonly id: string,
    readonly properties: Record<string, unknown>,
    readonly reasons: string[],
  ) {
    super(error.code, error.summary, error.message);
  }
}

/** Any error as the host passes it on. */
export function hostError(error: unknown): HostError {
  if (error instanceof HostError) return error;
  const { code, summary, message } = errorText(error);
  return new HostError(code, summary, message);
}
