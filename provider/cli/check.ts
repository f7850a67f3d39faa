import { command, OPTIONS, UsageError } from "../review/command/options";
import { report } from "../review/command/run";

/** Put in at build. */
declare const VERSION: string;

const usage = `Usage: meshery-iac check [options]

Checks what Meshery holds now against the assertions and rules of meshery-iac.yaml: for a run every night.
Address and token come from MESHERY_URL and MESHERY_TOKEN. Without --fail-on it fails on errors.

${OPTIONS}

Ends with 0, with 1 for an error, with 3 for findings.
`;

/** `meshery-iac check`. The exit code is 0, 1 for an error, 3 for findings. */
export const check = (argv: string[]): Promise<number> =>
  command({ name: "check", usage }, argv, async (wanted) => {
    if (wanted.positionals.length > 0) throw new UsageError("check takes no files: use review for plans");
    if (wanted.offline) throw new UsageError("check looks at Meshery itself, so it cannot be --offline");
    const failOn = wanted.failOn.length > 0 ? wanted.failOn : ["error" as const];
    return report([], { ...wanted, failOn }, { version: VERSION, everything: true });
  });
