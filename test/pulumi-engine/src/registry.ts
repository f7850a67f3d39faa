/**
 * The providers of one run. A provider is a resource of the stack itself: to check it starts a process, to create or
 * update it configures that process, and a provider that is the same keeps the configuration of the last run.
 */
import { randomUUID } from "node:crypto";
import type { CheckResult, DiffResult, WriteResult } from "./answers";
import type { OldState, Provider } from "./provider";
import type { ResourceState } from "./state";
import { formatReference, packageOf, parseReference, parseUrn } from "./urn";
import { equal, type PropertyMap, UNKNOWN } from "./values";

/** Keys of a provider's inputs that are the engine's own. */
const INTERNAL_KEY = "__internal";
const UNCONFIGURED = "unconfigured";

/** Starts a process for a package, ready for CheckConfig or Configure. */
export type OpenProvider = (packageName: string) => Promise<Provider>;

export function withoutInternal(inputs: PropertyMap): PropertyMap {
  const { [INTERNAL_KEY]: _, ...rest } = inputs;
  return rest;
}

export class ProviderRegistry {
  private readonly providers = new Map<string, Provider>();
  private readonly opened = new Set<Provider>();
  private readonly aliases = new Map<string, string>();

  constructor(
    private readonly openProcess: OpenProvider,
    private readonly preview: boolean,
  ) {}

  get(reference: string): Provider | undefined {
    return this.providers.get(reference);
  }

  /** Lets references to a provider's old URN find it. */
  alias(urn: string, old: string): void {
    if (urn !== old) this.aliases.set(urn, old);
  }

  async check(urn: string, olds: PropertyMap | undefined, news: PropertyMap): Promise<CheckResult> {
    const provider = await this.open(urn);
    const result = await provider.checkConfig(urn, olds && withoutInternal(olds), withoutInternal(news));
    if (result.failures.length > 0) {
      await provider.close();
      return result;
    }
    this.set(urn, UNCONFIGURED, provider);
    const inputs = { ...result.inputs };
    if (news.version !== undefined) inputs.version ??= news.version;
    if (news[INTERNAL_KEY] !== undefined) inputs[INTERNAL_KEY] = news[INTERNAL_KEY];
    return { inputs, failures: [] };
  }

  async diff(urn: string, id: string, old: OldState, news: PropertyMap): Promise<DiffResult> {
    const provider = this.find(urn, UNCONFIGURED) ?? this.find(urn, id);
    if (provider === undefined) throw new Error(`provider ${urn} was not checked before its diff`);
    const inputs = withoutInternal(news);
    const answer = await provider.diffConfig(urn, withoutInternal(old.inputs), old.outputs, inputs);
    const compared = equal(old.outputs, inputs) ? "none" : "some";
    const result: DiffResult = { ...answer, changes: answer.changes === "unknown" ? compared : answer.changes };
    // The check before a replacement starts a fresh one.
    if (result.replaceKeys.length > 0) await this.take(urn, UNCONFIGURED)?.close();
    return result;
  }

  async create(urn: string, inputs: PropertyMap): Promise<WriteResult> {
    const provider = this.take(urn, UNCONFIGURED) ?? (await this.open(urn));
    const id = this.preview ? UNKNOWN : randomUUID();
    const outputs = withoutInternal(inputs);
    provider.configure(urn, id, outputs);
    this.set(urn, id, provider);
    return { id, outputs };
  }

  async update(urn: string, id: string, news: PropertyMap): Promise<WriteResult> {
    const provider = this.take(urn, UNCONFIGURED);
    if (provider === undefined) throw new Error(`provider ${urn} was not checked before its update`);
    const outputs = withoutInternal(news);
    provider.configure(urn, id, outputs);
    const replaced = this.find(urn, id);
    this.set(urn, id, provider);
    await replaced?.close();
    return { id, outputs };
  }

  /**
   * Makes a provider ready with the inputs of a record. After a check its process is used; otherwise, for refresh,
   * destroy and deletions, a new one is started.
   */
  async same(state: ResourceState, afterCheck: boolean): Promise<void> {
    const { urn, id } = state;
    if (!id || id === UNKNOWN) throw new Error(`provider '${urn}' has an unknown ID`);
    if (this.find(urn, id) !== undefined) return;
    const provider = (afterCheck ? this.take(urn, UNCONFIGURED) : undefined) ?? (await this.open(urn));
    provider.configure(urn, id, withoutInternal(state.inputs));
    this.set(urn, id, provider);
  }

  /** @throws Error when neither the run nor `resources` has the provider. */
  async ensure(reference: string, resources: ResourceState[]): Promise<Provider> {
    const running = this.providers.get(reference);
    if (running !== undefined) return running;
    const { urn, id } = parseReference(reference);
    const state = resources.find((candidate) => candidate.urn === urn && candidate.id === id);
    if (state === undefined) throw new Error(`could not find provider ${reference}`);
    await this.same(state, false);
    return this.providers.get(reference) as Provider;
  }

  async delete(urn: string, id: string): Promise<void> {
    await this.take(urn, id)?.close();
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.opened].map((provider) => provider.close()));
  }

  async killAll(): Promise<void> {
    await Promise.all([...this.opened].map((provider) => provider.kill()));
  }

  private async open(urn: string): Promise<Provider> {
    const provider = await this.openProcess(packageOf(parseUrn(urn).type));
    this.opened.add(provider);
    return provider;
  }

  private find(urn: string, id: string): Provider | undefined {
    return this.providers.get(formatReference({ urn, id }));
  }

  private take(urn: string, id: string): Provider | undefined {
    const provider = this.find(urn, id);
    this.providers.delete(formatReference({ urn, id }));
    return provider;
  }

  private set(urn: string, id: string, provider: Provider): void {
    this.providers.set(formatReference({ urn, id }), provider);
    const old = this.aliases.get(urn);
    if (old !== undefined) this.providers.set(formatReference({ urn: old, id }), provider);
  }
}
