import { parseArgs } from "node:util";
import { FORMATS, type Format } from "../render";
import { SEVERITIES } from "../report/schema";

/** A mistake in how a command was called. */
export class UsageError extends Error {}

const FAILURES = [...SEVERITIES, "broadened"] as const;
export type Failure = (typeof FAILURES)[number];

/** The options that all commands of a review have, for their help. */
export const OPTIONS = `  --offline            use only what the plans tell; needs no token
  --format F           ${FORMATS.join(", ")} (default: text, or by the ending of --output); several times for several formats
  -o, --output FILE    where it is written, one for each --format in the same order (default: standard output)
  --fail-on LEVEL      end with 3 where there is a finding of this severity or worse: ${SEVERITIES.join(", ")};
                       or where access is broadened or not known: broadened. Several times for both
  --settings FILE      assertions and rules (default: meshery-iac.yaml of this folder, if it is there)
  --write-baseline F   write all findings into this file: those that it lists do not fail a review
  -h, --help           print this`;

/** What a command is to do. */
export interface Wanted {
  positionals: string[];
  outputs: { format: Format; file: string | undefined }[];
  offline: boolean;
  failOn: Failure[];
  detailed: boolean;
  settings: string | undefined;
  newBaseline: string | undefined;
}

/**
 * Runs one of the commands of a review: what goes wrong is one sentence on standard error, and exit code 1.
 * @param name for messages
 */
export async function command(
  { name, usage }: { name: string; usage: string },
  argv: string[],
  run: (wanted: Wanted) => Promise<number>,
): Promise<number> {
  try {
    const wanted = wantedBy(argv);
    if (wanted) return await run(wanted);
    process.stdout.write(usage);
    return 0;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    process.stderr.write(`meshery-iac ${name}: ${error.message}${error instanceof UsageError ? "; see --help" : ""}\n`);
    return 1;
  }
}

function wantedBy(argv: string[]): Wanted | undefined {
  const { values, positionals } = parsed(argv);
  if (values.help) return undefined;
  const formats = values.format.map((format) => oneOf(FORMATS, "--format", format));
  const files = values.output;
  const count = Math.max(formats.length, files.length, 1);
  const outputs = Array.from({ length: count }, (_, at) => {
    const file = files[at] === "-" ? undefined : files[at];
    return { format: formats[at] ?? formatOf(file), file };
  });
  if (outputs.filter(({ file }) => file === undefined).length > 1)
    throw new UsageError("several formats need an --output each; one of them may go to standard output");
  return {
    positionals,
    outputs,
    offline: values.offline,
    failOn: values["fail-on"].map((level) => oneOf(FAILURES, "--fail-on", level)),
    detailed: values["detailed-exitcode"],
    settings: values.settings,
    newBaseline: values["write-baseline"],
  };
}

const ENDINGS: Record<string, Format> = { md: "markdown", json: "json", sarif: "sarif" };
const formatOf = (file: string | undefined): Format => ENDINGS[file?.split(".").at(-1) ?? ""] ?? "text";

function oneOf<T extends string>(known: readonly T[], option: string, given: string): T {
  const found = known.find((one) => one === given);
  if (found === undefined) throw new UsageError(`${option} must be one of ${known.join(", ")}, not ${given}`);
  return found;
}

function parsed(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        offline: { type: "boolean", default: false },
        format: { type: "string", multiple: true, default: [] },
        output: { type: "string", short: "o", multiple: true, default: [] },
        "fail-on": { type: "string", multiple: true, default: [] },
        "detailed-exitcode": { type: "boolean", default: false },
        settings: { type: "string" },
        "write-baseline": { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    // Node explains at length how to pass an argument that begins with a dash; the first sentence is enough.
    throw new UsageError((error as Error).message.split(". ")[0]);
  }
}
