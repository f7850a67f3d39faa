import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

export interface Engine {
  name: "terraform" | "tofu";
  path: string;
  version: string;
}

export interface RunResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

const NAMES = ["terraform", "tofu"] as const;
const CACHE = join(__dirname, "..", "..", ".cache", "engines");
const RUN_TIMEOUT_MS = 240_000;
const NO_CLI_CONFIG = "/dev/null";

let found: Engine[] | undefined;

/** Terraform and OpenTofu as they are on the PATH, else what `npm run engines` made. */
export function findEngines(): Engine[] {
  found ??= NAMES.flatMap((name) => {
    for (const path of candidates(name)) {
      const version = versionOf(path);
      if (version) return [{ name, path, version }];
    }
    return [];
  });
  return found;
}

/**
 * Describes something once per engine that is there. For one that is not, the tests are skipped and the run says why.
 */
export function describeEngines(title: string, body: (engine: Engine) => void): void {
  const engines = findEngines();
  for (const name of NAMES) {
    const engine = engines.find((candidate) => candidate.name === name);
    if (engine) {
      describe(`${title} (${name} ${engine.version})`, () => body(engine));
      continue;
    }
    const remedy = name === "tofu" ? "install it or run `npm run engines`" : "install it";
    console.warn(`skipped: "${title}" with ${name}, which is not on the PATH; ${remedy}`);
    describe.skip(`${title} (${name} is missing)`, () => body({ name, path: name, version: "" }));
  }
}

export interface WorkdirOptions {
  /** A CLI configuration to use instead of the default, which finds no provider but those of `overrides`. */
  cliConfigFile?: string;
  /** Development overrides: provider source to folder. `init` is neither needed nor of use with them. */
  overrides?: Record<string, string>;
  env?: Record<string, string>;
  /** Where the folder is made. Default: the system's folder for temporary files. */
  parent?: string | undefined;
}

/** A configuration in a folder of its own, run in an environment of its own. */
export class Workdir {
  readonly dir: string;
  private readonly env: Record<string, string>;

  constructor(files: Record<string, string>, options: WorkdirOptions = {}) {
    this.dir = realpathSync(mkdtempSync(join(options.parent ?? tmpdir(), "workdir-")));
    for (const [name, text] of Object.entries(files)) this.write(name, text);
    const cliConfigFile = options.cliConfigFile ?? this.write("cli.tfrc", cliConfig(options.overrides ?? {}));
    this.env = { ...cleanEnvironment(), TF_CLI_CONFIG_FILE: cliConfigFile, ...options.env };
  }

  /** Writes a file below the folder and returns its path. */
  write(name: string, text: string): string {
    const path = join(this.dir, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  read(name: string): string {
    return readFileSync(join(this.dir, name), "utf8");
  }

  /**
   * Runs a command of the engine. A failure is a result, not an exception. `started` gets the process, which then leads a group
   * of its own: a signal to the group reaches what a Ctrl-C in a terminal would.
   */
  run(
    engine: Engine,
    args: readonly string[],
    env: Record<string, string> = {},
    started?: (child: ChildProcess) => void,
  ): Promise<RunResult> {
    return new Promise((resolve, reject) => {
      const child = spawn(engine.path, args, {
        cwd: this.dir,
        env: { ...this.env, ...env },
        stdio: ["ignore", "pipe", "pipe"],
        timeout: RUN_TIMEOUT_MS,
        detached: started !== undefined,
      });
      started?.(child);
      let stdout = "";
      let stderr = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        stdout += text;
      });
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        stderr += text;
      });
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, stdout, stderr }));
    });
  }

  /** Runs a command that has to succeed and returns its standard output; throws with all it said otherwise. */
  async succeed(engine: Engine, args: readonly string[], env: Record<string, string> = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(engine, args, env);
    if (code !== 0) throw new Error(`${engine.name} ${args.join(" ")} ended with ${code}:\n${stderr}\n${stdout}`);
    return stdout;
  }

  async apply(engine: Engine, ...args: string[]): Promise<string> {
    return this.succeed(engine, ["apply", "-auto-approve", "-input=false", "-no-color", ...args]);
  }

  async destroy(engine: Engine, ...args: string[]): Promise<string> {
    return this.succeed(engine, ["destroy", "-auto-approve", "-input=false", "-no-color", ...args]);
  }

  /** Plans and returns the plan's JSON form. */
  async planJson(engine: Engine, ...args: string[]): Promise<PlanJson> {
    await this.succeed(engine, ["plan", "-input=false", "-no-color", "-out=plan.bin", ...args]);
    return JSON.parse(await this.succeed(engine, ["show", "-json", "plan.bin"])) as PlanJson;
  }

  /** What a plan would do: address to actions, without what stays as it is. */
  async planned(engine: Engine, ...args: string[]): Promise<Record<string, string>> {
    const { resource_changes: changes = [] } = await this.planJson(engine, ...args);
    const real = changes.filter(({ change }) => !["no-op", "read"].includes(change.actions.join("+")));
    return Object.fromEntries(real.map(({ address, change }) => [address, change.actions.join("+")]));
  }

  /** The state's JSON form. */
  async stateJson(engine: Engine): Promise<StateJson> {
    return JSON.parse(await this.succeed(engine, ["show", "-json"])) as StateJson;
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

export interface ResourceJson {
  address: string;
  type: string;
  name: string;
  values: Record<string, unknown>;
}

export interface PlanJson {
  resource_changes?: {
    address: string;
    change: { actions: string[]; before: unknown; after: unknown; after_unknown: unknown };
  }[];
  output_changes?: Record<string, { actions: string[]; after: unknown }>;
}

export interface StateJson {
  values?: {
    root_module: { resources?: ResourceJson[] };
    outputs?: Record<string, { value: unknown }>;
  };
}

// What a user's environment or CLI configuration says must not decide a test.
function cleanEnvironment(): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !/^((TF|TOFU|MESHERY)_|NODE_EXTRA_CA_CERTS$)/.test(name)) env[name] = value;
  }
  return { ...env, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" };
}

// Without overrides: no provider is installed from anywhere, least of all from the network.
export function cliConfig(overrides: Record<string, string>): string {
  const lines = Object.entries(overrides).map(
    ([source, dir]) => `    ${JSON.stringify(source)} = ${JSON.stringify(dir)}`,
  );
  return `provider_installation {\n  dev_overrides {\n${lines.join("\n")}\n  }\n}\n`;
}

function candidates(name: string): string[] {
  const onPath = (process.env.PATH ?? "").split(delimiter).map((dir) => join(dir, name));
  const cached = existsSync(CACHE) ? readdirSync(CACHE).map((version) => join(CACHE, version, name)) : [];
  return [...onPath, ...cached.reverse()].filter((path) => existsSync(path));
}

function versionOf(path: string): string | undefined {
  try {
    const env = { ...cleanEnvironment(), TF_CLI_CONFIG_FILE: NO_CLI_CONFIG };
    const said = execFileSync(path, ["version", "-json"], {
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return (JSON.parse(said) as { terraform_version?: string }).terraform_version;
  } catch {
    return undefined;
  }
}
