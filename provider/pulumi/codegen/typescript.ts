/** Pieces of TypeScript, written from the declaration of fields. */
import { type CellKind, type Field, type Fields, unhandled } from "../../framework";
import { choicesOf, isAlwaysSet } from "../shared/fields";

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
export const absent = (field: Field): string =>
  isAlwaysSet(field) || field.defaultValue !== undefined ? "" : " | undefined";

export function plainType(field: Field): string {
  switch (field.kind) {
    case "string":
      return (
        choicesOf(field)
          ?.map((choice) => JSON.stringify(choice))
          .join(" | ") ?? "string"
      );
    case "boolean":
    case "number":
      return field.kind;
    case "stringMap":
      return "Record<string, string>";
    case "stringSet":
      return "string[]";
    case "rows":
      return `readonly { ${Object.entries(field.row ?? {})
        .map(cell)
        .join("; ")} }[]`;
    default:
      return unhandled(field.kind);
  }
}

const cell = ([name, kind]: [string, CellKind]): string =>
  `readonly ${name}: ${kind === "stringMap" ? "Record<string, string>" : kind}`;

export function inputType(field: Field): string {
  switch (field.kind) {
    case "string":
    case "boolean":
    case "number":
    case "rows":
      return `pulumi.Input<${plainType(field)}>`;
    case "stringMap":
      return "pulumi.Input<Record<string, pulumi.Input<string>>>";
    case "stringSet":
      return "pulumi.Input<pulumi.Input<string>[]>";
    default:
      return unhandled(field.kind);
  }
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
