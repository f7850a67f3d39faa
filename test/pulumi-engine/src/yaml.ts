/**
 * YAML programs: the resources, variables, functions and outputs of a document, declared without a language host.
 * Played: interpolation, `fn::invoke`, `fn::secret`, `fn::join`, `fn::toJSON`, `get`, and the resource options.
 */
import { parse } from "yaml";
import type { Alias } from "./aliases";
import type { StackConfig } from "./deployment";
import type { Monitor } from "./monitor";
import type { ResourceState } from "./state";
import { formatReference, isProviderType, packageOf, ROOT_STACK_TYPE } from "./urn";
import {
  containsUnknowns,
  isMap,
  isSecret,
  isUnknown,
  type PropertyMap,
  type PropertyValue,
  RESOURCE_REFERENCE,
  SIGNATURE,
  secret,
  UNKNOWN,
  unwrapSecrets,
} from "./values";
import { checkProperty, type LoadSchema, type ResourceSchema, resourceSchema } from "./yamlSchema";

interface Evaluated {
  value: PropertyValue;
  /** URNs the value came from. */
  from: Set<string>;
}

type Scope = Map<string, () => Promise<Evaluated | ResourceState>>;

/** Declares everything in a document; an entry waits for those it names. */
export function yamlSource(text: string, project: string, stack: string, config: StackConfig, loadSchema: LoadSchema) {
  return async (monitor: Monitor): Promise<void> => {
    const document: unknown = parse(text);
    if (!isMap(document as PropertyValue)) throw new Error("the YAML program is not a map");
    const program = new Program(document as PropertyMap, monitor, project, stack, loadSchema);
    await program.run(config);
  };
}

class Program {
  private readonly scope: Scope = new Map();
  private readonly schemas = new Map<string, ResourceSchema>();
  private root = "";

  constructor(
    private readonly document: PropertyMap,
    private readonly monitor: Monitor,
    private readonly project: string,
    private readonly stack: string,
    private readonly loadSchema: LoadSchema,
  ) {}

  async run(config: StackConfig): Promise<void> {
    const name = `${this.project}-${this.stack}`;
    const root = await this.monitor.register({ ...declaration(ROOT_STACK_TYPE, name), custom: false });
    this.root = root.urn;
    for (const [key, { value, secret: hidden }] of config) {
      const entry: Evaluated = { value: hidden ? secret(value) : value, from: new Set() };
      const short = key.startsWith(`${this.project}:`) ? key.slice(this.project.length + 1) : key;
      this.scope.set(short, async () => entry);
    }
    const pulumi = { project: this.project, stack: this.stack, organization: "organization" };
    this.scope.set("pulumi", async () => ({ value: pulumi, from: new Set() }));
    this.define("variables", (value) => this.evaluate(value));
    this.define("resources", (value, key) => this.declare(key, value));
    await this.checkTypes();
    const names = [...Object.keys(this.section("variables")), ...Object.keys(this.section("resources"))];
    await Promise.all(names.map((key) => this.scope.get(key)?.()));
    const outputs = await this.evaluate(this.section("outputs"));
    this.monitor.registerOutputs(this.root, outputs.value as PropertyMap);
  }

  /** Types and property names are checked before anything is declared. */
  private async checkTypes(): Promise<void> {
    for (const [key, entry] of Object.entries(this.section("resources"))) {
      if (!isMap(entry) || typeof entry.type !== "string") throw new Error(`resource ${key} has no type`);
      const type = fullType(entry.type);
      const schema = resourceSchema(await this.loadSchema(packageOf(type)), type);
      this.schemas.set(type, schema);
      const properties = isMap(entry.properties) ? Object.keys(entry.properties) : [];
      for (const property of properties) checkProperty(schema, type, property);
    }
  }

  private section(name: string): PropertyMap {
    const section = this.document[name];
    return isMap(section) ? section : {};
  }

  private define(section: string, make: (value: PropertyValue, key: string) => Promise<Evaluated | ResourceState>) {
    for (const [key, value] of Object.entries(this.section(section))) {
      let made: Promise<Evaluated | ResourceState> | undefined;
      this.scope.set(key, () => {
        made ??= make(value, key);
        return made;
      });
    }
  }

  private async declare(key: string, entry: PropertyValue): Promise<ResourceState> {
    if (!isMap(entry)) throw new Error(`resource ${key} is not a map`);
    const type = fullType(String(entry.type));
    const schema = this.schemas.get(type) as ResourceSchema;
    const name = typeof entry.name === "string" ? entry.name : key;
    const options = isMap(entry.options) ? entry.options : {};
    const parent = (await this.resource(options.parent))?.urn ?? (isProviderType(type) ? undefined : this.root);
    const provider = await this.resource(options.provider);
    const dependsOn = await this.resources(options.dependsOn);
    const shared = {
      parent: parent ?? this.root,
      provider: provider && formatReference({ urn: provider.urn, id: provider.id ?? "" }),
      version: text(options.version),
      additionalSecretOutputs: [...texts(options.additionalSecretOutputs), ...schema.secretOutputs],
    };
    if (isMap(entry.get)) {
      const id = await this.evaluate(entry.get.id ?? null);
      const state = await this.evaluate(entry.get.state ?? {});
      const dependencies = [...new Set([...dependsOn.map(({ urn }) => urn), ...id.from, ...state.from])];
      const properties = state.value as PropertyMap;
      return this.monitor.read({
        type,
        name,
        id: String(unwrapSecrets(id.value)),
        properties,
        dependencies,
        ...shared,
      });
    }
    const properties: PropertyMap = {};
    const propertyDependencies: Record<string, string[]> = {};
    const dependencies = new Set(dependsOn.map(({ urn }) => urn));
    for (const [property, value] of Object.entries(isMap(entry.properties) ? entry.properties : {})) {
      const evaluated = await this.evaluate(value);
      properties[property] = schema.inputs?.get(property) ? secret(evaluated.value) : evaluated.value;
      propertyDependencies[property] = [...evaluated.from];
      for (const urn of evaluated.from) dependencies.add(urn);
    }
    return this.monitor.register({
      ...declaration(type, name),
      ...shared,
      properties,
      propertyDependencies,
      dependencies: [...dependencies],
      aliases: Array.isArray(options.aliases) ? options.aliases.map(alias) : [],
      protect: flag(options.protect),
      retainOnDelete: flag(options.retainOnDelete),
      deleteBeforeReplace: flag(options.deleteBeforeReplace),
      ignoreChanges: texts(options.ignoreChanges),
      replaceOnChanges: texts(options.replaceOnChanges),
      importId: text(options.import),
      deletedWith: (await this.resource(options.deletedWith))?.urn,
    });
  }

  private async evaluate(value: PropertyValue): Promise<Evaluated> {
    if (typeof value === "string") return this.interpolate(value);
    if (Array.isArray(value)) {
      const items = await Promise.all(value.map((item) => this.evaluate(item)));
      return { value: items.map((item) => item.value), from: union(items) };
    }
    if (!isMap(value)) return { value, from: new Set() };
    const [call] = Object.keys(value);
    if (call?.startsWith("fn::")) return this.call(call, value[call] ?? null);
    const entries = await Promise.all(
      Object.entries(value).map(async ([key, item]) => [key, await this.evaluate(item)] as const),
    );
    const members = entries.map(([key, item]) => [key, item.value]);
    return { value: Object.fromEntries(members), from: union(entries.map(([, item]) => item)) };
  }

  private async call(name: string, argument: PropertyValue): Promise<Evaluated> {
    if (name === "fn::invoke") return this.invoke(argument);
    const { value, from } = await this.evaluate(argument);
    if (name === "fn::secret") return { value: secret(value), from };
    if (containsUnknowns(value)) return { value: UNKNOWN, from };
    if (name === "fn::toJSON") return { value: JSON.stringify(unwrapSecrets(value)), from };
    if (name === "fn::join" && Array.isArray(value) && Array.isArray(value[1])) {
      return { value: value[1].join(String(value[0])), from };
    }
    throw new Error(`${name} is not played by the test engine`);
  }

  private async invoke(call: PropertyValue): Promise<Evaluated> {
    if (!isMap(call) || typeof call.function !== "string") throw new Error("fn::invoke without a function");
    const args = await this.evaluate(call.arguments ?? {});
    const options = isMap(call.options) ? call.options : {};
    const provider = await this.resource(options.provider);
    if (containsUnknowns(args.value)) return { value: UNKNOWN, from: args.from };
    const { outputs, failures } = await this.monitor.invoke({
      token: fullType(call.function),
      args: args.value as PropertyMap,
      provider: provider && formatReference({ urn: provider.urn, id: provider.id ?? "" }),
      version: text(options.version),
    });
    if (failures.length > 0)
      throw new Error(failures.map(({ property, reason }) => `${property}: ${reason}`).join("; "));
    return { value: typeof call.return === "string" ? (outputs[call.return] ?? null) : outputs, from: args.from };
  }

  /** Text with `${...}` in it; a text that is nothing but one keeps the type of what it names. */
  private async interpolate(value: string): Promise<Evaluated> {
    const whole = /^\$\{([^}]*)\}$/.exec(value);
    if (whole) return this.lookUp(whole[1] ?? "");
    const parts = value.split(/(\$\$\{|\$\{[^}]*\})/);
    const evaluated = await Promise.all(
      parts.map(async (part): Promise<Evaluated> => {
        if (part === "$${") return { value: "${", from: new Set() };
        return part.startsWith("${") ? this.lookUp(part.slice(2, -1)) : { value: part, from: new Set() };
      }),
    );
    const from = union(evaluated);
    if (evaluated.some((part) => isUnknown(unwrapSecrets(part.value)))) return { value: UNKNOWN, from };
    const joined = evaluated.map((part) => String(unwrapSecrets(part.value))).join("");
    return { value: evaluated.some((part) => isSecret(part.value)) ? secret(joined) : joined, from };
  }

  private async lookUp(path: string): Promise<Evaluated> {
    const [head = "", ...rest] = [...path.matchAll(/[^.[\]"]+/g)].map(([element]) => element);
    const entry = this.scope.get(path) ?? this.scope.get(head);
    if (!entry) throw new Error(`resource, variable, or config value "${path}" not found`);
    const found = await entry();
    const elements = this.scope.has(path) ? [] : rest;
    if (!("urn" in found)) return { value: member(found.value, elements, UNKNOWN), from: found.from };
    const from = new Set([found.urn]);
    if (elements.length === 0) {
      return { value: { [SIGNATURE]: RESOURCE_REFERENCE, urn: found.urn, id: found.id || UNKNOWN }, from };
    }
    const missing = this.monitor.deployment.settings.preview ? UNKNOWN : null;
    const known: PropertyMap = { ...found.outputs, urn: found.urn, id: found.id || UNKNOWN };
    return { value: member(known, elements, missing), from };
  }

  /** The resource that an option names. */
  private async resource(value: PropertyValue | undefined): Promise<ResourceState | undefined> {
    const name = typeof value === "string" ? /^\$\{([^}]*)\}$/.exec(value)?.[1] : undefined;
    const found = name === undefined ? undefined : await this.scope.get(name)?.();
    return found && "urn" in found ? found : undefined;
  }

  private async resources(value: PropertyValue | undefined): Promise<ResourceState[]> {
    const list = Array.isArray(value) ? value : value === undefined ? [] : [value];
    const found = await Promise.all(list.map((item) => this.resource(item)));
    return found.flatMap((state) => state ?? []);
  }
}

function declaration(type: string, name: string) {
  return {
    type,
    name,
    custom: true,
    properties: {},
    providers: {},
    dependencies: [],
    propertyDependencies: {},
    aliases: [],
    ignoreChanges: [],
    replaceOnChanges: [],
    additionalSecretOutputs: [],
  };
}

/** `meshery:Environment` is short for `meshery:index:Environment`. */
function fullType(type: string): string {
  const parts = type.split(":");
  return parts.length === 2 ? `${parts[0]}:index:${parts[1]}` : type;
}

function alias(value: PropertyValue): Alias {
  if (typeof value === "string") return { urn: value };
  if (!isMap(value)) throw new Error("an alias is a URN or a map");
  return { name: text(value.name), type: text(value.type), stack: text(value.stack), project: text(value.project) };
}

/** What a path names inside a value; secrets stay secret on the way. */
function member(value: PropertyValue, path: string[], missing: PropertyValue): PropertyValue {
  const [head, ...rest] = path;
  if (head === undefined || isUnknown(value)) return value;
  if (isSecret(value)) return secret(member(value.value ?? null, path, missing));
  const next = Array.isArray(value) ? value[Number(head)] : isMap(value) ? value[head] : undefined;
  return next === undefined ? missing : member(next, rest, missing);
}

const union = (items: Evaluated[]): Set<string> => new Set(items.flatMap((item) => [...item.from]));
const text = (value: PropertyValue | undefined): string | undefined => (typeof value === "string" ? value : undefined);
const flag = (value: PropertyValue | undefined): boolean | undefined =>
  typeof value === "boolean" ? value : undefined;
const texts = (value: PropertyValue | undefined): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
