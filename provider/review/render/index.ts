import type { Report } from "../report/schema";
import { markdown } from "./markdown";
import { sarif } from "./sarif";
import { text } from "./text";

export const FORMATS = ["text", "markdown", "json", "sarif"] as const;
export type Format = (typeof FORMATS)[number];

/** A report, cleaned before, in one format. */
export function render(
  report: Report,
  format: Format,
  { version, colours }: { version: string; colours: boolean },
): string {
  switch (format) {
    case "text":
      return text(report, colours);
    case "markdown":
      return markdown(report);
    case "json":
      return `${JSON.stringify(report, null, 2)}\n`;
    case "sarif":
      return sarif(report, version);
    default:
      return format satisfies never;
  }
}
