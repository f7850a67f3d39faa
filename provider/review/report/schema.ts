import * as z from "zod";
import { VERDICTS } from "../access/verdict";
import { DIRECTIONS, KEPT } from "../outcome/outcome";
import { ENGINES } from "../plans/plan";

/** What `--format json` prints. Permanent: keys are added, never changed or taken away; readers ignore those they do not know. */

export const SEVERITIES = ["error", "warning", "info"] as const;
export type Severity = (typeof SEVERITIES)[number];
export const CHANGES = ["create", "update", "delete", "replace", "adopt", "import", "forget", "none"] as const;

const object = z
  .object({
    name: z.string().describe("Empty where only the id is known."),
    id: z.string().nullable().describe("Null for what the plan makes."),
    organization: z.object({ name: z.string().nullable(), id: z.string() }).nullable(),
    kind: z.string().optional().describe("Of a connection: kubernetes, prometheus, ..."),
  })
  .describe("An environment, a workspace, a connection or a team.");

const declared = z
  .object({
    stack: z.string(),
    address: z.string().describe("Address in Terraform, URN in Pulumi."),
    action: z.string(),
    file: z.string().optional(),
    line: z.number().int().optional(),
  })
  .describe("Where a change is declared.");

const access = z.object({
  workspace: object,
  connection: object,
  teams: z.array(object).nullable().describe("Null where teams are not known."),
  through: z.array(object).describe("The environments that open it."),
  declared: z.array(declared).describe("The changes by which it comes or goes."),
});

const teamAccess = z.object({
  team: object,
  connection: object,
  through: z.array(z.object({ workspace: object, environment: object })),
  declared: z.array(declared),
});

const unknown = z.object({
  stack: z.string(),
  address: z.string(),
  direction: z.enum(DIRECTIONS),
  known: z
    .object({ workspace: object, environment: object, connection: object, team: object })
    .partial()
    .describe("The ends that are known."),
  reason: z.string(),
  advice: z.string(),
});

const moves = z.object({ added: z.array(object), removed: z.array(object) });

const environment = z.object({
  environment: object,
  change: z.enum(CHANGES),
  connections: moves,
  workspaces: moves,
  tags: z.record(z.string(), z.string()).nullable(),
  archived: z.boolean().nullable(),
});

const finding = z.object({
  rule: z.string(),
  severity: z.enum(SEVERITIES),
  subject: z.string(),
  addresses: z.array(
    z.object({
      stack: z.string(),
      address: z.string(),
      file: z.string().optional(),
      line: z.number().int().optional(),
    }),
  ),
  message: z.string(),
  remedy: z.string(),
  because: z.string().optional(),
  fingerprint: z.string().describe("The same for the same finding in every run; what a baseline file lists."),
  baseline: z.boolean().describe("Whether the baseline file knows it."),
});

const count = z.number().int().min(0);

export const reportSchema = z
  .object({
    version: z.literal(1),
    verdict: z.enum(VERDICTS).describe("The first that holds: unknown, broadened, narrowed, none."),
    basis: z.enum(["live", "offline"]).describe("What the state before is: live Meshery, or what the plans tell."),
    notes: z.array(z.string()).describe("What the basis leaves open."),
    summary: z.object({
      gained: count,
      lost: count,
      retained: count,
      unknown: count,
      errors: count,
      warnings: count,
    }),
    plans: z.array(
      z.object({
        stack: z.string(),
        engine: z.enum(ENGINES),
        engineVersion: z.string(),
        sha256: z.string(),
        complete: z.boolean(),
        errored: z.boolean(),
        destroy: z.boolean(),
      }),
    ),
    access: z.object({
      gained: z.array(access),
      lost: z.array(access),
      retained: z.array(access.extend({ reason: z.enum(KEPT) })),
      teams: z.object({ gained: z.array(teamAccess), lost: z.array(teamAccess) }),
      unknown: z.array(unknown),
    }),
    environments: z.array(environment),
    findings: z.array(finding),
    resources: z.object({
      create: count,
      update: count,
      delete: count,
      replace: count,
      import: count,
      adopt: count,
      forget: count,
      deferred: count,
    }),
  })
  .describe("What plans do to access in Meshery.");

export type Report = z.output<typeof reportSchema>;
export type ReportObject = z.output<typeof object>;
export type ReportAccess = z.output<typeof access>;
export type ReportTeamAccess = z.output<typeof teamAccess>;
export type ReportUnknown = z.output<typeof unknown>;
export type ReportEnvironment = z.output<typeof environment>;
export type ReportFinding = z.output<typeof finding>;
export type ReportDeclared = z.output<typeof declared>;
