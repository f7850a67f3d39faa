import { join } from "node:path";
import { configurationFields } from "../../provider/configuration";
import { type Fields, isInput } from "../../provider/framework";
import { lookups, resources } from "../../provider/resources";
import { dataSourceType, resourceType, SOURCE, snake } from "../../provider/terraform/provider/names";
import { schemaJson } from "../../provider/terraform/provider/schema";
import { PluginClient } from "../support/pluginClient";
import { distDir } from "../support/terraform";

// What an engine is not told to be sensitive it prints: in plans, in outputs, in the log of a pipeline.

/** What nobody would call a field that may be shown. */
const SECRET_NAME = /token|secret|password|passphrase|credential(?!_?ids?$)|private_?key/i;

/** Names of the fields that are secret, as they are declared or as their names say. */
const secretsOf = (fields: Fields): string[] => {
  // The version beside a secret only tells one from the next.
  const versions = new Set(Object.values(fields).map(({ versionField }) => versionField));
  return Object.entries(fields)
    .filter(([name, field]) => field.secret === true || (isInput(field) && SECRET_NAME.test(name)))
    .flatMap(([name]) => (versions.has(name) ? [] : [snake(name)]))
    .sort();
};
const expected: [string, string[]][] = [
  ["provider", secretsOf(configurationFields)],
  ...resources.map(({ name, fields }): [string, string[]] => [resourceType(name), secretsOf(fields)]),
  ...lookups.map(({ name, fields }): [string, string[]] => [`data ${dataSourceType(name)}`, secretsOf(fields)]),
];

test("the token is among the secrets", () => {
  expect(Object.fromEntries(expected).provider).toEqual(["token"]);
});

test("the built provider tells the engine that each secret is sensitive, and nothing else", async () => {
  const client = await PluginClient.start(process.execPath, [join(distDir, "provider.cjs")]);
  try {
    const { provider, resourceSchemas = {}, dataSourceSchemas = {} } = await client.call("GetProviderSchema");
    type Schema = typeof provider;
    const sensitive = (schema: Schema) =>
      (schema?.block?.attributes ?? []).flatMap(({ name, sensitive }) => (sensitive ? [name] : [])).sort();
    const told = [
      ["provider", sensitive(provider)],
      ...Object.entries(resourceSchemas).map(([type, schema]) => [type, sensitive(schema as Schema)]),
      ...Object.entries(dataSourceSchemas).map(([type, schema]) => [`data ${type}`, sensitive(schema as Schema)]),
    ];
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(expected));
  } finally {
    await client.shutdown();
  }
});

test("so does the schema that constructs are generated from", () => {
  interface Block {
    block: { attributes: Record<string, { sensitive?: boolean }> };
  }
  const schemas = schemaJson(SOURCE).provider_schemas[SOURCE] as unknown as {
    provider: Block;
    resource_schemas: Record<string, Block>;
    data_source_schemas: Record<string, Block>;
  };
  const sensitive = ({ block }: Block) =>
    Object.entries(block.attributes)
      .flatMap(([name, { sensitive }]) => (sensitive ? [name] : []))
      .sort();
  const told = [
    ["provider", sensitive(schemas.provider)],
    ...Object.entries(schemas.resource_schemas).map(([type, schema]) => [type, sensitive(schema)]),
    ...Object.entries(schemas.data_source_schemas).map(([type, schema]) => [`data ${type}`, sensitive(schema)]),
  ];
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(expected));
});
