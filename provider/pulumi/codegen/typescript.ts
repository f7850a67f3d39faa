/** Pieces of TypeScript, written from the declaration of fields. */
import type * as z from "zod";
import type { Field, Fields } from "../../framework";

export interface Property {
  modifiers?: string;
  optional?: boolean;
  type: string;
}

export function properties(
  fields: Fields,
  wanted: (field: Field) => boolean,
  property: (field: Field, name: string) => Property,
): string {
  return Object.entries(fields)
    .filter(([, field]) => wanted(field))
    .map(([name, field]) => {
      const { modifiers = "", optional = false, type } = property(field, name);
      return `${indented(comment(described(field)))}\n  ${modifiers}${name}${optional ? "?" : ""}: ${type};`;
    })
    .join("\n");
}

function described({ description, role, defaultValue, example }: Field): string {
  const notes = [
    role === "flag" && defaultValue !== undefined ? `@default ${defaultValue}` : "",
    example === undefined ? "" : `@example ${typeof example === "string" ? `"${example}"` : JSON.stringify(example)}`,
  ].filter((note) => note !== "");
  return notes.length === 0 ? description : `${description}\n\n${notes.join("\n")}`;
}

/** Whether a field of the state may be left out. */
export const absent = ({ role }: Field): string => (role === "optional" ? " | undefined" : "");

export function plainType(field: Field): string {
  if (field.kind === "stringMap") return "Record<string, string>";
  if (field.kind === "rows") {
    const row = Object.entries(field.row ?? {}).map(([name, kind]) => `readonly ${name}: ${kind}`);
    return `readonly { ${row.join("; ")} }[]`;
  }
  return choices(field) ?? field.kind;
}

export function inputType(field: Field): string {
  if (field.kind === "stringMap") return "pulumi.Input<Record<string, pulumi.Input<string>>>";
  return `pulumi.Input<${plainType(field)}>`;
}

/** The values of a field that allows only some. */
function choices(field: Field): string | undefined {
  const { type, entries } = field.schema.def as z.core.$ZodTypeDef & { entries?: Record<string, string> };
  return type === "enum" && entries
    ? Object.values(entries)
        .map((value) => JSON.stringify(value))
        .join(" | ")
    : undefined;
}

export function comment(text: string): string {
  const lines = text.replaceAll("*/", "*\\/").split("\n");
  return lines.length === 1
    ? `/** ${lines[0]} */`
    : ["/**", ...lines.map((line) => ` * ${line}`.trimEnd()), " */"].join("\n");
}

export const indented = (text: string): string =>
  text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
