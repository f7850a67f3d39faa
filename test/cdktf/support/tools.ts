import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { root } from "../../support/terraform";

const CACHE = join(root, ".cache", "cdk");
/** The oldest Node that the newest cdktn-cli runs on, and the one it gets where ours is older. */
const CDKTN_NEEDS = [22, 19];
const NODE = "22.23.3";

export interface Cli {
  name: "cdktf" | "cdktn";
  version: string;
  /** Folders to put before the PATH: where the command is, and the Node it needs. */
  path: string[];
}

/** The command as npm has it, kept below .cache/; a text that says why not, where it cannot be had. */
export function cdkCli(name: Cli["name"], version: string): Cli | string {
  try {
    const path = [join(npmInstalled(`${name}-cli`, version), "node_modules", ".bin")];
    if (name === "cdktn" && older(process.versions.node, CDKTN_NEEDS)) path.unshift(nodeFolder());
    return { name, version, path };
  } catch (error) {
    return (error as Error).message;
  }
}

function older(version: string, than: number[]): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major < than[0]! || (major === than[0] && minor < than[1]!);
}

/** npm has Node itself, for some systems: the bare program, with nothing to run at its installation. */
function nodeFolder(): string {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(npmInstalled(name, NODE), "node_modules", name, "bin");
  if (!existsSync(join(folder, "node"))) throw new Error(`npm's ${name}@${NODE} holds no node`);
  return folder;
}

/** A folder with one package in it, made once. */
function npmInstalled(name: string, version: string): string {
  const folder = join(CACHE, `${name}-${version}`);
  if (existsSync(folder)) return folder;
  mkdirSync(CACHE, { recursive: true });
  const making = mkdtempSync(join(CACHE, ".new-"));
  try {
    writeFileSync(join(making, "package.json"), '{"private":true}\n');
    npm(making, "install", "--ignore-scripts", `${name}@${version}`);
    // Another run may have been faster.
    if (!existsSync(folder)) renameSync(making, folder);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return folder;
}

/** Runs npm with what the user has set up for it. */
export function npm(cwd: string, ...args: string[]): string {
  try {
    return execFileSync("npm", [...args, "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 240_000,
    });
  } catch (error) {
    const { code, stderr = "" } = error as { code?: string; stderr?: string };
    throw new Error(`npm ${args.join(" ")} failed: ${code ?? ""} ${stderr.trim().split("\n").slice(-3).join(" ")}`);
  }
}

/** A shell as a user has it: what `export` lines set, and commands with what they said. */
export class Shell {
  constructor(
    private readonly cwd: string,
    readonly env: Record<string, string>,
    path: string[],
  ) {
    this.env.PATH = [...path, dirname(process.execPath), process.env.PATH].join(delimiter);
  }

  /** Does what a printed text tells to: its `export` lines. */
  copyExports(text: string): void {
    for (const [, name = "", value = ""] of text.matchAll(/^ {2}export (\w+)=(\S+)$/gm)) this.env[name] = value;
  }

  /** A failure is a result, not an exception. */
  run(command: string, ...args: string[]): Promise<{ code: number | null; said: string }> {
    return new Promise((resolve) => {
      const child = spawn(command, args, {
        cwd: this.cwd,
        env: this.env,
        stdio: ["ignore", "pipe", "pipe"],
        timeout: 240_000,
      });
      let said = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (text: string) => {
          said += text;
        });
      }
      child.on("error", (error) => resolve({ code: null, said: String(error) }));
      child.on("close", (code) => resolve({ code, said }));
    });
  }
}
