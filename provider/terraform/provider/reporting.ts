import type { Warning } from "../../framework";
import type { Diagnostic } from "../protocol/codec";
import { errorDiagnostic, warningDiagnostic } from "./diagnostics";
import type { Attributes } from "./schema";

export type Warn = (warning: Warning) => void;

/** Runs `work` and gives its answer with the diagnostics it caused; `otherwise` is the answer where it failed. */
export async function reporting<Answer extends object>(
  attributes: Attributes,
  subject: string,
  otherwise: Answer,
  work: (warn: Warn) => Promise<Answer>,
): Promise<Answer & { diagnostics: Diagnostic[] }> {
  const diagnostics: Diagnostic[] = [];
  try {
    const answer = await work((warning) => diagnostics.push(warningDiagnostic(warning, attributes)));
    return { ...answer, diagnostics };
  } catch (error) {
    return { ...otherwise, diagnostics: [...diagnostics, errorDiagnostic(error, attributes, subject)] };
  }
}
