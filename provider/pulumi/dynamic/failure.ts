import type { Warning } from "../../framework";
import { explain } from "../../resources/shared/explain";
import { IMPORT_IT, inWordsOf } from "../../resources/shared/wording";
/** The host's output is shown to the user. */
export const warnOnHost = ({ summary, detail }: Warning): void =>
  console.error(`warning: ${inWordsOf("pulumi", `${summary}. ${detail}`)}`);

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

const STALE_TOKEN =
  "A token in MESHERY_TOKEN wins over one in stack configuration. `pulumi refresh` and `pulumi destroy` use the configuration of the last `up`: set MESHERY_TOKEN, or add --run-program, after `pulumi config set --secret meshery:token`.";

/**
 * An error for the engine: what happened, why, what to do, and its code. `importCommand` where this front door can import, which the
 * engine cannot with dynamic providers.
 */
export function hostError(
  error: unknown,
  importCommand?: (importing: { of: string; id: string }) => string,
): HostError {
  if (error instanceof HostError) return error;
  const { summary, detail: neutral, code, importing } = explain(error);
  const imported = importing && importCommand ? `${importCommand(importing)} ` : "";
  const detail = inWordsOf("pulumi", importing ? neutral.replace(`${IMPORT_IT} `, imported) : neutral);
  const ways = code === "not-authenticated" ? ` ${STALE_TOKEN}` : "";
  const text = detail.startsWith(summary) ? detail : `${summary}. ${detail}`;
  return new HostError(code, summary, `${text.replace(/([^.!?])$/, "$1.")}${ways} [${code}]`);
}
