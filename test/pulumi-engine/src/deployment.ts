/**
 * One run of the engine over a stack: a preview or the real thing of an update, a refresh, a destroy or an import.
 * It starts with the records of the last run, may be cut off at any point, and always leaves valid records.
 */
import { Deferred } from "./deferred";
import { Bail, type Diagnostics } from "./diagnostics";
import type { ImportRequest, ProviderCall, StepReport } from "./driver";
import { type CrashPoint, StepExecutor } from "./executor";
import type { Goal, ReadGoal } from "./goal";
import { deletionOrder, transitiveDependencies } from "./graph";
import { importResource } from "./importing";
import { rebuild, refreshAll } from "./refreshing";
import { type OpenProvider, ProviderRegistry } from "./registry";
import { type PendingOperation, type ResourceState, Snapshot } from "./state";
import { type Plan, StepGenerator } from "./stepGenerator";
import type { Registration, Step, StepContext } from "./steps";
import { packageOf, parseUrn, providerType, ROOT_STACK_TYPE } from "./urn";
import { type PropertyMap, secret } from "./values";

/** Stack configuration: full keys (`meshery:url`), values as text. */
export type StackConfig = ReadonlyMap<string, { value: string; secret: boolean }>;

export interface DeploymentSettings {
  project: string;
  stack: string;
  preview: boolean;
  config: StackConfig;
  resources: ResourceState[];
  pending: PendingOperation[];
  parallel: number;
  replace?: string[] | undefined;
  crash?: CrashPoint | undefined;
  continueOnError?: boolean | undefined;
  /** A destroy or refresh that runs the program. Default: "update". */
  mode?: "update" | "destroy" | "refresh" | undefined;
  openProvider: OpenProvider;
  diagnostics: Diagnostics;
  calls: ProviderCall[];
  /** The engine "died": end the program without a word. */
  onCrash(): void;
}

/** Whatever declares resources: a program in its process, or a list of them. Settles when there is nothing to come. */
export type Source = (deployment: Deployment) => Promise<void>;

/** Registrations that can no longer be answered end with this; programs know it as the engine shutting down. */
export class ShutDown extends Error {
  constructor() {
    super("resource monitor shut down");
  }
}

/** A registration whose step failed in a run that goes on. */
export class StepFailed extends Error {
  constructor(readonly urn: string) {
    super(`resource ${urn} failed`);
  }
}

export class Deployment {
  readonly snapshot: Snapshot;
  readonly registry: ProviderRegistry;
  readonly executor: StepExecutor;
  private readonly context: StepContext;
  private readonly generator: StepGenerator;
  /** Registrations not yet answered. */
  private readonly open = new Set<Registration>();
  /** What is decided or under way. */
  private readonly work = new Set<Promise<void>>();
  private readonly defaults = new Map<string, Promise<string>>();
  private lock: Promise<unknown> = Promise.resolve();
  private stackOutputs: { urn: string; outputs: PropertyMap } | undefined;

  constructor(readonly settings: DeploymentSettings) {
    const { preview, diagnostics, parallel, crash, continueOnError } = settings;
    this.snapshot = new Snapshot(settings.resources);
    this.registry = new ProviderRegistry(settings.openProvider, preview);
    this.executor = new StepExecutor({
      parallel,
      snapshot: this.snapshot,
      diagnostics,
      crash: preview ? undefined : crash,
      continueOnError,
      onStop: () => this.shutDown(),
      onCrash: () => {
        settings.onCrash();
        void this.registry.killAll();
      },
    });
    this.context = { preview, registry: this.registry, diagnostics, deletes: new Set() };
    this.generator = new StepGenerator({
      ...this.context,
      project: settings.project,
      stack: settings.stack,
      replaceTargets: new Set(settings.replace),
      mode: settings.mode ?? "update",
      base: () => this.snapshot.base,
    });
  }

  get reports(): StepReport[] {
    return this.executor.reports;
  }

  /** The program's part, then the deletions. Without a source everything is deleted. */
  async update(source?: Source, options: { refresh?: boolean } = {}): Promise<void> {
    this.warnOfPendingOperations();
    if (options.refresh && !(await this.refresh(false))) return;
    try {
      await source?.(this);
    } catch (error) {
      if (!(error instanceof Bail) && !this.executor.failed) this.executor.fail(error);
      else this.executor.stop();
    }
    await this.settle();
    if (!this.executor.stopped) await (this.settings.mode === "refresh" ? this.refreshRest() : this.deletions());
    this.finishStackOutputs();
  }

  /** Every record compared with its live object. @returns whether all could be read. */
  async refresh(alone = true): Promise<boolean> {
    const { base } = this.snapshot;
    try {
      const { parallel } = this.settings;
      const refreshed = await refreshAll(this.context, base, base, this.executor, { parallel, alone });
      this.snapshot.base = rebuild(base, refreshed);
    } catch (error) {
      this.executor.fail(error);
    }
    return !this.executor.failed;
  }

  async import(request: ImportRequest): Promise<void> {
    try {
      await importResource(this, this.context, request);
    } catch (error) {
      if (error instanceof Bail) this.executor.stop();
      else this.executor.fail(error);
    }
  }

  /** Answers when the resource is what the program wants. @throws ShutDown when the run failed before that. */
  register(goal: Goal): Promise<ResourceState> {
    return this.submit((registration) => this.generator.register(goal, registration));
  }

  read(goal: ReadGoal): Promise<ResourceState> {
    return this.submit((registration) => this.generator.read(goal, registration));
  }

  /** The outputs of a component, or of the stack, which are kept until the run is over. */
  registerOutputs(urn: string, outputs: PropertyMap): void {
    if (parseUrn(urn).type === ROOT_STACK_TYPE) {
      this.stackOutputs = { urn, outputs };
      return;
    }
    const state = this.find(urn);
    if (!state) throw new Error(`cannot complete a resource '${urn}' whose registration isn't pending`);
    state.outputs = outputs;
  }

  /** Reference of the default provider of a package, which is registered when it is first needed. */
  defaultProvider(packageName: string, version = ""): Promise<string> {
    const key = `${packageName}@${version}`;
    const known = this.defaults.get(key);
    if (known) return known;
    const reference = this.register(this.defaultProviderGoal(packageName, version)).then(
      (state) => `${state.urn}::${state.id}`,
    );
    this.defaults.set(key, reference);
    return reference;
  }

  defaultProviderGoal(packageName: string, version = ""): Goal {
    const properties = packageConfig(this.settings.config, packageName);
    if (version !== "") Object.assign(properties, { version, __internal: {} });
    return {
      type: providerType(packageName),
      name: version === "" ? "default" : `default_${version.replace(/[^0-9A-Za-z]/g, "_")}`,
      custom: true,
      properties,
      dependencies: [],
      propertyDependencies: {},
      aliases: [],
      ignoreChanges: [],
      replaceOnChanges: [],
      additionalSecretOutputs: [],
    };
  }

  /** The record of a URN as it now is. */
  find(urn: string): ResourceState | undefined {
    return this.snapshot.resources().find((state) => state.urn === urn && !state.delete);
  }

  private async submit(decide: (registration: Registration) => Promise<Plan>): Promise<ResourceState> {
    if (this.executor.stopped) throw new ShutDown();
    const registration: Registration = new Deferred();
    this.open.add(registration);
    this.follow(registration, () => decide(registration));
    try {
      return await registration.promise;
    } finally {
      this.open.delete(registration);
    }
  }

  /** Decides when all earlier registrations were decided, and lets the steps run. */
  private follow(registration: Registration, decide: () => Promise<Plan>): void {
    const task = this.exclusive(async () => {
      if (this.executor.stopped) return;
      const { steps, continue: next } = await decide();
      const done = this.executor.chain(steps).then((applied) => {
        if (!applied) registration.reject(new StepFailed(steps[0]?.urn ?? ""));
        else if (next) this.follow(registration, next);
      });
      this.track(done);
    }).catch((error: unknown) => {
      if (error instanceof Bail) this.executor.stop();
      else this.executor.fail(error);
    });
    this.track(task);
  }

  private exclusive(task: () => Promise<void>): Promise<void> {
    const turn = this.lock.then(task);
    this.lock = turn.catch(() => undefined);
    return turn;
  }

  private track(task: Promise<void>): void {
    this.work.add(task);
    void task.finally(() => this.work.delete(task));
  }

  private async settle(): Promise<void> {
    while (this.work.size > 0) await Promise.all(this.work);
  }

  /** What the program did not name, when a refresh has run it. */
  private async refreshRest(): Promise<void> {
    const rest = this.generator.unnamed();
    try {
      const options = { parallel: this.settings.parallel, alone: true };
      const refreshed = await refreshAll(this.context, rest, this.snapshot.base, this.executor, options);
      rest.forEach((old, at) => {
        this.snapshot.markDone(old);
        const next = refreshed[at]?.next;
        if (next) this.snapshot.markNew({ ...next });
      });
    } catch (error) {
      this.executor.fail(error);
    }
  }

  private async deletions(): Promise<void> {
    const { crash, preview } = this.settings;
    if (crash && "beforeDeletes" in crash && !preview) return this.executor.crash();
    try {
      const steps = await this.generator.deletions();
      const byState = new Map<ResourceState | undefined, Step>(steps.map((step) => [step.old, step]));
      const condemned = steps.flatMap((step) => step.old ?? []);
      const { base } = this.snapshot;
      const everything = [...condemned.filter((state) => !base.includes(state)), ...base];
      /** What a record that could not be deleted still needs. */
      const needed = new Set<ResourceState>();
      for (const group of deletionOrder(condemned, everything)) {
        const deleted = group.filter((state) => !needed.has(state));
        const done = await Promise.all(deleted.map((state) => this.executor.chain([byState.get(state) as Step])));
        deleted.forEach((state, at) => {
          if (!done[at]) for (const dependency of transitiveDependencies(state, everything)) needed.add(dependency);
        });
      }
    } catch (error) {
      this.executor.fail(error);
    }
  }

  /** A failed run keeps old outputs that it did not set anew. */
  private finishStackOutputs(): void {
    if (!this.stackOutputs || this.executor.crashed) return;
    const { urn, outputs } = this.stackOutputs;
    const state = this.find(urn);
    if (!state) return;
    const old = this.settings.resources.find((candidate) => candidate.urn === urn);
    state.outputs = this.executor.failed ? { ...old?.outputs, ...outputs } : outputs;
  }

  private shutDown(): void {
    for (const registration of this.open) registration.reject(new ShutDown());
  }

  private warnOfPendingOperations(): void {
    const { pending, preview, diagnostics } = this.settings;
    if (pending.length === 0 || preview) return;
    const list = pending.map(({ type, resource }) => `  * ${resource.urn}, interrupted while ${type}`).join("\n");
    diagnostics.warning(
      `Attempting to deploy or update resources with ${pending.length} pending operations from previous deployment.\n${list}`,
    );
  }
}

/** The whole configuration for a dynamic host, with full keys; for a plugin, that of its own namespace. */
export function packageConfig(config: StackConfig, packageName: string): PropertyMap {
  const dynamic = packageName === "pulumi-nodejs";
  const properties: PropertyMap = {};
  for (const [key, entry] of config) {
    if (!dynamic && packageOf(key) !== packageName) continue;
    const name = dynamic ? key : key.slice(packageName.length + 1);
    properties[name] = entry.secret ? secret(entry.value) : entry.value;
  }
  return properties;
}
