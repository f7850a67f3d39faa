import { configurationFields } from "../../configuration";
import { type CellKind, type Field, type Fields, isInput, type Problem, unhandled, type Values } from "../../framework";
import { lookups, resources } from "../../resources";
import type { SchemaMessage } from "../protocol/codec";
import { type CellType, type ObjectType, typeBytes, type ValueType } from "../protocol/types";
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
  /** The engine hands the value to an apply, and keeps it in no plan and no state. */
  writeOnly: boolean;
  description: string;
}
/** Attributes by their Terraform name, sorted. */
export type Attributes = ReadonlyMap<string, Attribute>;

const SCALARS = { string: "string", boolean: "bool", number: "number" } as const;

/** Every kind of field there is; a new one does not compile until it stands here. */
function typeOf({ kind, row = {} }: Pick<Field, "kind" | "row">): ValueType {
  switch (kind) {
    case "string":
    case "boolean":
    case "number":
      return SCALARS[kind];
    case "stringMap":
      return ["map", "string"];
    case "stringSet":
      return ["set", "string"];
    case "rows":
      return [
        "list",
        ["object", Object.fromEntries(Object.entries(row).map(([name, of]) => [snake(name), cellType(of)]))],
      ];
    default:
      return unhandled(kind);
  }
}

const cellType = (kind: CellKind): CellType => (kind === "stringMap" ? ["map", "string"] : SCALARS[kind]);

function attributeOf(name: string, field: Field, { computed }: { computed: boolean }): Attribute {
  const writeOnly = field.writeOnly === true;
  return {
    field: name,
    type: typeOf(field),
    required: field.role === "required",
    optional: isInput(field) && field.role !== "required",
    computed: computed && field.role !== "required" && !writeOnly,
    sensitive: field.secret === true,
    writeOnly,
    description: field.description,
  };
}

const ID: Attribute = {
  field: "id",
  type: "string",
  required: false,
  optional: false,
  computed: true,
  sensitive: false,
  writeOnly: false,
  description: "Id.",
};

/** `computed`: what a program leaves out keeps the value the provider knows, so that it never shows as a change. */
const attributesOf = (fields: Fields, options: { computed: boolean }, extra: [string, Attribute][] = []): Attributes =>
  new Map(
    [
      ...extra.filter(([name]) => !(name in fields)),
      ...Object.entries(fields).map(([name, field]): [string, Attribute] => [
        snake(name),
        attributeOf(name, field, options),
      ]),
    ].sort(([a], [b]) => (a < b ? -1 : 1)),
  );

/** The attributes of a resource, its id among them. */
export const attributesOfResource = ({ fields }: { fields: Fields }): Attributes =>
  attributesOf(fields, { computed: true }, [["id", ID]]);

export const providerAttributes: Attributes = attributesOf(configurationFields, { computed: false });
export const resourceAttributes: ReadonlyMap<string, Attributes> = new Map(
  resources.map((resource) => [resourceType(resource.name), attributesOfResource(resource)]),
);
export const dataSourceAttributes: ReadonlyMap<string, Attributes> = new Map(
  lookups.map((lookup) => [dataSourceType(lookup.name), attributesOf(lookup.fields, { computed: true })]),
);

/** What an engine may not be given that does not know of write-only attributes: it would keep them like any other. */
export const writeOnlyProblems = (attributes: Attributes, inputs: Values): Problem[] =>
  [...attributes.values()]
    .filter(({ field, writeOnly }) => writeOnly && inputs[field] !== undefined)
    .map(({ field }) => ({
      field,
      message: `${field} must be in no plan and no state, and this version of the engine would put it into both. Use Terraform 1.11, OpenTofu 1.11, or a newer one.`,
    }));

/** The type of the whole object. Derived once: engines send thousands of objects of a few types. */
export function objectType(attributes: Attributes): ObjectType {
  const known = types.get(attributes);
  if (known) return known;
  const type: ObjectType = ["object", Object.fromEntries([...attributes].map(([name, { type }]) => [name, type]))];
  types.set(attributes, type);
  return type;
}
const types = new WeakMap<Attributes, ObjectType>();

const PROVIDER_DESCRIPTION =
  "Declares Meshery environments, the connections assigned to them, and the workspaces they are bound to: who can reach which infrastructure, as code.";
const MARKDOWN = 1;

/** Attributes in the shape of the protocol. */
export function schemaMessage(attributes: Attributes, description: string): SchemaMessage {
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
        [...attributes].map(
          ([name, { type, description: text, required, optional, computed, sensitive, writeOnly }]) => [
            name,
            {
              type,
              description: text,
              description_kind: "markdown",
              ...(required ? { required } : {}),
              ...(optional ? { optional } : {}),
              ...(computed ? { computed } : {}),
              ...(sensitive ? { sensitive } : {}),
              ...(writeOnly ? { write_only: true } : {}),
            },
          ],
        ),
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
