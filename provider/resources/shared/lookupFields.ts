import * as z from "zod";
import { type Field, type FieldKind, type Fields, id, optional, output, unhandled } from "../../framework";
import type { ObjectType } from "./objectType";

export const byIdOrName = (word: string): Fields => ({
  id: optional(id(`the ${word}`), { description: `Id of the ${word}. Give it or the name.` }),
  name: optional(z.string(), { description: `Exact name of the ${word}. Give it or the id.` }),
});

export const organizationInput = ({ inOrganization }: ObjectType): Fields =>
  inOrganization
    ? {
        organizationId: optional(id("an organization"), {
          description:
            "Organization to look in. Left out: the provider's `organizationId`, else the only one that the token sees.",
        }),
      }
    : {};

export function filterFields(type: ObjectType, filters: readonly string[]): Fields {
  return Object.fromEntries(
    filters.map((filter) => {
      const { example } = type.fields[filter]!;
      const called = filter.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
      const text = `Only ${type.word}s of this ${called}, for instance \`${String(example)}\`.`;
      return [filter, optional(z.string(), { description: text })];
    }),
  );
}

export const textOutput = (description: string) => output(z.string(), { description });

/** Whether a lookup gives this field as an output: everything but the name, the organization and the owner. */
const isOutput = (name: string, field: Field) =>
  field.wire !== undefined && !["name", "organizationId", "owner"].includes(name) && !field.writeOnly;

export const outputNames = (type: ObjectType, filters: readonly string[]): string[] =>
  type.wired.flatMap(([name, field]) => (isOutput(name, field) && !filters.includes(name) ? [name] : []));

export const plainTexts = (type: ObjectType): string[] =>
  type.wired.flatMap(([name, field]) =>
    isOutput(name, field) && field.kind === "string" && field.compare !== "json" ? [name] : [],
  );

export interface OutputOptions {
  /** Fields by which the rows can be narrowed. */
  filters?: readonly string[];
  /** Descriptions of fields that differ from those of the resource. */
  descriptions?: Readonly<Record<string, string>>;
}

export function outputFields(type: ObjectType, { filters = [], descriptions = {} }: OutputOptions): Fields {
  return Object.fromEntries(
    outputNames(type, filters).map((name) => {
      const { kind, description } = type.fields[name]!;
      return [name, output(schemaOf(kind), { description: descriptions[name] ?? firstSentence(description) })];
    }),
  );
}

function schemaOf(kind: FieldKind): z.ZodType {
  switch (kind) {
    case "string":
      return z.string();
    case "boolean":
      return z.boolean();
    case "number":
      return z.number();
    case "stringMap":
      return z.record(z.string(), z.string());
    case "stringSet":
      return z.array(z.string());
    case "rows":
      throw new Error("no field on the wire has rows");
    default:
      return unhandled(kind);
  }
}

const firstSentence = (text: string): string => /^.*?[.](?=\s|$)/.exec(text)?.[0] ?? text;

export const rowsField = (columns: readonly string[], description: string) =>
  output(z.array(z.object(Object.fromEntries(columns.map((column) => [column, z.string()])))), { description });
