import type { AttributePath, Diagnostic } from "./codec";
import type { PathStep } from "./types";

export type Severity = "error" | "warning";

export interface DiagnosticOptions {
  severity: Severity;
  /** One line, no full stop: the engine prints it after "Error: ". */
  summary: string;
  /** What happened, why, and what to do. */
  detail?: string;
  /** The attribute it is about. The engine then shows the source line. */
  path?: readonly PathStep[];
}

const SEVERITIES = { error: 1, warning: 2 } as const;

/** A diagnostic in the shape of the protocol. */
export function diagnostic({ severity, summary, detail = "", path }: DiagnosticOptions): Diagnostic {
  const attribute = path?.length ? { attribute: attributePath(path) } : {};
  return { severity: SEVERITIES[severity], summary, detail, ...attribute };
}

/** A path in the shape of the protocol, for diagnostics and for requires_replace. */
export function attributePath(path: readonly PathStep[]): AttributePath {
  return {
    steps: path.map((step) => {
      if (typeof step === "string") return { attributeName: step };
      if (typeof step === "number") return { elementKeyInt: step };
      return { elementKeyString: step.key };
    }),
  };
}
