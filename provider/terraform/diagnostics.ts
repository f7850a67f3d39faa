import type { Warning } from "../core";
import { explain } from "../resources";
import { snake, spelled } from "./names";
import type { Diagnostic } from "./protocol/codec";
import { diagnostic } from "./protocol/diagnostics";
import type { Attributes } from "./schema";

const fieldsOf = (attributes: Attributes) => [...attributes.values()].map(({ field }) => field);

/** An error as Terraform shows it: at its attribute, and with attributes spelled as in HCL. */
export function errorDiagnostic(error: unknown, attributes: Attributes): Diagnostic {
  const { summary, detail, field } = explain(error);
  const fields = fieldsOf(attributes);
  return diagnostic({
    severity: "error",
    summary: spelled(summary, fields),
    detail: spelled(detail, fields),
    ...(field && attributes.has(snake(field)) ? { path: [snake(field)] } : {}),
  });
}

export const warningDiagnostic = ({ summary, detail }: Warning, attributes: Attributes): Diagnostic =>
  diagnostic({ severity: "warning", summary, detail: spelled(detail, fieldsOf(attributes)) });

export const problemDiagnostic = (
  { field, message }: { field: string; message: string },
  attributes: Attributes,
): Diagnostic => {
  const fields = fieldsOf(attributes);
  return diagnostic({
    severity: "error",
    summary: `Invalid ${snake(field)}`,
    detail: spelled(message, fields),
    ...(attributes.has(snake(field)) ? { path: [snake(field)] } : {}),
  });
};
