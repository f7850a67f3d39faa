import { parseArgs } from "node:util";

export interface InstallCommand {
  /** `terraform`, for `meshery-iac terraform install`. */
  name: string;
  usage: string;
  /** What is installed, for an error. */
  what: string;
  /** Installs into `dir`, or the usual place, and says what was done. */
  install(dir: string | undefined): Promise<string>;
  /** Whether an error is one that `install` is known to end with; its message is then shown. */
  isKnown(error: unknown): error is Error;
}

/** `meshery-iac <name> install [--dir DIR]`. Returns the exit code: 0 done, 1 it failed, 2 it was called wrongly. */
export async function runInstall({ name, usage, what, install, isKnown }: InstallCommand, argv: string[]) {
  const misuse = (problem: string): number => {
    process.stderr.write(`${problem}\n\n${usage}`);
    return 2;
  };
  const options = { dir: { type: "string" }, help: { type: "boolean", short: "h" } } as const;
  let parsed: ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>;
  try {
    parsed = parseArgs({ args: argv, options, allowPositionals: true });
  } catch (error) {
    return misuse((error as Error).message);
  }
  const { values, positionals } = parsed;
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  if (positionals.length !== 1 || positionals[0] !== "install") {
    return misuse(positionals.length ? `There is no \`${name} ${positionals.join(" ")}\`.` : "What should it do?");
  }
  if (values.dir === "") return misuse("--dir needs a folder.");
  try {
    process.stdout.write(await install(values.dir));
    return 0;
  } catch (error) {
    if (!isKnown(error) && !isFileError(error)) throw error;
    process.stderr.write(`The ${what} could not be installed: ${error.message}\n`);
    return 1;
  }
}

const isFileError = (error: unknown): error is NodeJS.ErrnoException =>
  typeof error === "object" && error !== null && "code" in error && "path" in error;

/** A path as a shell reads it. */
export const shellQuoted = (path: string): string =>
  /^[\w./~+@%-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
