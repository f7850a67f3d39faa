import { command, UsageError } from "../review/command/options";
import { readPlans } from "../review/command/run";
import { explained } from "../review/explain";
import { cleaner } from "../review/render/clean";
import { reviewOf } from "../review/report/review";
import { worldOf } from "../review/world/session";

/** Put in at build. */
declare const VERSION: string;

const usage = `Usage: meshery-iac explain [--offline] WORKSPACE|TEAM CONNECTION [FILE ...]

Every path by which a workspace or a team reaches a connection, by name or id. Plans (see meshery-iac review) tell
where each edge is declared; the answer is then that after these plans. Otherwise it is what Meshery holds now.

  --offline            use only what the plans tell; needs no token
  -h, --help           print this

Ends with 0, also where there is no access, and with 1 for an error.
`;

/** `meshery-iac explain`. */
export const explain = (argv: string[]): Promise<number> =>
  command({ name: "explain", usage }, argv, async ({ positionals, offline }) => {
    const [who, connection, ...files] = positionals;
    if (who === undefined || connection === undefined)
      throw new UsageError("give a workspace or team, and a connection");
    if (offline && files.length === 0) throw new UsageError("give plans with --offline");
    const plans = files.length > 0 ? readPlans(files) : [];
    const { env } = process;
    const world = await worldOf(plans, {
      env,
      offline,
      userAgent: `meshery-iac/${VERSION}`,
      connections: [connection],
    });
    const clean = cleaner([env.MESHERY_TOKEN, ...plans.flatMap(({ secrets }) => secrets)]);
    const lines = explained(reviewOf(plans, world), who, connection);
    process.stdout.write(`${lines.map((line) => `${line.indent}${clean(line.text)}`).join("\n")}\n`);
    return 0;
  });
