/** The parts of Pulumi's package schema that are used here. */
export interface TypeSpec {
  type?: "string" | "boolean" | "integer" | "number" | "array" | "object";
  items?: TypeSpec;
  additionalProperties?: TypeSpec;
  $ref?: string;
}

export interface PropertySpec extends TypeSpec {
  description: string;
  secret?: boolean;
  replaceOnChanges?: boolean;
  willReplaceOnChanges?: boolean;
}

export type PropertySpecs = Record<string, PropertySpec>;

export interface ObjectTypeSpec {
  description?: string;
  type: "object";
  properties: PropertySpecs;
  required?: string[];
}

export interface EnumTypeSpec {
  description: string;
  type: "string";
  enum: { name?: string; value: string }[];
}

export type TypeSpecs = Record<string, ObjectTypeSpec | EnumTypeSpec>;

export interface ResourceSpec {
  description: string;
  properties: PropertySpecs;
  required?: string[];
  inputProperties: PropertySpecs;
  requiredInputs?: string[];
  aliases?: { type: string }[];
}

export interface FunctionSpec {
  description: string;
  inputs: ObjectTypeSpec;
  outputs: ObjectTypeSpec;
}

export interface PackageSpec {
  name: string;
  displayName: string;
  version: string;
  description: string;
  keywords: string[];
  homepage: string;
  repository?: string;
  license: string;
  publisher: string;
  meta: { moduleFormat: string; supportPack: boolean };
  config: { variables: PropertySpecs };
  provider: ResourceSpec;
  types: TypeSpecs;
  resources: Record<string, ResourceSpec>;
  functions: Record<string, FunctionSpec>;
  language: Record<string, object>;
}
