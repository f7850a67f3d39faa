import * as z from "zod";
import { reportSchema } from "./report/schema";
import { rules } from "./rules";
import type { Rule } from "./rules/rule";
import { settingsSchema } from "./settings/schema";

type Json = Record<string, unknown>;

const published = (schema: z.ZodType, title: string, io: "input" | "output"): string => {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, target: "draft-07", reused: "ref" }) as Json;
  return `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`;
};

/** The text of `schemas/review.json`. Readers ignore keys that they do not know. */
export const reviewJsonSchema = (): string =>
  published(reportSchema, "Meshery access review", "output").replaceAll(/,\n\s*"additionalProperties": false/g, "");

/** The text of `schemas/settings.json`, for editors. */
export const settingsJsonSchema = (): string => published(settingsSchema, "meshery-iac.yaml", "input");

/** The page of all rules. */
export function rulesPage(): string {
  const rows = rules.map(({ id, severity, title }) => `| [\`${id}\`](#${id}) | ${severity} | ${title} |`);
  return `${[INTRODUCTION, "| Rule | Severity | What is found |\n|---|---|---|", ...[rows.join("\n")], ...rules.map(section)].join("\n\n").replace("|---|---|---|\n\n|", "|---|---|---|\n|")}\n`;
}

const INTRODUCTION = `# Rules of a review

\`meshery-iac review\` looks at what plans change by these rules, \`meshery-iac check\` at everything that is there. \`meshery-iac.yaml\` gives a rule another severity, or turns it off:

\`\`\`yaml
rules:
  environment-without-description: off
  connection-in-many-environments: { severity: warning, limit: 8 }
\`\`\`

Which objects are production is told by names and tags, under \`levels\`: a name that is \`prod\`, or has it for a word, is of the level \`production\` unless you say otherwise. A connection whose name says nothing is of the level of the environments that hold it, where they agree.`;

function section({ id, severity, title, why, remedy, options }: Rule): string {
  const tuned = Object.entries((options?.shape ?? {}) as Record<string, z.ZodType>).map(
    ([name, schema]) => `- \`${name}\`: ${schema.description} Default: ${defaultOf(schema)}.`,
  );
  const parts = [`## ${id}`, `${title}. Severity: ${severity}.`, why, `What to do: ${remedy}`];
  return [...parts, ...(tuned.length > 0 ? [`To tune:\n\n${tuned.join("\n")}`] : [])].join("\n\n");
}

function defaultOf(schema: z.ZodType): string {
  const value = schema.parse(undefined);
  return Array.isArray(value) ? value.map((one) => `\`${String(one)}\``).join(", ") : `\`${JSON.stringify(value)}\``;
}
