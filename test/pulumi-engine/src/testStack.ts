/**
 * A stack on the in-process test engine: real programs and real provider processes, the engine's own order, state kept
 * from run to run. Nothing is installed and nothing but loopback is used.
 */
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { Deployment, type DeploymentSettings, type Source, type StackConfig } from "./deployment";
import { Diagnostics } from "./diagnostics";
import type {
  DeploymentExport,
  DestroyOptions,
  ImportRequest,
  ProviderCall,
  RefreshOptions,
  ResourceRecord,
  RunResult,
  StackDriver,
  UpOptions,
} from "./driver";
import type { CrashPoint } from "./executor";
import { Monitor } from "./monitor";
import { compileProgram, nameIn, ProgramProcess, projectName, resolveFrom } from "./program";
import { Provider } from "./provider";
import { type ProviderCommand, ProviderProcess } from "./providerProcess";
import { EngineServer } from "./services";
import { type PendingOperation, type ResourceState, readDeployment, sealSecrets, toDeployment } from "./state";
import { ROOT_STACK_TYPE } from "./urn";
import { isSecret, isUnknown, mapValue, type PropertyMap } from "./values";
import { yamlSource } from "./yaml";

export interface TestStackOptions {
  /** Folder of a Node program (`index.ts` is compiled), or of a YAML program (`Pulumi.yaml` with resources). */
  programDir?: string;
  /** A YAML program instead of a folder. */
  yaml?: string;
  /** Default: the name in Pulumi.yaml. */
  project?: string;
  stack?: string;
  /** Stack configuration; a key without a namespace is the project's. */
  config?: Record<string, string>;
  secretConfig?: Record<string, string>;
  /** For the program and the providers, over the environment of the test. */
  env?: Record<string, string | undefined>;
  /** Plugins by package. The dynamic host needs none: it comes with the program's @pulumi/pulumi. */
  plugins?: Record<string, ProviderCommand>;
  /** Chains of steps at a time. */
  parallel?: number;
}

/** What only the test engine can do: be cut off. */
export interface CrashOptions {
  crash?: CrashPoint;
}

export class TestStack implements StackDriver {
  readonly engine = "test engine";
  readonly project: string;
  readonly stack: string;
  /** The records, secrets in clear but marked. */
  state: ResourceState[] = [];
  pendingOperations: PendingOperation[] = [];
  env: Record<string, string | undefined>;
  private readonly config = new Map<string, { value: string; secret: boolean }>();
  private readonly parallel: number;
  private readonly schemas = new Map<string, Promise<PropertyMap>>();

  constructor(private readonly options: TestStackOptions) {
    const named = options.yaml ? nameIn(options.yaml) : options.programDir && projectName(options.programDir);
    this.project = options.project ?? (named || "project");
    this.stack = options.stack ?? "dev";
    this.env = { ...options.env };
    this.parallel = options.parallel ?? 16;
    for (const [key, value] of Object.entries(options.config ?? {})) this.set(key, value, false);
    for (const [key, value] of Object.entries(options.secretConfig ?? {})) this.set(key, value, true);
  }

  async setConfig(key: string, value: string, options: { secret?: boolean } = {}): Promise<void> {
    this.set(key, value, options.secret ?? false);
  }

  /** Puts another document in the place of a YAML program given as text. */
  setYaml(text: string): void {
    this.options.yaml = text;
  }

  preview(options: UpOptions = {}): Promise<RunResult> {
    return this.phase(true, options, async (run) => run.deployment.update(await this.source(run), options));
  }

  up(options: UpOptions & CrashOptions = {}): Promise<RunResult> {
    return this.previewed(options, (preview) =>
      this.phase(preview, options, async (run) => run.deployment.update(await this.source(run), options)),
    );
  }

  refresh(options: RefreshOptions & CrashOptions = {}): Promise<RunResult> {
    return this.previewed(options, (preview) =>
      this.phase(preview, { ...options, mode: options.runProgram ? "refresh" : "update" }, async (run) => {
        if (options.runProgram) await run.deployment.update(await this.source(run));
        else await run.deployment.refresh();
      }),
    );
  }

  destroy(options: DestroyOptions & CrashOptions = {}): Promise<RunResult> {
    return this.previewed(options, (preview) =>
      this.phase(preview, { ...options, mode: options.runProgram ? "destroy" : "update" }, async (run) =>
        run.deployment.update(options.runProgram ? await this.source(run) : undefined),
      ),
    );
  }

  import(request: ImportRequest): Promise<RunResult> {
    return this.previewed({}, (preview) => this.phase(preview, {}, (run) => run.deployment.import(request)));
  }

  async exportText(options: { showSecrets?: boolean } = {}): Promise<string> {
    return `${JSON.stringify(this.export(options.showSecrets), null, 4)}\n`;
  }

  async resources(): Promise<ResourceRecord[]> {
    return readDeployment(this.export());
  }

  /** Size of the exported state. */
  async stateBytes(): Promise<number> {
    return Buffer.byteLength(await this.exportText());
  }

  async dispose(): Promise<void> {}

  private export(showSecrets = false): DeploymentExport {
    const values = showSecrets ? (properties: PropertyMap) => properties : sealSecrets;
    return toDeployment(this.state, this.pendingOperations, values);
  }

  private set(key: string, value: string, secret: boolean): void {
    this.config.set(key.includes(":") ? key : `${this.project}:${key}`, { value, secret });
  }

  private async previewed(
    options: { skipPreview?: boolean },
    phase: (preview: boolean) => Promise<RunResult>,
  ): Promise<RunResult> {
    if (options.skipPreview) return phase(false);
    const preview = await phase(true);
    if (!preview.ok) return { ...preview, steps: [], calls: [], preview };
    return { ...(await phase(false)), preview };
  }

  private async phase(
    preview: boolean,
    options: Pick<DeploymentSettings, "replace" | "mode" | "crash" | "continueOnError">,
    body: (run: Run) => Promise<void>,
  ): Promise<RunResult> {
    const diagnostics = new Diagnostics();
    const server = new EngineServer(diagnostics);
    await server.start();
    const calls: ProviderCall[] = [];
    const run: Run = { server, diagnostics, preview, processes: 0, deployment: undefined as unknown as Deployment };
    run.deployment = new Deployment({
      project: this.project,
      stack: this.stack,
      preview,
      config: this.config,
      resources: preview ? structuredClone(this.state) : this.state,
      pending: this.pendingOperations,
      parallel: this.parallel,
      replace: options.replace,
      crash: options.crash,
      continueOnError: options.continueOnError,
      mode: options.mode,
      openProvider: (packageName) => this.openProvider(packageName, run, calls),
      diagnostics,
      calls,
      onCrash: () => run.program?.kill(),
    });
    const { deployment } = run;
    try {
      await body(run);
    } finally {
      server.finish();
      await run.program?.end();
      await (deployment.executor.crashed ? deployment.registry.killAll() : deployment.registry.closeAll());
      server.stop();
    }
    if (!preview) this.keep(deployment);
    return this.result(deployment, calls);
  }

  private keep({ snapshot, executor }: Deployment): void {
    this.state = snapshot.result();
    // An interrupted create may have made something: only a person can tell, so it is remembered.
    const creating = this.pendingOperations.filter((operation) => operation.type === "creating");
    this.pendingOperations = [...creating, ...(executor.crashed ? structuredClone([...snapshot.pending]) : [])];
  }

  private result(deployment: Deployment, calls: ProviderCall[]): RunResult {
    const { executor, settings, reports } = deployment;
    const { messages } = settings.diagnostics;
    const errors = executor.crashed ? ["the engine was cut off"] : settings.diagnostics.errors();
    const root = deployment.snapshot.resources().find((state) => state.type === ROOT_STACK_TYPE && !state.delete);
    const outputs = mapValue(root?.outputs ?? {}, (value) =>
      isSecret(value) ? "[secret]" : isUnknown(value) ? "[unknown]" : undefined,
    ) as PropertyMap;
    const ok = !executor.failed;
    return { ok, ...(!ok && { error: errors.join("\n") }), steps: reports, messages, calls, outputs };
  }

  /** The program of the stack, compiled anew for each run. */
  private async source(run: Run): Promise<Source> {
    const { programDir } = this.options;
    const text = this.options.yaml ?? (programDir && yamlProgram(programDir));
    if (text) {
      const schema = (packageName: string) => this.schema(packageName, run);
      const source = yamlSource(text, this.project, this.stack, this.config, schema);
      return (deployment) => source(new Monitor(deployment));
    }
    if (!programDir) throw new Error("the stack has no program");
    const main = await compileProgram(programDir);
    return async (deployment) => {
      run.server.monitor = new Monitor(deployment);
      run.program = new ProgramProcess({
        ...run,
        programDir,
        main,
        engineAddress: run.server.address,
        project: this.project,
        stack: this.stack,
        config: plainConfig(this.config),
        secretKeys: [...this.config].filter(([, entry]) => entry.secret).map(([key]) => key),
        env: this.env,
        parallel: this.parallel,
      });
      await Promise.race([run.server.programDone.promise, run.program.ended]);
    };
  }

  /** As the language host of YAML does, in a process of its own; asked once for each stack. */
  private schema(packageName: string, run: Run): Promise<PropertyMap> {
    const known = this.schemas.get(packageName);
    if (known) return known;
    const asked = this.openProvider(packageName, run, []).then(async (provider) => {
      const schema = await provider.schema();
      await provider.close();
      return schema;
    });
    this.schemas.set(packageName, asked);
    return asked;
  }

  private async openProvider(packageName: string, run: Run, calls: ProviderCall[]): Promise<Provider> {
    const number = run.processes;
    run.processes += 1;
    const record = (method: string, details: Partial<ProviderCall> = {}): void => {
      calls.push({ method, process: number, ...details });
    };
    const cwd = this.options.programDir ?? tmpdir();
    const engineAddress = run.server.address;
    const dynamic = packageName === "pulumi-nodejs";
    const child = await ProviderProcess.start(this.command(packageName, cwd), {
      engineAddress,
      cwd,
      // The output of the dynamic host is shown to the user, that of a plugin to nobody.
      onOutput: (stream, line) => {
        run.diagnostics.add(dynamic ? (stream === "stderr" ? "info#err" : "info") : "debug", line);
      },
    });
    return Provider.open(child, record, engineAddress, cwd);
  }

  private command(packageName: string, cwd: string): ProviderCommand {
    const given = this.options.plugins?.[packageName];
    const env = {
      ...this.env,
      PULUMI_PROJECT: this.project,
      PULUMI_CONFIG: JSON.stringify(plainConfig(this.config)),
      ...given?.env,
    };
    if (given) return { ...given, env };
    if (packageName !== "pulumi-nodejs") throw new Error(`no plugin was given for package ${packageName}`);
    const host = resolveFrom(cwd, "@pulumi/pulumi/cmd/dynamic-provider");
    return { command: process.execPath, args: [host], env: { ...env, PULUMI_NODEJS_PROJECT: this.project } };
  }
}

interface Run {
  server: EngineServer;
  diagnostics: Diagnostics;
  preview: boolean;
  deployment: Deployment;
  program?: ProgramProcess;
  /** Provider processes started so far. */
  processes: number;
}

function plainConfig(config: StackConfig): Record<string, string> {
  return Object.fromEntries([...config].map(([key, entry]) => [key, entry.value]));
}

function yamlProgram(programDir: string): string | undefined {
  try {
    const text = readFileSync(`${programDir}/Pulumi.yaml`, "utf8");
    return /^runtime:\s*yaml\s*$/m.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}
