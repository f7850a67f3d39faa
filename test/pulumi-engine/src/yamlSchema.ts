/** What the language host of YAML takes from a plugin's schema: which types and properties exist, which are secret. */
import { isProviderType } from "./urn";
import { isMap, type PropertyMap, type PropertyValue } from "./values";

export type LoadSchema = (packageName: string) => Promise<PropertyMap>;

export interface ResourceSchema {
  /** Property names to whether they are secret; absent where the plugin gives no schema. */
  inputs?: Map<string, boolean>;
  secretOutputs: string[];
}

/** @throws Error when the schema does not have the type. */
export function resourceSchema(schema: PropertyMap, type: string): ResourceSchema {
  const resources = map(schema.resources);
  if (Object.keys(resources).length === 0) return { secretOutputs: [] };
  const declared = isProviderType(type) ? (schema.provider ?? {}) : resources[type];
  if (!isMap(declared)) throw new Error(`unable to find resource type "${type}" in the schema of ${schema.name}`);
  const secretOf = (properties: PropertyValue | undefined): [string, boolean][] =>
    Object.entries(map(properties)).map(([name, property]) => [name, isMap(property) && property.secret === true]);
  const outputs = secretOf(declared.properties);
  return {
    inputs: new Map(secretOf(declared.inputProperties)),
    secretOutputs: outputs.filter(([, hidden]) => hidden).map(([name]) => name),
  };
}

/** @throws Error when the type has no such property. */
export function checkProperty({ inputs }: ResourceSchema, type: string, name: string): void {
  if (!inputs || inputs.has(name)) return;
  const existing = [...inputs.keys()].sort().join(", ");
  throw new Error(`Property ${name} does not exist on '${type}'; existing properties are: ${existing}`);
}

const map = (value: PropertyValue | undefined): PropertyMap => (isMap(value) ? value : {});
