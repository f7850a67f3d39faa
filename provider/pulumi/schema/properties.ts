import { type CellKind, type Field, unhandled } from "../../framework";
import { choicesOf, isSecret } from "../shared/fields";
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
    ...(isSecret(field) ? { secret: true } : {}),
  };
}

const withDefault = ({ description, defaultValue }: Field) => `${description} Default: \`${String(defaultValue)}\`.`;

function typeSpec(owner: string, name: string, field: Field, types: TypeSpecs): TypeSpec {
  switch (field.kind) {
    case "string": {
      const choices = choicesOf(field);
      return choices ? named(`${owner}${capitalized(name)}`, enumSpec(field, choices), types) : { type: "string" };
    }
    case "boolean":
    case "number":
      return { type: field.kind };
    case "stringMap":
      return { type: "object", additionalProperties: { type: "string" } };
    case "stringSet":
      return { type: "array", items: { type: "string" } };
    case "rows": {
      const row = `${capitalized(owner)}${capitalized(singular(name))}`;
      return { type: "array", items: named(row, rowSpec(row, field), types) };
    }
    default:
      return unhandled(field.kind);
  }
}

function named(name: string, spec: ObjectTypeSpec | EnumTypeSpec, types: TypeSpecs): TypeSpec {
  types[typeToken(name)] = spec;
  return { $ref: `#/types/${typeToken(name)}` };
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
        { ...cellSpec(kind), description: columnDescription(column) },
      ]),
    ),
    required: Object.keys(row),
  };
}

function cellSpec(kind: CellKind): TypeSpec {
  switch (kind) {
    case "string":
    case "boolean":
    case "number":
      return { type: kind };
    case "stringMap":
      return { type: "object", additionalProperties: { type: "string" } };
    default:
      return unhandled(kind);
  }
}

/** `connectionKind`: "Kind of the connection."; `subType`: "Subtype." */
function columnDescription(column: string): string {
  const [, object, property] = /^([a-z]+)(Id|Name|Kind)$/.exec(column) ?? [];
  if (object && property) return `${property} of the ${object}.`;
  return `${capitalized(column.toLowerCase())}.`;
}

export const capitalized = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
const singular = (word: string): string => word.replace(/s$/, "");
