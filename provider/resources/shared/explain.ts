import { ApiError, visible } from "../../client";
import { ResourceError } from "../../framework";

/** An error in the parts that engines show: a headline, a text, and the field at fault in camelCase. */
export function explain(error: unknown): {
  summary: string;
  detail: string;
  field?: string;
  code: string;
  /** Id by which the resource `of` can be imported, in place of `IMPORT_IT` in the text. */
  importing?: { of: string; id: string };
} {
  if (error instanceof ResourceError) {
    const { resource, what, hint, field, importId } = error.details;
    const cause = error.cause instanceof Error ? ` ${error.cause.message}` : "";
    return {
      summary: visible(`${resource}: ${what}`),
      detail: visible(`${hint}${cause}`.trim()),
      code: error.code,
      ...(field ? { field } : {}),
      ...(importId ? { importing: { of: resource, id: importId } } : {}),
    };
  }
  if (error instanceof ApiError) return { summary: error.what, detail: error.explanation, code: error.code };
  const message = error instanceof Error ? error.message : String(error);
  return {
    summary: "Unexpected failure in meshery-iac",
    detail: `${message}. Please report it with the steps that led here.`,
    code: "unexpected",
  };
}
