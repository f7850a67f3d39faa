import { unhandled } from "../../framework";
import { lookups, resources } from "../../resources";
import type { ValueType } from "../protocol/types";
import { dataSourceType, resourceType, snake, spelled } from "../provider/names";
import { type Attributes, dataSourceAttributes, providerAttributes, resourceAttributes } from "../provider/schema";

/** One page of documentation, in the layout that Terraform's and OpenTofu's registries read. */
export interface Page {
  file: string;
  text: string;
}

/** Every page, from the declarations. `example` gives the HCL of `<type>.tf` where there is one. */
export function documentationPages(example: (name: string) => string | undefined): Page[] {
  return [
    {
      file: "index.md",
      text: page("meshery provider", INTRODUCTION, "Provider", example("provider"), [
        ["Arguments", list(providerAttributes, ({ optional }) => optional)],
      ]),
    },
    ...resources.map(({ name, description, importForms, ends }): Page => {
      const type = resourceType(name);
      const attributes = resourceAttributes.get(type)!;
      const forms = importForms.map(({ form, example: id }) => `| \`${form}\` | \`${id}\` |`);
      const block = `import {\n  to = ${type}.example\n  id = "${importForms[0]?.example}"\n}`;
      return {
        file: `resources/${snake(name).slice(1)}.md`,
        text: page(type, spelled(description, fieldsOf(attributes)), "Resource", example(type), [
          ["Ends by id or by name", ends === undefined ? "" : BY_NAME],
          ["Required", list(attributes, ({ required }) => required)],
          ["Optional", list(attributes, ({ optional }) => optional)],
          ["Read-only", list(attributes, ({ required, optional }) => !required && !optional)],
          [
            "Import",
            `${imported(attributes)}\n\n${fence(block)}\n\n| Id | For instance |\n|---|---|\n${forms.join("\n")}`,
          ],
        ]),
      };
    }),
    ...lookups.map(({ name, description }): Page => {
      const type = dataSourceType(name);
      const attributes = dataSourceAttributes.get(type)!;
      return {
        file: `data-sources/${type.slice("meshery_".length)}.md`,
        text: page(type, spelled(description, fieldsOf(attributes)), "Data source", example(`data-${type}`), [
          ["Optional", list(attributes, ({ optional }) => optional)],
          ["Read-only", list(attributes, ({ optional }) => !optional)],
        ]),
      };
    }),
  ];
}

const INTRODUCTION =
  "Declares Meshery environments, the connections assigned to them, and the workspaces they are bound to. Address and token come from `MESHERY_URL` and `MESHERY_TOKEN`; arguments win over them. Engines keep arguments in plans, so give the token by environment, or by an ephemeral variable.";

const BY_NAME =
  "Each end is given by its id or by its name. [Which one to use](../edges-by-name.md), and what a rename does.";

/** Whose an import makes it: objects may be adopted instead, edges cannot. */
const imported = (attributes: Attributes): string =>
  attributes.has("adopt")
    ? "What is imported is the program's own: destroy deletes it. To have it released instead of deleted, use `adopt`."
    : "What is imported is the program's, as what it creates: removing it revokes it.";

const fieldsOf = (attributes: Attributes) => [...attributes.values()].map(({ field }) => field);
const fence = (hcl: string) => `\`\`\`terraform\n${hcl.trim()}\n\`\`\``;

function page(
  title: string,
  description: string,
  kind: string,
  example: string | undefined,
  sections: [string, string][],
): string {
  const summary = description.split(". ")[0]!.replace(/\.$/, "");
  const parts = [
    `---\npage_title: ${JSON.stringify(title)}\ndescription: ${JSON.stringify(summary)}\n---`,
    `# ${title} (${kind})`,
    description,
    ...(example === undefined ? [] : ["## Example", fence(example)]),
    ...sections.filter(([, text]) => text !== "").flatMap(([name, text]) => [`## ${name}`, text]),
  ];
  return `${parts.join("\n\n")}\n`;
}

type Attribute = Attributes extends ReadonlyMap<string, infer A> ? A : never;

function list(attributes: Attributes, which: (attribute: Attribute) => boolean): string {
  const fields = fieldsOf(attributes);
  return [...attributes]
    .filter(([, attribute]) => which(attribute))
    .map(
      ([name, { type, description, sensitive, writeOnly }]) =>
        `- \`${name}\` (${typeName(type)}${sensitive ? ", sensitive" : ""}${writeOnly ? ", write-only" : ""}) ${spelled(description, fields)}`,
    )
    .join("\n");
}

function typeName(type: ValueType): string {
  switch (type) {
    case "bool":
      return "boolean";
    case "string":
    case "number":
      return type;
  }
  switch (type[0]) {
    case "map":
    case "set":
      return `${type[0]} of ${type[1]}s`;
    case "list":
      return `list of objects of ${Object.keys(type[1][1])
        .map((name) => `\`${name}\``)
        .join(", ")}`;
    default:
      return unhandled(type);
  }
}
