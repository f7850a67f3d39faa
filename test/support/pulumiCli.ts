/**
 * A stack on the real `pulumi` command line, where there is one on the PATH: a file backend and a Pulumi home of its
 * own in a temporary folder, nothing fetched. Takes and gives the same as the test engine's `TestStack`.
 */
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import {
  compileProgram,
  type DeploymentExport,
  type DestroyOptions,
  type DiffKind,
  type ImportRequest,
  isDefaultProvider,
  isProviderType,
  isUnknown,
  type Message,
  mapValue,
  maskSecrets,
  type PropertyMap,
  type ProviderCall,
  type ProviderCommand,
  projectName,
  type RefreshOptions,
  type ResourceRecord,
  type RunOptions,
  type RunResult,
  readDeployment,
  type Severity,
  type StackDriver,
  type StepOp,
  type StepReport,
  type TestStackOptions,
  type UpOptions,
} from "../pulumi-engine";

const RUNTIMES = ["nodejs", "yaml"] as const;
export type Runtime = (typeof RUNTIMES)[number];

export type CliAvailability = { available: true; version: string } | { available: false; reason: string };

let found: Map<Runtime, CliAvailability> | undefined;

/** Whether programs of a runtime can be run by a command line on the PATH; the reason when they cannot. */
export function findPulumi(runtime: Runtime = "nodejs"): CliAvailability {
  found ??= new Map(RUNTIMES.map((each) => [each, look(each)]));
  return found.get(runtime) as CliAvailability;
}

function look(runtime: Runtime): CliAvailability {
  const answer = spawnSync("pulumi", ["version"], {
    encoding: "utf8",
    env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
  if (answer.error || answer.status !== 0) return { available: false, reason: "no `pulumi` on the PATH" };
  const version = answer.stdout.trim();
  const host = `pulumi-language-${runtime}`;
  const hosted = (process.env.PATH ?? "").split(":").some((folder) => existsSync(join(folder, host)));
  if (!hosted) return { available: false, reason: `pulumi ${version} is there, but no ${host} on the PATH` };
  return { available: true, version };
}

export class CliStack implements StackDriver {
  readonly engine: string;
  readonly stack: string;
  env: Record<string, string | undefined>;
  /** Whether requests to providers are recorded, which costs time. */
  recordCalls = true;
  private runs = 0;

  private constructor(
    private readonly programDir: string,
    private readonly home: string,
    readonly project: string,
    private readonly parallel: number,
    options: TestStackOptions,
  ) {
    const pulumi = findPulumi();
    this.engine = pulumi.available ? `pulumi ${pulumi.version}` : "pulumi";
    this.stack = options.stack ?? "dev";
    this.env = { ...options.env };
  }

  /**
   * Makes the stack. `Pulumi.yaml` in the program's folder is rewritten: compiled JavaScript is run, and the given
   * plugins are found by their path.
   *
   * @throws Error when the command line refuses.
   */
  static async create(options: TestStackOptions): Promise<CliStack> {
    const home = mkdtempSync(join(tmpdir(), "pulumi-cli-"));
    const programDir = options.programDir ?? join(home, "program");
    mkdirSync(programDir, { recursive: true });
    mkdirSync(join(home, "backend"));
    if (options.yaml) writeFileSync(join(programDir, "Pulumi.yaml"), options.yaml);
    const project = options.project ?? projectName(programDir) ?? "project";
    writeProject(programDir, project, pluginFolders(home, options.plugins ?? {}));
    const stack = new CliStack(programDir, home, project, options.parallel ?? 16, options);
    await stack.succeed("stack", "init", stack.stack);
    for (const [key, value] of Object.entries(options.config ?? {})) await stack.setConfig(key, value);
    for (const [key, value] of Object.entries(options.secretConfig ?? {})) {
      await stack.setConfig(key, value, { secret: true });
    }
    return stack;
  }

  async setConfig(key: string, value: string, options: { secret?: boolean } = {}): Promise<void> {
    const kind = options.secret ? "--secret" : "--plaintext";
    await this.succeed("config", "set", "--stack", this.stack, kind, "--", key, value);
  }

  /** Puts another document in the place of a YAML program given as text. */
  setYaml(text: string): void {
    const file = join(this.programDir, "Pulumi.yaml");
    const { plugins } = parse(readFileSync(file, "utf8"));
    writeFileSync(file, stringify({ ...parse(text), plugins }));
  }

  preview(options: UpOptions = {}): Promise<RunResult> {
    return this.run("preview", updateFlags(options));
  }

  async up(options: UpOptions = {}): Promise<RunResult> {
    return this.previewed(
      options,
      () => this.preview(options),
      () => this.run("up", [...updateFlags(options), "--yes", "--skip-preview"]),
    );
  }

  refresh(options: RefreshOptions = {}): Promise<RunResult> {
    return this.twice("refresh", programFlag(options), options);
  }

  destroy(options: DestroyOptions = {}): Promise<RunResult> {
    return this.twice("destroy", programFlag(options), options);
  }

  import({ type, name, id, provider, parent, protect }: ImportRequest): Promise<RunResult> {
    const flags = [type, name, id, `--protect=${protect ?? false}`, "--generate-code=false"];
    if (provider) flags.push("--provider", `provider=${provider}`);
    if (parent) flags.push("--parent", `parent=${parent}`);
    return this.twice("import", flags, {});
  }

  exportText(): Promise<string> {
    return this.succeed("stack", "export", "--stack", this.stack);
  }

  async resources(): Promise<ResourceRecord[]> {
    return readDeployment(JSON.parse(await this.exportText()) as DeploymentExport);
  }

  async dispose(): Promise<void> {
    rmSync(this.home, { recursive: true, force: true });
  }

  private twice(command: string, flags: string[], options: RunOptions): Promise<RunResult> {
    return this.previewed(
      options,
      () => this.run(command, [...flags, "--preview-only"]),
      () => this.run(command, [...flags, "--yes", "--skip-preview"]),
    );
  }

  private async previewed(
    options: RunOptions,
    first: () => Promise<RunResult>,
    second: () => Promise<RunResult>,
  ): Promise<RunResult> {
    if (options.skipPreview) return second();
    const preview = await first();
    if (!preview.ok) return { ...preview, steps: [], calls: [], preview };
    return { ...(await second()), preview };
  }

  private async run(command: string, flags: string[]): Promise<RunResult> {
    this.runs += 1;
    await compileProgram(this.programDir);
    const events = join(this.home, `events-${this.runs}.json`);
    const grpc = join(this.home, `grpc-${this.runs}.json`);
    const args = [command, ...flags, "--stack", this.stack, "--parallel", String(this.parallel)];
    args.push("--event-log", events);
    const { code, output } = await this.pulumi(args, this.recordCalls ? { PULUMI_DEBUG_GRPC: grpc } : {});
    const result = readEvents(jsonLines(events), command === "refresh");
    result.calls = readCalls(jsonLines(grpc));
    result.ok = code === 0;
    if (!result.ok) {
      const errors = result.messages.filter(({ severity }) => severity === "error").map(({ text }) => text);
      result.error = errors.length > 0 ? errors.join("\n") : output;
    }
    return result;
  }

  private async succeed(...args: string[]): Promise<string> {
    const { code, output, stdout } = await this.pulumi(args);
    if (code !== 0) throw new Error(`pulumi ${args[0]} ended with ${code}:\n${output}`);
    return stdout;
  }

  private pulumi(args: string[], env: Record<string, string> = {}) {
    const child = spawn("pulumi", ["--non-interactive", "--color", "never", ...args], {
      cwd: this.programDir,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        PULUMI_HOME: join(this.home, "home"),
        PULUMI_BACKEND_URL: `file://${join(this.home, "backend")}`,
        PULUMI_CONFIG_PASSPHRASE: "passphrase",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PULUMI_DEBUG_COMMANDS: "true",
        ...this.env,
        ...env,
      },
    });
    let stdout = "";
    let output = "";
    child.stdout.on("data", (data: Buffer) => {
      stdout += data;
      output += data;
    });
    child.stderr.on("data", (data: Buffer) => {
      output += data;
    });
    return new Promise<{ code: number | null; stdout: string; output: string }>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve({ code, stdout, output }));
    });
  }
}

function updateFlags({ replace = [], refresh, continueOnError }: UpOptions): string[] {
  return [
    ...replace.flatMap((urn) => ["--replace", urn]),
    ...(refresh ? ["--refresh"] : []),
    ...(continueOnError ? ["--continue-on-error"] : []),
  ];
}

function programFlag({ runProgram }: DestroyOptions): string[] {
  return runProgram ? ["--run-program"] : [];
}

function writeProject(programDir: string, name: string, plugins: { name: string; path: string }[]): void {
  const file = join(programDir, "Pulumi.yaml");
  const given = existsSync(file) ? parse(readFileSync(file, "utf8")) : {};
  const yaml = given.runtime === "yaml" || given.runtime?.name === "yaml";
  const node = { runtime: { name: "nodejs", options: { typescript: false } }, main: "index.js" };
  const project = { ...given, name, ...(!yaml && node) };
  if (plugins.length > 0) project.plugins = { providers: plugins };
  writeFileSync(file, stringify(project));
}

/** A folder per plugin with the executable the command line looks for. */
function pluginFolders(home: string, plugins: Record<string, ProviderCommand>): { name: string; path: string }[] {
  return Object.entries(plugins).map(([name, { command, args, env = {} }]) => {
    const path = join(home, `plugin-${name}`);
    mkdirSync(path);
    const quoted = [command, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
    const settings = Object.entries(env).flatMap(([key, value]) =>
      value === undefined ? [] : `export ${key}='${value}'\n`,
    );
    const script = join(path, `pulumi-resource-${name}`);
    writeFileSync(script, `#!/bin/sh\n${settings.join("")}exec ${quoted} "$@"\n`);
    chmodSync(script, 0o755);
    return { name, path };
  });
}

interface EngineEvent {
  resourcePreEvent?: { metadata: StepMetadata };
  resOutputsEvent?: { metadata: StepMetadata };
  resOpFailedEvent?: { metadata: StepMetadata };
  diagnosticEvent?: { severity: Severity; message: string; urn?: string };
}

interface StepMetadata {
  op: StepOp;
  urn: string;
  type: string;
  diffs?: string[] | null;
  keys?: string[] | null;
  detailedDiff?: Record<string, { diffKind: DiffKind }> | null;
  old?: { custom?: boolean } | null;
  new?: { custom?: boolean; outputs?: PropertyMap } | null;
}

function readEvents(events: EngineEvent[], refresh: boolean): RunResult {
  const steps: StepReport[] = [];
  const messages: Message[] = [];
  let outputs: PropertyMap = {};
  for (const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent } of events) {
    if (resourcePreEvent) steps.push(step(resourcePreEvent.metadata));
    if (resOutputsEvent) {
      const { metadata } = resOutputsEvent;
      // Of a refresh, the end tells what it came to.
      const begun = refresh && steps.find(({ op, urn }) => op === "refresh" && urn === metadata.urn);
      if (begun) Object.assign(begun, step(metadata), isRead(metadata) ? {} : { op: "same" });
      if (metadata.type === "pulumi:pulumi:Stack") outputs = metadata.new?.outputs ?? {};
    }
    if (resOpFailedEvent) {
      const { op, urn } = resOpFailedEvent.metadata;
      const failed = steps.find((candidate) => candidate.op === op && candidate.urn === urn);
      if (failed) failed.failed = true;
    }
    if (diagnosticEvent && diagnosticEvent.severity !== "debug") {
      const { severity, message, urn } = diagnosticEvent;
      messages.push({ severity, text: message.trimEnd(), ...(urn && { urn }) });
    }
  }
  const visible = steps.filter(({ op, urn }, at) => {
    // A refresh that runs the program tells of a component twice.
    const told = steps.findIndex((other) => other.op === op && other.urn === urn) < at;
    return !isDefaultProvider(urn) && !(refresh && told);
  });
  const shown = mapValue(maskSecrets(outputs), (value) => (isUnknown(value) ? "[unknown]" : undefined));
  return { ok: true, steps: visible, messages, calls: [], outputs: shown as PropertyMap };
}

/** Components and providers are not read: whatever is said of them, a refresh leaves them the same. */
function isRead({ type, new: after, old: before }: StepMetadata): boolean {
  return (after ?? before)?.custom === true && !isProviderType(type);
}

function step({ op, urn, diffs, keys, detailedDiff }: StepMetadata): StepReport {
  const report: StepReport = { op, urn };
  if (diffs?.length) report.diffs = diffs;
  if (keys?.length) report.replaceKeys = keys;
  const detailed = Object.entries(detailedDiff ?? {});
  if (detailed.length > 0) {
    report.detailedDiff = Object.fromEntries(detailed.map(([path, { diffKind }]) => [path, diffKind]));
  }
  return report;
}

interface GrpcEntry {
  method: string;
  request?: { urn?: string; tok?: string; preview?: boolean };
  progress?: string;
}

const PROVIDER_METHODS = "/pulumirpc.ResourceProvider/";

function readCalls(entries: GrpcEntry[]): ProviderCall[] {
  return entries
    .filter(({ method, progress }) => method.startsWith(PROVIDER_METHODS) && progress === "request_started")
    .map(({ method, request }) => ({
      method: method.slice(PROVIDER_METHODS.length),
      ...(request?.urn && { urn: request.urn }),
      ...(request?.tok && { token: request.tok }),
      ...(request?.preview !== undefined && { preview: request.preview }),
    }));
}

function jsonLines<T>(file: string): T[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line) as T);
}
