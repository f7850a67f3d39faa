import * as z from "zod";
import { SEVERITIES } from "../report/schema";
import { rules } from "../rules";
import { levelsSchema } from "./levels";

const pattern = z.string().min(1);
const patterns = (what: string) =>
  z
    .union([pattern, z.array(pattern).min(1)])
    .optional()
    .describe(`${what}; \`*\` stands for any characters. Several: any of them.`);

const selector = z
  .strictObject({
    workspace: patterns("Names of workspaces"),
    team: patterns("Names of teams"),
    environment: patterns("Names of environments"),
    connection: patterns("Names of connections"),
    kind: patterns("Kinds of connections, such as `kubernetes`"),
    tag: patterns("Tags of the environment, as `key=value`"),
  })
  .refine((given) => Object.values(given).some((value) => value !== undefined), "must name at least one thing")
  .describe("Which access is meant: all that is given has to fit.");

const assertion = z
  .strictObject({
    deny: selector.optional().describe("Access that nobody may have."),
    require: selector.optional().describe("Access that somebody must have."),
    only: selector
      .optional()
      .describe(
        "Of the access to this connection, environment, kind or tag, only this workspace and team may have any.",
      ),
    because: z.string().min(1).describe("Why; shown with every finding."),
    severity: z.enum(SEVERITIES).default("error"),
  })
  .refine(
    ({ deny, require: required, only }) => [deny, required, only].filter(Boolean).length === 1,
    "must have exactly one of deny, require and only",
  )
  .refine(
    ({ only }) =>
      !only ||
      ((only.workspace ?? only.team) !== undefined &&
        (only.connection ?? only.environment ?? only.kind ?? only.tag) !== undefined),
    "only must name who (workspace, team) and what (connection, environment, kind, tag)",
  );

const severity = z.enum([...SEVERITIES, "off"]);

const ruleSettings = z
  .strictObject(
    Object.fromEntries(
      rules.map(({ id, title, options }) => [
        id,
        z
          .union([severity, z.strictObject({ severity: severity.optional(), ...(options?.partial().shape ?? {}) })])
          .optional()
          .describe(`${title}.`),
      ]),
    ),
  )
  .describe("Severity of a rule, or `off`; and what else it has to tune.");

/** `meshery-iac.yaml`. */
export const settingsSchema = z
  .strictObject({
    assertions: z.array(assertion).default([]).describe("What must hold after every plan."),
    rules: ruleSettings.default({}),
    levels: levelsSchema.default({}),
    baseline: z
      .string()
      .min(1)
      .optional()
      .describe("File with findings that are known and do not fail a review, from this file's folder."),
  })
  .describe("Settings of meshery-iac review and meshery-iac check.");

export type Settings = z.output<typeof settingsSchema>;
export type Assertion = z.output<typeof assertion>;
export type Selector = z.output<typeof selector>;
