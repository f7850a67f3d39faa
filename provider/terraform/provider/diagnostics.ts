import { ResourceError, type Warning } from "../../framework";
import { explain } from "../../resources/shared/explain";
import { IMPORT_IT, inWordsOf } from "../../resources/shared/wording";
import type { Diagnostic } from "../protocol/codec";
import { diagnostic } from "../protocol/diagnostics";
import { dataSourceType, resourceType, snake, spelled } from "./names";
import type { Attributes } from "./schema";

const fieldsOf = (attributes: Attributes) => [...attributes.values()].map(({ field }) => field);

/**
 * An error as Terraform shows it: at its attribute, and with attributes and data sources spelled as in HCL. `subject` names what
 * it is about, since the engine does not say it of what is no longer in the program.
 */
export function errorDiagnostic(error: unknown, attributes: Attributes, subject?: string): Diagnostic {
  const { summary, detail, field, importing } = explain(error);
  const fields = fieldsOf(attributes);
  const named = subject === undefined || error instanceof ResourceError ? summary : `${subject}: ${summary}`;
  return diagnostic({
    severity: "error",
    summary: spelled(named, fields).replace(/^get[A-Z]\w*/, dataSourceType),
    detail: importing ? ownWords(detail, fields).replace(IMPORT_IT, importBlock(importing)) : ownWords(detail, fields),
    ...(field && attributes.has(snake(field)) ? { path: [snake(field)] } : {}),
  });
}

const ownWords = (text: string, fields: Iterable<string>) => spelled(inWordsOf("terraform", text), fields);

/** Ready to paste; the provider is not told the address. */
const importBlock = ({ of, id }: { of: string; id: string }) =>
  `Import it (\`to\` is the address of this resource): it is then the program's own, and a destroy deletes it.

import {
  to = ${resourceType(of)}.<name>
  id = ${JSON.stringify(id)}
}

`;

export const warningDiagnostic = ({ summary, detail }: Warning, attributes: Attributes): Diagnostic =>
  diagnostic({ severity: "warning", summary, detail: ownWords(detail, fieldsOf(attributes)) });

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
