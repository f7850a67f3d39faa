import {
  CONFIGURATION_KEYS,
  type ConfigurationKey,
  type ConfigurationValues,
  configurationField,
  resolveConfiguration,
} from "../../../provider/configuration";
import { providerArguments } from "../../../provider/pulumi/codegen/configuration";

const source = providerArguments();
const URL = "https://meshery.example.com";

/** An argument with the comment above it. */
const argument = (key: ConfigurationKey) => new RegExp(`/\\*\\* (.*) \\*/\n  ${key}\\?: (.*);`).exec(source)!;

test.each(CONFIGURATION_KEYS)("the argument %s is documented as it is resolved", async (key) => {
  const { kind, purpose, environment, secret } = configurationField(key);
  const [, comment = "", type] = argument(key);
  const plain = kind === "stringMap" ? "Record<string, pulumi.Input<string>>" : kind;
  expect(type).toBe(`pulumi.Input<${plain}>`);
  expect(comment).toContain(purpose);
  expect(/always kept as a secret/i.test(comment)).toBe(secret ?? false);
  const [, places = ""] = /Left out: (.*)\.$/.exec(comment) ?? [];
  const documented = [...places.matchAll(/`([^`]+)`/g)].map((match) => match[1]);
  if (environment === undefined) return expect(documented).toEqual([`meshery:${key}`]);
  const value = key === "url" ? URL : "a";
  const { origins } = await resolveConfiguration({
    stack: { url: URL, [key]: value } as ConfigurationValues,
    env: { [environment]: value },
  });
  const stackWins = origins[key] === "the stack configuration";
  expect(documented).toEqual(stackWins ? [`meshery:${key}`, environment] : [environment, `meshery:${key}`]);
});

test("what is secret in the declaration is marked secret in a program", () => {
  const secrets = CONFIGURATION_KEYS.filter((key) => configurationField(key).secret);
  expect(secrets).toEqual(["token"]);
  expect(source).toContain(`SECRET_KEYS: readonly ConfigurationKey[] = ${JSON.stringify(secrets)};`);
});
