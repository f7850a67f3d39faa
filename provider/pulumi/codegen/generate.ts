/**
 * The classes and functions of `meshery-iac/pulumi`, written from the declarations: run at build, so that a program loads
 * nothing of the declarations themselves.
 */
import type * as z from "zod";
import { type AnyLookup, type AnyResource, type Field, type Fields, isInput } from "../../framework";
import { lookups, resources } from "../../resources";

/** The whole module, as TypeScript. */
export function generatedModule(): string {
  return [
    "// Generated from the declarations in provider/resources. Do not edit.",
    'import type * as pulumi from "@pulumi/pulumi";',
    named("type LookupOptions, lookUp, lookUpOutput", "../lookups"),
    named("dynamicType, MesheryResource", "../resource"),
    ...resources.map(resourceClass),
    ...lookups.map(lookupFunctions),
    "",
  ].join("\n\n");
}

const named = (names: string, module: string): string => `import { ${names} } from ${JSON.stringify(module)};`;

function resourceClass({ name, description, fields }: AnyResource): string {
  const entries = Object.entries(fields);
  const shape = {
    name,
    outputs: entries.map(([field]) => field),
    secrets: entries.filter(([, { secret }]) => secret).map(([field]) => field),
  };
  return `
/** Arguments of \`${name}\`. */
export interface ${name}Args {
${properties(fields, isInput, (field) => ({ optional: field.role !== "required", type: inputType(field) }))}
}

const ${name}Shape = ${JSON.stringify(shape)};

${comment(description)}
export class ${name} extends MesheryResource {
  /** The type that stands in the stack's state. */
  static readonly __pulumiType: string = dynamicType("${name}");

  /**
   * An existing one, by its id; it is read and never changed. Fails where there is none.
   * @param name Name of the resource in the program.
   * @param id The id.
   * @param opts Options, for instance \`provider\`.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): ${name} {
    return new ${name}(name, undefined as unknown as ${name}Args, { ...opts, id });
  }

  /** Whether a value is a resource of this class, also across copies of this package. */
  static override isInstance(value: unknown): value is ${name} {
    return (value as { __pulumiType?: unknown } | undefined | null)?.__pulumiType === ${name}.__pulumiType;
  }

${properties(
  fields,
  () => true,
  (field) => ({ modifiers: "declare readonly ", type: `pulumi.Output<${plainType(field)}${absent(field)}>` }),
)}

  /**
   * @param name Name of the resource in the program. It is what the stack's state knows it by: renaming it needs the option
   * \`aliases\`.
   * @param args What it shall be.
   * @param opts Options of the engine.
   */
  constructor(name: string, args: ${name}Args, opts?: pulumi.CustomResourceOptions) {
    super(${name}Shape, name, args, opts);
  }
}`;
}

function lookupFunctions({ name, description, fields }: AnyLookup): string {
  const type = name[0]!.toUpperCase() + name.slice(1);
  const single = "id" in fields || "name" in fields;
  // The organization always comes back filled, and so does all that says which one was found.
  const filled = (field: string) => single || field === "organizationId";
  const required = Object.values(fields).some(({ role }) => role === "required");
  const optional = required ? "" : " = {}";
  return `
/** Arguments of \`${name}\`. */
export interface ${type}Args {
${properties(fields, isInput, (field) => ({ optional: field.role !== "required", type: plainType(field) }))}
}

/** Arguments of \`${name}Output\`. */
export interface ${type}OutputArgs {
${properties(fields, isInput, (field) => ({ optional: field.role !== "required", type: inputType(field) }))}
}

/** What \`${name}\` finds. */
export interface ${type}Result {
${properties(
  fields,
  () => true,
  (field, key) => ({ modifiers: "readonly ", optional: isInput(field) && !filled(key), type: plainType(field) }),
)}
}

${comment(`${description}\n\nAsks Meshery when it is called, in previews too; all lookups of a program share what they read.`)}
export function ${name}(args: ${type}Args${optional}, opts?: LookupOptions): Promise<${type}Result> {
  return lookUp("${name}", args, opts);
}

${comment(`${description}\n\nTakes and gives outputs: what is not known before an update is looked up during it.`)}
export function ${name}Output(args: ${type}OutputArgs${optional}, opts?: LookupOptions): pulumi.Output<${type}Result> {
  return lookUpOutput("${name}", args, opts);
}`;
}

interface Property {
  modifiers?: string;
  optional?: boolean;
  type: string;
}

function properties(
  fields: Fields,
  wanted: (field: Field) => boolean,
  property: (field: Field, name: string) => Property,
): string {
  return Object.entries(fields)
    .filter(([, field]) => wanted(field))
    .map(([name, field]) => {
      const { modifiers = "", optional = false, type } = property(field, name);
      return `${indented(comment(described(field)))}\n  ${modifiers}${name}${optional ? "?" : ""}: ${type};`;
    })
    .join("\n");
}

function described({ description, role, defaultValue, example }: Field): string {
  const notes = [
    role === "flag" && defaultValue !== undefined ? `@default ${defaultValue}` : "",
    example === undefined ? "" : `@example ${typeof example === "string" ? `"${example}"` : JSON.stringify(example)}`,
  ].filter((note) => note !== "");
  return notes.length === 0 ? description : `${description}\n\n${notes.join("\n")}`;
}

/** Whether a field of the state may be left out. */
const absent = ({ role }: Field): string => (role === "optional" ? " | undefined" : "");

function plainType(field: Field): string {
  if (field.kind === "stringMap") return "Record<string, string>";
  if (field.kind === "rows") {
    const row = Object.entries(field.row ?? {}).map(([name, kind]) => `readonly ${name}: ${kind}`);
    return `readonly { ${row.join("; ")} }[]`;
  }
  return choices(field) ?? field.kind;
}

function inputType(field: Field): string {
  if (field.kind === "stringMap") return "pulumi.Input<Record<string, pulumi.Input<string>>>";
  return `pulumi.Input<${plainType(field)}>`;
}

/** The values of a field that allows only some. */
function choices(field: Field): string | undefined {
  const { type, entries } = field.schema.def as z.core.$ZodTypeDef & { entries?: Record<string, string> };
  return type === "enum" && entries
    ? Object.values(entries)
        .map((value) => JSON.stringify(value))
        .join(" | ")
    : undefined;
}

function comment(text: string): string {
  const lines = text.replaceAll("*/", "*\\/").split("\n");
  return lines.length === 1
    ? `/** ${lines[0]} */`
    : ["/**", ...lines.map((line) => ` * ${line}`.trimEnd()), " */"].join("\n");
}

const indented = (text: string): string =>
  text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
