/**
 * Decides what to do about each resource, one after the other: check, compare, choose. Everything here is done with
 * the run's lock held, as the engine's step generator does; the steps themselves run side by side.
 */
import { randomBytes } from "node:crypto";
import { aliasUrns } from "./aliases";
import { type DiffResult, failureText } from "./answers";
import { cascade } from "./cascade";
import { type Comparison, compare, mustReplace, resetIgnored, SOME, withReplaceOnChanges } from "./comparison";
import { Bail } from "./diagnostics";
import { type Goal, newState, type ReadGoal } from "./goal";
import type { Provider } from "./provider";
import type { ResourceState } from "./state";
import {
  createStep,
  deleteStep,
  importStep,
  type Registration,
  readStep,
  refreshStep,
  removePendingReplaceStep,
  replaceStep,
  type Step,
  type StepContext,
  sameStep,
  skippedCreateStep,
  updateStep,
} from "./steps";
import { createUrn, isProviderType, parseReference } from "./urn";
import type { PropertyMap } from "./values";

export interface GeneratorSettings extends StepContext {
  project: string;
  stack: string;
  replaceTargets: ReadonlySet<string>;
  /** A destroy or refresh that runs the program: nothing but providers and components is created or changed. */
  mode: "update" | "destroy" | "refresh";
  /** The records the run began with; a refresh puts others in their place. */
  base(): ResourceState[];
}

/** Steps to run one after the other, and what to decide once they are done. */
export interface Plan {
  steps: Step[];
  continue?: () => Promise<Plan>;
}

/** What one resource is compared with and becomes. */
interface Subject {
  goal: Goal;
  registration: Registration;
  old?: ResourceState | undefined;
  next: ResourceState;
}

export class StepGenerator {
  private readonly urns = new Set<string>();
  private readonly creates = new Set<string>();
  private readonly sames = new Set<string>();
  private readonly updates = new Set<string>();
  private readonly replaces = new Set<string>();
  private readonly reads = new Set<string>();
  private readonly imports = new Set<string>();
  /** Old records deleted in this run because something they depend on is replaced. */
  private readonly pendingDeletes = new Set<ResourceState>();
  /** Records of this run that a destroy deletes in the end. */
  private readonly toDelete: ResourceState[] = [];
  /** Keys for which records deleted that way would have been replaced. */
  private readonly dependentReplaceKeys = new Map<string, string[]>();
  /** Provider resources of this run. */
  private readonly providers = new Map<string, ResourceState>();
  /** Old URN to the new one that took it over, and back. */
  private readonly takers = new Map<string, string>();
  private readonly takenOver = new Map<string, string>();

  constructor(private readonly run: GeneratorSettings) {}

  async register(goal: Goal, registration: Registration): Promise<Plan> {
    if (goal.parent && !this.urns.has(goal.parent)) throw new Error(`could not find parent resource ${goal.parent}`);
    const urn = this.claim(goal);
    const { old, alias } = this.findOld(urn, goal);
    const next = newState(urn, goal, alias, old);
    if (isProviderType(goal.type)) {
      this.providers.set(urn, next);
      if (alias) this.providers.set(alias, next);
    }
    const subject: Subject = { goal, registration, old, next };
    const settled = this.run.mode === "update" ? undefined : this.settle(subject);
    if (settled) return settled;
    const importing =
      goal.custom && goal.importId && (!old || old.external || (old.importID || old.id) !== goal.importId);
    return importing ? this.import(subject, goal.importId ?? "") : this.decide(subject);
  }

  /** A `get`. */
  async read(goal: ReadGoal, registration: Registration): Promise<Plan> {
    const urn = this.claim(goal);
    const { old } = this.findOld(urn, { ...goal, aliases: [] });
    const next: ResourceState = {
      urn,
      type: goal.type,
      custom: true,
      external: true,
      id: goal.id,
      inputs: goal.properties,
      outputs: {},
      parent: goal.parent,
      provider: goal.provider,
      dependencies: goal.dependencies,
      additionalSecretOutputs: goal.additionalSecretOutputs,
    };
    if (old && !old.external && old.id !== goal.id) {
      this.replaces.add(urn);
      return { steps: [readStep(this.run, old, next, registration, true), replaceStep(old, next)] };
    }
    if (this.run.mode === "destroy") this.toDelete.push(next);
    this.reads.add(urn);
    return { steps: [readStep(this.run, old, next, registration, false)] };
  }

  /** What is left to delete once the program has named everything: pending deletions and records it did not name. */
  async deletions(): Promise<Step[]> {
    const steps: Step[] = [];
    for (const state of this.run.base()) {
      if (state.delete) {
        if (this.pendingDeletes.has(state)) continue;
        steps.push(deleteStep(this.run, state, { replacing: true }));
      } else if (!this.isOperatedOn(state.urn)) {
        steps.push(state.pendingReplacement ? removePendingReplaceStep(state) : this.deletion(state));
      } else continue;
      this.run.deletes.add(state.urn);
      await this.ensureProvider(state);
    }
    for (const state of this.toDelete) {
      this.run.deletes.add(state.urn);
      steps.push(this.deletion(state));
    }
    return steps;
  }

  /** Records of the last run that the program has not named. */
  unnamed(): ResourceState[] {
    return this.run.base().filter((state) => !this.isOperatedOn(state.urn));
  }

  private deletion(state: ResourceState): Step {
    return deleteStep(this.run, state, { replacing: false });
  }

  private claim(goal: { parent?: string | undefined; type: string; name: string }): string {
    const { stack, project } = this.run;
    const urn = createUrn({ stack, project, parent: goal.parent, type: goal.type, name: goal.name });
    if (this.urns.has(urn)) {
      throw new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`);
    }
    this.urns.add(urn);
    return urn;
  }

  /** The record to compare with: that of the URN itself, else that of the first alias that has one. */
  private findOld(urn: string, goal: Pick<Goal, "name" | "type" | "parent" | "aliases">) {
    const { stack, project } = this.run;
    const records = this.run.base().filter((state) => !state.delete);
    const candidates = aliasUrns(goal, goal.aliases, { stack, project, takenOver: this.takenOver });
    for (const candidate of [urn, ...candidates]) {
      const old = records.find((state) => state.urn === candidate);
      if (!old) continue;
      if (candidate === urn) return { old };
      if (this.urns.has(candidate) || this.takers.has(candidate)) {
        throw new Error(`Duplicate resource alias '${candidate}' applied to resource with URN '${urn}'`);
      }
      this.takers.set(candidate, urn);
      this.takenOver.set(urn, candidate);
      this.run.registry.alias(urn, candidate);
      return { old, alias: candidate };
    }
    return {};
  }

  /** What becomes of a resource when the program runs for the sake of its providers only. */
  private settle({ goal, registration, old, next }: Subject): Plan | undefined {
    if (!goal.custom || isProviderType(goal.type)) {
      if (this.run.mode === "destroy") this.toDelete.push(next);
      return undefined;
    }
    if (!old) {
      // What was never created is not created now: the program goes on with unknowns.
      return { steps: [skippedCreateStep(next, registration)] };
    }
    this.sames.add(next.urn);
    if (this.run.mode === "refresh") return { steps: [refreshStep(this.run, old, next, registration)] };
    this.toDelete.push(next);
    next.inputs = old.inputs;
    return { steps: [sameStep(this.run, old, next, registration)] };
  }

  /** Reads the object first; then it is compared with the program like any record. */
  private import({ goal, registration, old, next }: Subject, id: string): Plan {
    this.imports.add(next.urn);
    const imported = { ...next, importID: id };
    const recreating = this.run.deletes.has(next.urn);
    const replaced = old && !recreating ? old : undefined;
    const step = importStep(this.run, imported, id, replaced);
    const steps: Step[] = replaced ? [step, replaceStep(replaced, imported)] : [step];
    const follow = { ...next, importID: id };
    return { steps, continue: () => this.decide({ goal, registration, old: imported, next: follow }) };
  }

  private async decide(subject: Subject): Promise<Plan> {
    const { goal, registration, old, next } = subject;
    const { urn } = next;
    const provider = this.operationsOf(next);
    const recreating = old !== undefined && this.run.deletes.has(urn);
    const randomSeed = randomBytes(32);
    const targeted = this.run.replaceTargets.has(urn);
    if (provider) {
      const fresh = recreating || old?.external || targeted || !old;
      const news = fresh ? goal.properties : resetIgnored(this.run, urn, goal, old.inputs);
      next.inputs = await this.check(provider, next, fresh ? undefined : old.inputs, news, randomSeed);
    }
    if (recreating) {
      this.run.deletes.delete(urn);
      this.replaces.add(urn);
      const diff: DiffResult = { ...SOME, replaceKeys: this.dependentReplaceKeys.get(urn) ?? [] };
      const create = createStep(this.run, next, registration, { old, diff, deleteLater: false });
      return { steps: [replaceStep(old, next), create] };
    }
    if (old?.external) {
      this.creates.add(urn);
      const create = createStep(this.run, next, registration, { old, deleteLater: true });
      return { steps: [create, replaceStep(old, next)] };
    }
    if (!old) {
      this.creates.add(urn);
      return { steps: [createStep(this.run, next, registration)] };
    }
    const diff = withReplaceOnChanges(
      await compare(this.comparison(subject, old, provider, targeted)),
      goal.replaceOnChanges,
      !!old.initErrors?.length,
    );
    if ((diff.changes === "some" && mustReplace(diff)) || old.pendingReplacement) {
      return this.replace(subject, old, diff, targeted ? undefined : provider, randomSeed);
    }
    if (diff.changes === "some" || old.initErrors?.length) {
      this.updates.add(urn);
      return { steps: [updateStep(this.run, old, next, diff, registration)] };
    }
    if (this.imports.has(urn)) {
      registration.resolve(old);
      return { steps: [] };
    }
    this.sames.add(urn);
    return { steps: [sameStep(this.run, old, next, registration)] };
  }

  private comparison(
    { goal, next }: Subject,
    old: ResourceState,
    provider: Pick<Provider, "diff"> | undefined,
    targeted: boolean,
  ): Comparison {
    return {
      goal,
      old,
      next,
      provider,
      targeted,
      preview: this.run.preview,
      diagnostics: this.run.diagnostics,
      deletedWithReplaced: goal.deletedWith !== undefined && this.replaces.has(goal.deletedWith),
      providerReplaced: () => this.providerReplaced(old, next),
    };
  }

  private async replace(
    { goal, registration, next }: Subject,
    old: ResourceState,
    diff: DiffResult,
    provider: Pick<Provider, "check"> | undefined,
    randomSeed: Uint8Array,
  ): Promise<Plan> {
    const { urn } = next;
    if (next.protect && old.protect) {
      const text = `unable to replace resource "${urn}"\nas it is currently marked for protection.`;
      this.run.diagnostics.error(text, urn);
      throw new Bail(text);
    }
    if (goal.importId) {
      throw new Error(
        "previously-imported resources that still specify an ID may not be replaced; " +
          "please remove the `import` declaration from your program",
      );
    }
    this.replaces.add(urn);
    // What was carried over from the old object does not hold for a new one.
    if (provider) next.inputs = await this.check(provider, next, undefined, goal.properties, randomSeed);
    if (!(goal.deleteBeforeReplace ?? diff.deleteBeforeReplace)) {
      const create = createStep(this.run, next, registration, { old, diff, deleteLater: true });
      return { steps: [create, replaceStep(old, next, diff)] };
    }
    const steps = await this.deleteDependents(old);
    await this.ensureProvider(old);
    if (!old.pendingReplacement) {
      this.run.deletes.add(old.urn);
      steps.push(deleteStep(this.run, old, { replacing: true, pendingReplacement: true }));
    }
    steps.push(replaceStep(old, next, diff));
    steps.push(createStep(this.run, next, registration, { old, diff, deleteLater: false }));
    return { steps };
  }

  /** Deletes first what depends on the condemned record and would itself be replaced by what becomes of it. */
  private async deleteDependents(root: ResourceState): Promise<Step[]> {
    const settled = [this.reads, this.creates, this.sames, this.updates, this.run.deletes, this.replaces];
    const ignored = new Set(settled.flatMap((set) => [...set]));
    const steps: Step[] = [];
    for (const { state, keys } of await cascade(root, this.run.base(), ignored, (each) => this.differ(each))) {
      this.dependentReplaceKeys.set(state.urn, keys);
      if (this.pendingDeletes.has(state)) continue;
      if (!state.delete && state.protect) {
        const text = `unable to replace resource "${state.urn}" as part of replacing "${root.urn}" as it is protected`;
        this.run.diagnostics.error(text, state.urn);
        throw new Bail(text);
      }
      await this.ensureProvider(state);
      const how = { replacing: !state.delete, pendingReplacement: !state.delete };
      steps.unshift(deleteStep(this.run, state, how));
      this.run.deletes.add(state.urn);
      this.pendingDeletes.add(state);
    }
    return steps;
  }

  /** The provider of a record, made ready to compare it. */
  private async differ(state: ResourceState): Promise<Pick<Provider, "diff">> {
    if (isProviderType(state.type)) await this.run.registry.same(state, false);
    else await this.ensureProvider(state);
    return this.operationsOf(state) as Pick<Provider, "diff">;
  }

  /** A changed provider replaces its resources only where it says that the old objects are beyond its reach. */
  private async providerReplaced(old: ResourceState, next: ResourceState): Promise<boolean> {
    if ((old.provider ?? "") === (next.provider ?? "")) return false;
    if (!old.provider || !next.provider) return true;
    const before = parseReference(old.provider);
    const after = parseReference(next.provider);
    if (this.takers.get(before.urn) === after.urn) return false;
    const provider = this.run.registry.get(next.provider);
    const oldState = this.run.base().find((state) => state.urn === before.urn && !state.delete);
    const newState = this.providers.get(after.urn);
    if (!provider || !oldState || !newState)
      throw new Error(`failed to resolve provider reference: "${next.provider}"`);
    const diff = await provider.diffConfig(after.urn, oldState.inputs, oldState.outputs, newState.inputs);
    return mustReplace(diff);
  }

  private async check(
    provider: Pick<Provider, "check">,
    next: ResourceState,
    olds: PropertyMap | undefined,
    news: PropertyMap,
    randomSeed: Uint8Array,
  ): Promise<PropertyMap> {
    const result = await provider.check(next.urn, olds, news, { preview: this.run.preview, randomSeed });
    if (result.failures.length > 0) {
      for (const failure of result.failures) this.run.diagnostics.error(failureText(next, failure), next.urn);
      throw new Bail(`resource ${next.urn} is invalid`);
    }
    return result.inputs;
  }

  /** The provider that serves a resource, the registry for a provider, nothing for a component. */
  private operationsOf(state: ResourceState): Pick<Provider, "check" | "diff"> | undefined {
    if (!state.custom) return undefined;
    const { registry } = this.run;
    if (isProviderType(state.type)) {
      return {
        check: (urn, olds, news) => registry.check(urn, olds, news),
        diff: (urn, id, old, news) => registry.diff(urn, id, old, news),
      };
    }
    const provider = registry.get(state.provider ?? "");
    if (!provider) throw new Error(`unknown provider '${state.provider}' for resource '${state.urn}'`);
    return provider;
  }

  private async ensureProvider(state: ResourceState): Promise<Provider | undefined> {
    if (!state.provider) return undefined;
    return this.run.registry.ensure(state.provider, this.run.base());
  }

  private isOperatedOn(urn: string): boolean {
    const current = this.takers.get(urn) ?? urn;
    return [this.sames, this.updates, this.replaces, this.reads].some((set) => set.has(current));
  }
}
