import * as z from "zod";
import { type Field, type FieldKind, type Fields, id, optional, output, textMap, unhandled } from "../../framework";
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
  return Object.fromEntries(filters.map((filter) => [filter, filterField(type, filter)]));
}

function filterField({ word, fields }: ObjectType, filter: string): Field {
  const { example, kind } = fields[filter]!;
  const called = filter.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  if (kind === "stringMap")
    return optional(textMap, { description: `Only ${word}s that have all these ${called}.`, example });
  const text = `Only ${word}s of this ${called}, for instance \`${String(example)}\`.`;
  return optional(z.string(), { description: text });
}

/** A filter by something that follows from others and has one of a few values. */
export const choiceFilter = ({ word }: ObjectType, name: string, choices: readonly string[]): Field =>
  optional(oneOf(choices), { description: `Only ${word}s of this ${name}: ${listed(choices)}.`, example: choices[0] });

const listed = (texts: readonly string[]): string => texts.map((text) => `\`${text}\``).join(", ");

const oneOf = (choices: readonly string[], spelled = (text: string) => text) =>
  z.string().refine((text) => choices.includes(spelled(text)), { error: `must be one of ${choices.join(", ")}` });

/** Engines have columns as `subType` or as `sub_type`. */
export const inCamelCase = (text: string): string =>
  text.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** What narrows and orders every list. */
export const listFields = ({ word }: ObjectType, columns: readonly string[]): Fields => ({
  search: optional(z.string(), {
    description: `Only ${word}s whose name has this text in it, in upper or lower case.`,
  }),
  orderBy: optional(
    oneOf(
      columns.flatMap((column) => [column, `${column}${DESCENDING}`]),
      inCamelCase,
    ),
    {
      description: `What they are ordered by: ${listed(columns)}, with \`${DESCENDING.trim()}\` behind it the other way round. Left out: by name.`,
      example: `name${DESCENDING}`,
    },
  ),
});

export const DESCENDING = " desc";

export const textOutput = (description: string) => output(z.string(), { description });

/** Whether a lookup gives this field as an output: everything but the name, the organization and the owner. */
const isOutput = (name: string, field: Field) =>
  field.wire !== undefined && !field.derived && !["name", "organizationId", "owner"].includes(name) && !field.writeOnly;

export const outputNames = (type: ObjectType, filters: readonly string[]): string[] =>
  type.wired.flatMap(([name, field]) => (isOutput(name, field) && !filters.includes(name) ? [name] : []));

/** The fields that each row of a list has: what is short. */
export const columnKinds = (type: ObjectType): Record<string, FieldKind> =>
  Object.fromEntries(
    type.wired.flatMap(([name, field]) => (isOutput(name, field) && isColumn(field) ? [[name, field.kind]] : [])),
  );

const isColumn = ({ kind, compare }: Field): boolean =>
  kind === "boolean" || (kind === "string" && compare !== "json") || compare === "whole";

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

export const rowsField = (columns: Readonly<Record<string, FieldKind>>, description: string) =>
  output(z.array(z.object(Object.fromEntries(Object.entries(columns).map(([name, kind]) => [name, schemaOf(kind)])))), {
    description,
  });

/** Columns that all hold texts. */
export const textColumns = (names: readonly string[]): Record<string, FieldKind> =>
  Object.fromEntries(names.map((name) => [name, "string"]));
