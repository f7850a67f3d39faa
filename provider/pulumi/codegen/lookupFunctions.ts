import { type AnyLookup, isInput } from "../../framework";
import { comesFilled, isRequired } from "../shared/fields";
import { comment, inputType, plainType, properties } from "./typescript";

/** The two functions of a lookup, with their arguments and results. */
export function lookupFunctions(lookup: AnyLookup): string {
  const { name, description, fields } = lookup;
  const type = name[0]!.toUpperCase() + name.slice(1);
  const required = Object.values(fields).some(isRequired);
  const optional = required ? "" : " = {}";
  return `
/** Arguments of \`${name}\`. */
export interface ${type}Args {
${properties(fields, isInput, (field) => ({ optional: !isRequired(field), type: plainType(field) }))}
}

/** Arguments of \`${name}Output\`. */
export interface ${type}OutputArgs {
${properties(fields, isInput, (field) => ({ optional: !isRequired(field), type: inputType(field) }))}
}

/** What \`${name}\` finds. */
export interface ${type}Result {
${properties(
  fields,
  () => true,
  (field, key) => ({ modifiers: "readonly ", optional: !comesFilled(lookup, key), type: plainType(field) }),
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
