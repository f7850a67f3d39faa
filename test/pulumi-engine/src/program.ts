/** Node programs: compiled once per run, then run by the runner that comes with the program's own @pulumi/pulumi. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { parse } from "yaml";
import { Bail, type Diagnostics } from "./diagnostics";

/** The program told its errors through the engine before it ended with this code. */
const ERRORS_LOGGED = 32;
/** How long a program has to end once the run is over or has failed. */
const END_TIMEOUT_MS = 10_000;

/** Resolves as the program itself would. */
export function resolveFrom(programDir: string, specifier: string): string {
  return createRequire(join(programDir, "index.js")).resolve(specifier);
}

/**
 * Compiles `index.ts` to `index.js` beside it, packages left to be required; a program without one is left alone.
 * The module format follows the program's package.json.
 *
 * @returns the file to run, relative to the program.
 */
export async function compileProgram(programDir: string): Promise<string> {
  const entry = join(programDir, "index.ts");
  if (!existsSync(entry)) return ".";
  const manifest = join(programDir, "package.json");
  const type: unknown = existsSync(manifest) ? JSON.parse(readFileSync(manifest, "utf8")).type : undefined;
  await build({
    entryPoints: [entry],
    outfile: join(programDir, "index.js"),
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node20",
    format: type === "module" ? "esm" : "cjs",
    logLevel: "silent",
  });
  return "index.js";
}

/** The project's name as Pulumi.yaml has it. */
export function projectName(programDir: string): string | undefined {
  const file = join(programDir, "Pulumi.yaml");
  return existsSync(file) ? nameIn(readFileSync(file, "utf8")) : undefined;
}

export function nameIn(pulumiYaml: string): string | undefined {
  const name: unknown = parse(pulumiYaml)?.name;
  return typeof name === "string" ? name : undefined;
}

export interface ProgramSettings {
  programDir: string;
  main: string;
  engineAddress: string;
  project: string;
  stack: string;
  config: Record<string, string>;
  secretKeys: string[];
  env: Record<string, string | undefined>;
  preview: boolean;
  parallel: number;
  diagnostics: Diagnostics;
}

export class ProgramProcess {
  /** Rejects when the program fails. */
  readonly ended: Promise<void>;
  private readonly child: ChildProcess;

  constructor(settings: ProgramSettings) {
    const { programDir, engineAddress, project, stack, diagnostics } = settings;
    const args = [resolveFrom(programDir, "@pulumi/pulumi/cmd/run"), "--monitor", engineAddress];
    args.push("--engine", engineAddress, "--project", project, "--stack", stack, "--organization", "organization");
    args.push("--root-directory", programDir, "--pwd", programDir, "--parallel", String(settings.parallel));
    if (settings.preview) args.push("--dry-run");
    args.push(settings.main);
    this.child = spawn(process.execPath, args, {
      cwd: programDir,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        PULUMI_NODEJS_TYPESCRIPT: "false",
        ...settings.env,
        PULUMI_CONFIG: JSON.stringify(settings.config),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(settings.secretKeys),
      },
    });
    const errors: string[] = [];
    lines(this.child.stdout, (line) => diagnostics.add("info", line));
    lines(this.child.stderr, (line) => {
      errors.push(line);
      diagnostics.add("info#err", line);
    });
    this.ended = new Promise((resolve, reject) => {
      this.child.once("error", reject);
      this.child.once("close", (code, signal) => {
        if (code === 0) return resolve();
        if (code === ERRORS_LOGGED) return reject(new Bail("the program told its errors"));
        reject(new Error(`program exited with ${signal ?? `code ${code}`}: ${errors.join("\n")}`));
      });
    });
    this.ended.catch(() => undefined);
  }

  /** Waits for the end; a program that does not end is killed. */
  async end(): Promise<void> {
    const timer = setTimeout(() => this.kill(), END_TIMEOUT_MS);
    await this.ended.catch(() => undefined);
    clearTimeout(timer);
  }

  kill(): void {
    this.child.kill("SIGKILL");
  }
}

function lines(stream: NodeJS.ReadableStream | null, each: (line: string) => void): void {
  if (stream) createInterface({ input: stream }).on("line", each);
}
