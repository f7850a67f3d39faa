import type { Session } from "../../configuration";
import type { Context } from "../../framework";
import { holdsUnknown, type Problem, ResourceError, type Values, validate } from "../../framework";
import { lifecycles, lookups } from "../../resources";
import { SeenRecords, stackOf } from "../../run/seenRecords";
import { type EngineRun, openRun } from "../shared/engineRun";
import { PLAIN_TOKEN } from "../shared/plainToken";
import { warningText } from "../shared/texts";
import { decode, encode, type Properties } from "./codec";
import { changedSettings, checkConfiguration, configurationOf } from "./configuration";
import type { Diff } from "./diff";
import { Cancelled } from "./explanation";
import { PluginResource, type ReadAnswer, type Remembered } from "./resource";
import { holdsPlainToken } from "./stackFile";

export { explanationOf } from "./explanation";

const PACKAGE_MODULE = "meshery:index:";
const resources = new Map(
  [...lifecycles].map(([name, lifecycle]) => [PACKAGE_MODULE + name, new PluginResource(lifecycle)]),
);
const functions = new Map(lookups.map((lookup) => [PACKAGE_MODULE + lookup.name, lookup]));

/** Which resource a request is about. */
export interface Subject {
  urn: string;
  /** `meshery:index:Environment`. */
  type: string;
}

export interface ProviderOptions {
  version: string;
  env: NodeJS.ProcessEnv;
  /** Shows a warning to the user; resolves once it was shown. */
  warn(text: string, urn: string): Promise<void>;
  /** Where the engine listens; each of its runs has an address of its own. */
  engineAddress(): string | undefined;
}

/** The provider behind the service: the engine's requests in plain values. One per process. */
export class PluginProvider {
  private run: EngineRun | undefined;
  /** Of the server that this process talks to. */
  private origin?: string;
  private configChecked = false;
  /** Resources that this run of the program has declared. */
  private readonly checked = new Set<string>();
  private seen: SeenRecords | undefined;
  private readonly stopping = new AbortController();

  constructor(private readonly options: ProviderOptions) {}

  async checkConfig(urn: string, news: Properties): Promise<{ inputs: Properties; failures: Problem[] }> {
    this.configChecked = true;
    const { inputs, failures, unread } = checkConfiguration(news);
    if (unread.length > 0) {
      await this.options.warn(`The provider has no setting ${unread.join(", ")}: nobody reads it.`, urn);
    }
    if (inputs.token !== undefined && (await holdsPlainToken(stackOf(urn).split(":")[2] ?? "", process.cwd()))) {
      await this.options.warn(PLAIN_TOKEN, urn);
    }
    return { inputs, failures };
  }

  diffConfig(olds: Properties, news: Properties): string[] {
    return changedSettings(olds, news);
  }

  /**
   * Begins a new session, with a memory of its own, and asks Meshery once.
   * @throws ResourceError `configuration`, `organization`, and ApiError where nothing can come of it
   */
  async configure(args: Properties, name: string | undefined, urn: string): Promise<void> {
    const { env, version, engineAddress } = this.options;
    const configuration = await configurationOf(args, { name, ofProgram: this.configChecked, env });
    this.requireSameServer(configuration.url);
    this.run?.peers?.end();
    this.run = undefined;
    this.checked.clear();
    this.seen = urn === "" ? undefined : new SeenRecords(stackOf(urn), configuration.url);
    this.run = await this.withWarnings(urn, (warn) =>
      openRun(configuration, {
        userAgent: `pulumi-resource-meshery/${version}`,
        engineAddress,
        env,
        warn,
        signal: this.stopping.signal,
      }),
    );
  }

  /**
   * An engine starts a process for each configuration of a provider. Whoever else reaches the port must not have the token sent
   * to a server of theirs.
   */
  private requireSameServer(url: string): void {
    const { origin } = new URL(url);
    this.origin ??= origin;
    if (this.origin === origin) return;
    throw new ResourceError("configuration", {
      resource: "provider",
      field: "url",
      what: `this process talks to ${this.origin} and cannot be configured for ${origin}`,
      hint: "Each server needs a process of its own: `pulumi` starts one for each provider. Where you started it yourself (PULUMI_DEBUG_PROVIDERS), start it again.",
    });
  }

  /** Begins nothing new. What is under way is let finish, without further tries: what it made must be reported to the engine. */
  cancel(): void {
    this.stopping.abort();
  }

  async check({ urn, type }: Subject, news: Properties): Promise<{ inputs: Properties; failures: Problem[] }> {
    this.checked.add(urn);
    return resource(type).check(news, this.silent()?.configured);
  }

  diff({ urn, type }: Subject, old: Remembered, news: Properties): Diff {
    const ofProgram = this.checked.has(urn);
    const context = this.silent();
    const diff = resource(type).diff(ofProgram ? context : undefined, old, news, context?.configured);
    if (ofProgram && diff.fields.length === 0) this.note(type, old.id);
    return diff;
  }

  async create(
    { urn, type }: Subject,
    news: Properties,
    preview: boolean,
  ): Promise<{ id: string; outputs: Properties }> {
    if (preview) return { id: "", outputs: await this.previewing(urn, type, news) };
    const made = await this.working(urn, (context) => resource(type).create(context, news));
    this.note(type, made.id);
    return made;
  }

  /** Shows what a create will meet, as far as Meshery can be asked by then. */
  private async previewing(urn: string, type: string, news: Properties): Promise<Properties> {
    return this.withWarnings(urn, async (warn) => {
      const context = this.run?.session.context(warn);
      for (const notice of context ? await resource(type).plannedNotices(context, news) : []) warn(notice);
      return resource(type).previewCreate(context, { ...this.run?.session.configuration }, news);
    });
  }

  async update({ urn, type }: Subject, old: Remembered, news: Properties, preview: boolean): Promise<Properties> {
    if (preview) return this.previewingUpdate(urn, type, old, news);
    const outputs = await this.working(urn, (context) => resource(type).update(context, old, news));
    this.note(type, old.id);
    return outputs;
  }

  private async previewingUpdate(urn: string, type: string, old: Remembered, news: Properties): Promise<Properties> {
    return this.withWarnings(urn, async (warn) => {
      const context = this.run?.session.context(warn);
      for (const notice of context ? await resource(type).changeNotices(context, old, news) : []) warn(notice);
      return resource(type).previewUpdate(old, news, context?.configured);
    });
  }

  async read({ urn, type }: Subject, old: Remembered): Promise<ReadAnswer | undefined> {
    return this.working(urn, (context) => resource(type).read(context, old));
  }

  async delete({ urn, type }: Subject, old: Remembered): Promise<void> {
    return this.working(urn, async (context) => {
      for (const own of this.seen?.beside({ type, id: old.id }) ?? []) {
        if (own.id.split("/").includes(old.id)) context.run.markForDeletion(resource(own.type).runType, own.id);
      }
      await resource(type).delete(context, old);
      // What is kept under another name is still this stack's own.
      if (!context.run.isProtected(resource(type).runType, old.id)) this.seen?.remove({ type, id: old.id });
    });
  }

  /** Remembers, for the stack's later runs, that this record is in its state. */
  private note(type: string, id: string): void {
    this.seen?.add({ type, id });
  }

  /** A lookup: `meshery:index:getEnvironment`. */
  async invoke(token: string, args: Properties): Promise<{ result?: Properties; failures: Problem[] }> {
    const lookup = functions.get(token);
    if (!lookup) throw unsupported(`function ${token}`);
    const { values, problems } = decode(args);
    const unknown = Object.keys(values).filter((name) => holdsUnknown(values[name]));
    const failures = [
      ...problems,
      ...unknown.map((field) => ({ field, message: `${field} is not known yet; a lookup cannot wait for it.` })),
      ...validate(lookup, lookup.name, values),
    ];
    if (failures.length > 0) return { failures };
    const found = await this.working("", (context) => lookup.read(context, withoutNulls(values)));
    return { result: encode(found), failures };
  }

  private async working<T>(urn: string, work: (context: Context) => Promise<T>): Promise<T> {
    return this.withWarnings(urn, (warn) => work(this.opened().context(warn)));
  }

  /** Runs what may warn, and waits until it was shown: the engine may end the process right after the answer. */
  private async withWarnings<T>(urn: string, work: (warn: Context["warn"]) => Promise<T>): Promise<T> {
    const warnings: Promise<void>[] = [];
    const warn: Context["warn"] = (warning) => void warnings.push(this.options.warn(warningText(warning), urn));
    try {
      return await work(warn);
    } finally {
      await Promise.all(warnings);
    }
  }

  /** For work that sends nothing and has nothing to say; undefined where the engine did not configure the provider. */
  private silent() {
    return this.run?.session.context(() => undefined);
  }

  private opened(): Session {
    if (this.stopping.signal.aborted) throw new Cancelled();
    if (this.run) return this.run.session;
    throw new ResourceError("configuration", {
      resource: "provider",
      what: "the provider is not configured",
      hint: "The engine did not configure it, or its configuration failed before.",
    });
  }
}

function resource(type: string): PluginResource {
  const found = resources.get(type);
  if (!found) throw unsupported(`resource ${type}`);
  return found;
}

const unsupported = (what: string) =>
  new ResourceError("invalid-input", {
    resource: "provider",
    what: `there is no ${what}`,
    hint: "The program's SDK may be newer than the installed plugin: install the same version of both.",
  });

const withoutNulls = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined));
