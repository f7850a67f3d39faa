import { readFileSync, writeFileSync } from "node:fs";
import { type Plan, PlanError } from "../plans/plan";
import { isOfMeshery, readPlan } from "../plans/read";
import { render } from "../render";
import { cleaned, cleaner } from "../render/clean";
import { reportOf } from "../report/build";
import { reviewOf } from "../report/review";
import { type Report, type ReportFinding, SEVERITIES } from "../report/schema";
import { judge } from "../rules/judge";
import { loadSettings, readBaseline, writeBaseline } from "../settings/load";
import { worldOf } from "../world/session";
import { type Failure, UsageError, type Wanted } from "./options";

/** Reads plans, `-` for standard input. At least one of them has to be about Meshery. */
export function readPlans(files: readonly string[]): Plan[] {
  const given = files.length > 0 ? files : ["-"];
  if (files.length === 0 && process.stdin.isTTY)
    throw new UsageError("give the file of a plan, or - for standard input");
  const plans = given.map((file) => {
    const name = file === "-" ? "standard input" : file;
    return readPlan(contentOf(file, name), name);
  });
  if (!plans.some(isOfMeshery)) {
    const names = given.map((file) => (file === "-" ? "standard input" : file)).join(", ");
    throw new PlanError(`${names} ${plans.length === 1 ? "is a plan" : "are plans"} without any resource of Meshery`);
  }
  return plans;
}

function contentOf(file: string, name: string): Buffer {
  try {
    return readFileSync(file === "-" ? 0 : file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Error(`cannot read ${name}: ${code === "ENOENT" ? "there is no such file" : message}`);
  }
}

/** Judges, writes, and says how it ends. `everything`: rules look at all that is there, and not only at what changes. */
export async function report(
  plans: readonly Plan[],
  wanted: Wanted,
  { version, everything = false }: { version: string; everything?: boolean },
): Promise<number> {
  const settings = loadSettings(process.cwd(), wanted.settings);
  const { env } = process;
  const world = await worldOf(plans, { env, offline: wanted.offline, userAgent: `meshery-iac/${version}` });
  const reviewed = reviewOf(plans, world);
  const found = judge(reviewed, settings, readBaseline(settings.baselineFile), everything);
  if (wanted.newBaseline !== undefined) writeBaseline(wanted.newBaseline, found);
  const clean = cleaner([env.MESHERY_TOKEN, ...plans.flatMap(({ secrets }) => secrets)]);
  const made = cleaned(reportOf(reviewed, found), clean);
  for (const { format, file } of wanted.outputs) {
    const colours = file === undefined && process.stdout.isTTY === true && !env.NO_COLOR;
    const text = render(made, format, { version: version, colours });
    if (file === undefined) process.stdout.write(text);
    else writeFileSync(file, text);
  }
  return exitCode(made, wanted);
}

function exitCode({ verdict, findings, resources }: Report, { failOn, detailed }: Wanted): number {
  const open = verdict === "unknown" || verdict === "broadened";
  const fails = (level: Failure) => (level === "broadened" ? open : findings.some((one) => atLeast(one, level)));
  if (failOn.some(fails)) return 3;
  const changes = verdict !== "none" || Object.values(resources).some((count) => count > 0);
  return detailed && changes ? 2 : 0;
}

const atLeast = ({ severity, baseline }: ReportFinding, level: ReportFinding["severity"]): boolean =>
  !baseline && SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(level);
