import type { AnyLookup, AnyResource } from "../../framework";
import { exampleOfLookup, exampleOfResource } from "./examples";
import { languages } from "./examples/languages";
import type { Step } from "./examples/model";
import { resourceToken } from "./tokens";

type AnyDefinition = AnyResource;

/** Examples in the form that SDK generators and the Registry cut to the reader's language. */
function examples(title: string, steps: readonly Step[]): string {
  const blocks = languages.map(({ fence, render }) => `\`\`\`${fence}\n${render(steps)}\n\`\`\``);
  return [
    "{{% examples %}}",
    "## Example Usage",
    "{{% example %}}",
    `### ${title}`,
    "",
    blocks.join("\n\n"),
    "",
    "{{% /example %}}",
    "{{% /examples %}}",
  ].join("\n");
}

export const resourceExamples = (definition: AnyDefinition): string =>
  examples(`A ${spaced(definition.name)}`.replace(/^A (?=[aeiou])/, "An "), exampleOfResource(definition));

export const functionExamples = (lookup: AnyLookup): string =>
  examples(`Look up ${spaced(lookup.name.replace(/^get/, ""))}`, exampleOfLookup(lookup));

/** How to take an existing object into a stack. */
export function importSection({ name, importForms }: AnyDefinition): string {
  const commands = importForms.map(
    ({ form, example }) =>
      `By \`${form}\`:\n\n\`\`\`sh\n$ pulumi import ${resourceToken(name)} example ${quoted(example)}\n\`\`\``,
  );
  return ["## Import", ...commands].join("\n\n");
}

/** `ConnectionAssignment`: "connection assignment". */
const spaced = (name: string): string => name.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
const quoted = (text: string): string => (/^[\w:/.-]+$/.test(text) ? text : `'${text}'`);
