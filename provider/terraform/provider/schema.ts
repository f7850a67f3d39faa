import { configurationFields } from "../../configuration";
import { type Field, type FieldKind, type Fields, isInput } from "../../framework";
import { lookups, resources } from "../../resources";
import type { SchemaMessage } from "../protocol/codec";
import type { ObjectRules } from "../protocol/consistency";
import { typeBytes, type ValueType } from "../protocol/types";
import { dataSourceType, resourceType, snake } from "./names";

/** What Terraform has to know of one attribute, derived from a field's declaration. */
export interface Attribute {
  /** The field's name in the declaration. */
  field: string;
  type: ValueType;
  required: boolean;
  optional: boolean;
  computed: boolean;
  sensitive: boolean;
  description: string;
}
/** Attributes by their Terraform name, sorted. */
export type Attributes = ReadonlyMap<string, Attribute>;

const SCALARS = { string: "string", boolean: "bool", number: "number" } as const;

function scalar(kind: FieldKind): ValueType {
  if (kind === "stringMap") return ["map", "string"];
  if (kind === "stringSet") return ["set", "string"];
  if (kind === "rows") throw new Error("rows do not hold rows");
  return SCALARS[kind];
}
function typeOf({ kind, row }: Field): ValueType {
  if (kind !== "rows") return scalar(kind);
  const members = Object.entries(row ?? {}).map(([name, inner]) => [snake(name), scalar(inner)] as const);
  return ["list", ["object", Object.fromEntries(members)]];
}

function attributesOf(fields: Fields, options: { id: boolean; lookup?: boolean }): Attributes {
  const entries = Object.entries(fields).map(([name, field]): [string, Attribute] => [
    snake(name),
    {
      field: name,
      type: typeOf(field),
      required: field.role === "required",
      optional: isInput(field) && field.role !== "required",
      // What a program leaves out keeps the value the provider knows, so that it never shows as a change.
      computed: field.role !== "required" && options.lookup !== undefined,
      sensitive: field.secret === true,
      description: field.description,
    },
  ]);
  const id: Attribute = {
    field: "id",
    type: "string",
    required: false,
    optional: false,
    computed: true,
    sensitive: false,
    description: "Id.",
  };
  if (options.id && !entries.some(([name]) => name === "id")) entries.push(["id", id]);
  return new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

export const providerAttributes: Attributes = attributesOf(configurationFields, { id: false });
export const resourceAttributes: ReadonlyMap<string, Attributes> = new Map(
  resources.map((resource) => [
    resourceType(resource.name),
    attributesOf(resource.fields, { id: true, lookup: false }),
  ]),
);
export const dataSourceAttributes: ReadonlyMap<string, Attributes> = new Map(
  lookups.map((lookup) => [dataSourceType(lookup.name), attributesOf(lookup.fields, { id: false, lookup: true })]),
);

/** Derives something from attributes once: engines send thousands of objects of a few types. */
function once<Derived>(derive: (attributes: Attributes) => Derived): (attributes: Attributes) => Derived {
  const known = new WeakMap<Attributes, Derived>();
  return (attributes) => {
    const found = known.get(attributes) ?? derive(attributes);
    known.set(attributes, found);
    return found;
  };
}

/** The type of the whole object. */
export const objectType = once<ValueType>((attributes) => [
  "object",
  Object.fromEntries([...attributes].map(([name, { type }]) => [name, type])),
]);

/** The attributes as the engines' own rules see them. */
export const rulesOf = once<ObjectRules>((attributes) =>
  Object.fromEntries(
    [...attributes].map(([name, { type, required, optional, computed, sensitive }]) => [
      name,
      { type, configurable: required || optional, computed, sensitive },
    ]),
  ),
);

const PROVIDER_DESCRIPTION =
  "Declares Meshery environments, the connections assigned to them, and the workspaces they are bound to: who can reach which infrastructure, as code.";
const MARKDOWN = 1;

function schemaMessage(attributes: Attributes, description: string): SchemaMessage {
  return {
    version: 0,
    block: {
      description,
      descriptionKind: MARKDOWN,
      attributes: [...attributes].map(([name, { type, field: _, ...flags }]) => ({
        name,
        type: typeBytes(type),
        descriptionKind: MARKDOWN,
        ...flags,
      })),
    },
  };
}

export const serverCapabilities = { planDestroy: true, getProviderSchemaOptional: true };

/** The answer to GetProviderSchema. Encoded once at build: the process that answers it loads neither this nor zod. */
export function providerSchema() {
  return {
    provider: schemaMessage(providerAttributes, PROVIDER_DESCRIPTION),
    resourceSchemas: Object.fromEntries(
      resources.map(({ name, description }) => {
        const type = resourceType(name);
        return [type, schemaMessage(resourceAttributes.get(type)!, description)];
      }),
    ),
    dataSourceSchemas: Object.fromEntries(
      lookups.map(({ name, description }) => {
        const type = dataSourceType(name);
        return [type, schemaMessage(dataSourceAttributes.get(type)!, description)];
      }),
    ),
    serverCapabilities,
  };
}

/** The same in the form of `terraform providers schema -json`, from which constructs are generated. */
export function schemaJson(source: string) {
  const block = (attributes: Attributes, description: string) => ({
    version: 0,
    block: {
      description,
      description_kind: "markdown",
      attributes: Object.fromEntries(
        [...attributes].map(([name, { type, description: text, required, optional, computed, sensitive }]) => [
          name,
          {
            type,
            description: text,
            description_kind: "markdown",
            ...(required ? { required } : {}),
            ...(optional ? { optional } : {}),
            ...(computed ? { computed } : {}),
            ...(sensitive ? { sensitive } : {}),
          },
        ]),
      ),
    },
  });
  return {
    format_version: "1.0",
    provider_schemas: {
      [source]: {
        provider: block(providerAttributes, PROVIDER_DESCRIPTION),
        resource_schemas: Object.fromEntries(
          resources.map(({ name, description }) => [
            resourceType(name),
            block(resourceAttributes.get(resourceType(name))!, description),
          ]),
        ),
        data_source_schemas: Object.fromEntries(
          lookups.map(({ name, description }) => [
            dataSourceType(name),
            block(dataSourceAttributes.get(dataSourceType(name))!, description),
          ]),
        ),
      },
    },
  };
}
