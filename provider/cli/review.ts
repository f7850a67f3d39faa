import { command, OPTIONS } from "../review/command/options";
import { readPlans, report } from "../review/command/run";

/** Put in at build. */
declare const VERSION: string;

const usage = `Usage: meshery-iac review [options] [FILE ...|-]

Who gains or loses access to what by one or more plans. A plan is what is printed by one of

  terraform show -json PLAN
  tofu show -json PLAN
  pulumi preview --json --show-sames

- is standard input. The plans of several stacks give one answer. The state before is live Meshery (MESHERY_URL,
MESHERY_TOKEN), so that what other programs and people made counts.

${OPTIONS}
  --detailed-exitcode  end with 2 where the plans change anything

Ends with 0, with 1 for an error, with 2 or 3 as said above; 3 goes before 2.
`;

/** `meshery-iac review`. The exit code is 0, 1 for an error, 2 for changes, 3 for what `--fail-on` says. */
export const review = (argv: string[]): Promise<number> =>
  command({ name: "review", usage }, argv, async (wanted) =>
    report(readPlans(wanted.positionals), wanted, { version: VERSION }),
  );
