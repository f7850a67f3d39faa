import type * as z from "zod";
import type { Field, FieldKind } from "../../framework";
import type { EnumTypeSpec, ObjectTypeSpec, PropertySpec, TypeSpec, TypeSpecs } from "./spec";
import { typeToken } from "./tokens";

/**
 * A field as a property. Fields that allow only some values, and rows, get a named type, which is added to `types`.
 * @param owner names those types: `Connection` + `status` is `ConnectionStatus`
 */
export function propertySpec(owner: string, name: string, field: Field, types: TypeSpecs): PropertySpec {
  return {
    ...typeSpec(owner, name, field, types),
    description: field.defaultValue === undefined ? field.description : withDefault(field),
    ...(field.secret ? { secret: true } : {}),
  };
}

const withDefault = ({ description, defaultValue }: Field) => `${description} Default: \`${String(defaultValue)}\`.`;

function typeSpec(owner: string, name: string, field: Field, types: TypeSpecs): TypeSpec {
  if (field.kind === "stringSet") return { type: "array", items: { type: "string" } };
  if (field.kind === "stringMap") return { type: "object", additionalProperties: { type: "string" } };
  const choices = choicesOf(field);
  if (choices) return named(`${owner}${capitalized(name)}`, enumSpec(field, choices), types);
  if (field.kind !== "rows") return { type: field.kind };
  const row = `${capitalized(owner)}${capitalized(singular(name))}`;
  return { type: "array", items: named(row, rowSpec(row, field), types) };
}

function named(name: string, spec: ObjectTypeSpec | EnumTypeSpec, types: TypeSpecs): TypeSpec {
  types[typeToken(name)] = spec;
  return { $ref: `#/types/${typeToken(name)}` };
}

/** The values of a field that allows only some. */
export function choicesOf(field: Field): string[] | undefined {
  const { type, entries } = field.schema.def as z.core.$ZodTypeDef & { entries?: Record<string, string> };
  return type === "enum" && entries ? Object.values(entries) : undefined;
}

const enumSpec = ({ description }: Field, choices: readonly string[]): EnumTypeSpec => ({
  description,
  type: "string",
  enum: choices.map((value) => ({ name: value.split(/\W+/).map(capitalized).join(""), value })),
});

function rowSpec(name: string, { row = {} }: Field): ObjectTypeSpec {
  return {
    description: `One of ${name}s.`,
    type: "object",
    properties: Object.fromEntries(
      Object.entries(row).map(([column, kind]) => [
        column,
        { type: plain(kind), description: columnDescription(column) },
      ]),
    ),
    required: Object.keys(row),
  };
}

function plain(kind: FieldKind): "string" | "boolean" | "number" {
  if (kind === "string" || kind === "boolean" || kind === "number") return kind;
  throw new Error(`a row cannot hold a ${kind}`);
}

/** `connectionKind`: "Kind of the connection."; `subType`: "Subtype." */
function columnDescription(column: string): string {
  const [, object, property] = /^([a-z]+)(Id|Name|Kind)$/.exec(column) ?? [];
  if (object && property) return `${property} of the ${object}.`;
  return `${capitalized(column.toLowerCase())}.`;
}

export const capitalized = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
const singular = (word: string): string => word.replace(/s$/, "");
