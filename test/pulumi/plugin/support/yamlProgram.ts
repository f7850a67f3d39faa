import { parse } from "yaml";
import type { PropertySpecs, TypeSpec } from "../../../../provider/pulumi/schema/spec";
import { schema } from "./schema";

type Node = Record<string, unknown>;

/** What a name in a program stands for: its outputs; `id` and `urn` too where it is a resource. */
interface Named {
  outputs: PropertySpecs;
  resource: boolean;
}

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && !Array.isArray(value);
const token = (short: string) => short.replace(/^meshery:(?!index:)/, "meshery:index:");

/** What is wrong with a YAML program as far as the schema can tell; empty where nothing is. */
export function problemsOf(text: string): string[] {
  const problems: string[] = [];
  const document: unknown = parse(text);
  if (!isNode(document)) return ["the document is not a map"];
  const section = (name: string): [string, unknown][] =>
    Object.entries(isNode(document[name]) ? (document[name] as Node) : {});
  const names = new Map<string, Named>();

  for (const [name, resource] of section("resources")) {
    const type = isNode(resource) ? String(resource.type) : "";
    const spec = schema.resources[token(type)];
    if (spec) names.set(name, { outputs: spec.properties, resource: true });
    else if (type !== "pulumi:providers:meshery") problems.push(`${name}: there is no resource ${type}`);
  }
  for (const [name, value] of section("variables")) {
    const call = isNode(value) && isNode(value["fn::invoke"]) ? value["fn::invoke"] : undefined;
    const spec = call && schema.functions[token(String(call.function))];
    if (call && !spec) problems.push(`${name}: there is no function ${String(call.function)}`);
    names.set(name, { outputs: spec?.outputs.properties ?? {}, resource: false });
  }

  const reference = (place: string, path: string): TypeSpec | undefined => {
    const [name = "", property] = path.split(".");
    const named = names.get(name);
    if (!named) problems.push(`${place}: nothing is called ${name}`);
    if (!named || property === undefined) return undefined;
    if (named.resource && (property === "id" || property === "urn")) return { type: "string" };
    const output = named.outputs[property];
    if (!output) problems.push(`${place}: ${name} has no output ${property}`);
    return output;
  };
  const value = (place: string, given: unknown, wanted: TypeSpec): void => {
    const whole = typeof given === "string" ? /^\$\{([^}]+)\}$/.exec(given)?.[1] : undefined;
    const found = whole === undefined ? literalType(given) : reference(place, whole)?.type;
    const named = wanted.$ref ? schema.types[wanted.$ref.slice("#/types/".length)] : undefined;
    const expected = named?.type ?? wanted.type;
    if (found !== undefined && found !== expected) problems.push(`${place} is a ${found}, not a ${expected}`);
    if (named && "enum" in named && whole === undefined && !named.enum.some((choice) => choice.value === given)) {
      problems.push(`${place} is none of ${named.enum.map((choice) => choice.value).join(", ")}`);
    }
    if (isNode(given) && wanted.additionalProperties) {
      for (const [key, item] of Object.entries(given)) value(`${place}.${key}`, item, wanted.additionalProperties);
    }
  };
  const values = (place: string, given: unknown, specs: PropertySpecs, required: readonly string[] = []): void => {
    const entries = isNode(given) ? given : {};
    for (const key of required) if (!(key in entries)) problems.push(`${place}: ${key} is missing`);
    for (const [key, item] of Object.entries(entries)) {
      const spec = specs[key];
      if (spec) value(`${place}.${key}`, item, spec);
      else problems.push(`${place}: there is no property ${key}`);
    }
  };

  for (const [name, resource] of section("resources")) {
    const spec = isNode(resource) ? schema.resources[token(String(resource.type))] : undefined;
    if (spec) values(name, (resource as Node).properties, spec.inputProperties, spec.requiredInputs);
  }
  for (const [name, variable] of section("variables")) {
    const call = isNode(variable) && isNode(variable["fn::invoke"]) ? variable["fn::invoke"] : undefined;
    const spec = call && schema.functions[token(String(call.function))];
    if (call && spec) values(name, call.arguments, spec.inputs.properties, spec.inputs.required);
  }
  for (const [name, output] of section("outputs")) {
    const whole = typeof output === "string" ? /^\$\{([^}]+)\}$/.exec(output)?.[1] : undefined;
    if (whole !== undefined) reference(`output ${name}`, whole);
  }
  return problems;
}

const literalType = (value: unknown): TypeSpec["type"] =>
  Array.isArray(value) ? "array" : (typeof value as NonNullable<TypeSpec["type"]>);
