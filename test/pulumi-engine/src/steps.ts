/**
 * The single things a run does to a resource. A step is made when the run has decided on it and applied when its turn
 * comes; what it changed is entered in the state as soon as it is applied.
 */
import type { DiffResult, ReadResult, WriteResult } from "./answers";
import { diffResource } from "./comparison";
import type { Deferred } from "./deferred";
import type { Diagnostics } from "./diagnostics";
import type { StepOp } from "./driver";
import type { Provider } from "./provider";
import type { ProviderRegistry } from "./registry";
import type { ResourceState, Snapshot } from "./state";
import { isProviderType } from "./urn";
import { equal, isSecret, isUnknown, type PropertyMap, secret, UNKNOWN } from "./values";

export interface Step {
  op: StepOp;
  urn: string;
  old?: ResourceState | undefined;
  next?: ResourceState | undefined;
  diff?: DiffResult | undefined;
  /** Does it. Throws when it failed altogether; the reasons of a partial failure are returned. */
  apply(): Promise<string[] | undefined>;
  /** Enters the result in the state; called after success and after partial failure. */
  record(snapshot: Snapshot): void;
  /** Answers whoever asked for the resource; called after success. */
  complete?(): void;
  /** Of a refresh: what it came to. */
  outcome?(): Refreshed;
}

/** What steps need of the run they belong to. */
export interface StepContext {
  preview: boolean;
  registry: ProviderRegistry;
  diagnostics: Diagnostics;
  /** URNs deleted in this run, for `deletedWith`. */
  deletes: Set<string>;
}

export type Registration = Deferred<ResourceState>;

/** An object that is marked `protect` was to be deleted. The run goes on to the other deletions, and fails. */
export class ProtectedError extends Error {}

const now = (): string => new Date().toISOString();

/** The provider's create, update, read, delete and diff; for a provider resource, the registry's. */
function operations(state: ResourceState, context: StepContext): Operations {
  if (isProviderType(state.type)) return registryOperations(context.registry);
  const provider = context.registry.get(state.provider ?? "");
  if (provider === undefined) throw new Error(`unknown provider '${state.provider}' for resource '${state.urn}'`);
  return provider;
}

type Operations = Pick<Provider, "create" | "update" | "delete" | "read" | "diff">;

function registryOperations(registry: ProviderRegistry): Operations {
  return {
    create: (urn, inputs) => registry.create(urn, inputs),
    update: (urn, id, _old, news) => registry.update(urn, id, news),
    delete: (urn, id) => registry.delete(urn, id),
    diff: (urn, id, old, news) => registry.diff(urn, id, old, news),
    read: () => Promise.reject(new Error("a provider cannot be read")),
  };
}

export function sameStep(
  context: StepContext,
  old: ResourceState,
  next: ResourceState,
  registration?: Registration,
): Step {
  return {
    op: "same",
    urn: next.urn,
    old,
    next,
    async apply() {
      next.id = old.id;
      next.outputs = old.outputs;
      // A provider that calls its changed inputs no difference goes on with the old ones.
      if (isProviderType(next.type)) await context.registry.same({ ...next, inputs: old.inputs }, true);
      return undefined;
    },
    record(snapshot) {
      snapshot.markDone(old);
      snapshot.markNew(next);
    },
    complete: () => registration?.resolve(next),
  };
}

/** A resource that is not there and is not to be created now; told as the same, kept nowhere. */
export function skippedCreateStep(next: ResourceState, registration: Registration): Step {
  return {
    op: "same",
    urn: next.urn,
    apply: () => Promise.resolve(undefined),
    record() {},
    complete: () => registration.resolve({ ...next, id: UNKNOWN }),
  };
}

/** A create; with `replaced`, the create of a replacement, which leaves the old record to be deleted later. */
export function createStep(
  context: StepContext,
  next: ResourceState,
  registration: Registration | undefined,
  replaced?: { old: ResourceState; diff?: DiffResult | undefined; deleteLater: boolean },
): Step {
  return {
    op: replaced ? "create-replacement" : "create",
    urn: next.urn,
    old: replaced?.old,
    next,
    diff: replaced?.diff,
    async apply() {
      let result: WriteResult = { id: "", outputs: {} };
      if (next.custom) result = await operations(next, context).create(next.urn, next.inputs, context.preview);
      Object.assign(next, { id: result.id, outputs: result.outputs, initErrors: result.initErrors });
      Object.assign(next, { created: now(), modified: now() });
      if (replaced?.deleteLater) replaced.old.delete = true;
      return result.initErrors;
    },
    record(snapshot) {
      snapshot.markNew(next);
      if (replaced?.old.pendingReplacement) snapshot.markDone(replaced.old);
    },
    complete: () => registration?.resolve(next),
  };
}

/** The logical step that stands for the whole replacement; it does nothing. */
export function replaceStep(old: ResourceState, next: ResourceState, diff?: DiffResult | undefined): Step {
  return { op: "replace", urn: next.urn, old, next, diff, apply: () => Promise.resolve(undefined), record() {} };
}

export function updateStep(
  context: StepContext,
  old: ResourceState,
  next: ResourceState,
  diff: DiffResult,
  registration: Registration,
): Step {
  return {
    op: "update",
    urn: next.urn,
    old,
    next,
    diff,
    async apply() {
      Object.assign(next, { id: old.id, modified: now() });
      if (!next.custom) return undefined;
      const options = { preview: context.preview, ignoreChanges: next.ignoreChanges };
      const result = await operations(next, context).update(next.urn, old.id ?? "", old, next.inputs, options);
      Object.assign(next, { outputs: result.outputs, initErrors: result.initErrors });
      return result.initErrors;
    },
    record(snapshot) {
      // After a partial failure the object exists with the new outputs, but was not brought to the new inputs.
      if (next.initErrors) next.inputs = old.inputs;
      snapshot.markDone(old);
      snapshot.markNew(next);
    },
    complete: () => registration.resolve(next),
  };
}

/**
 * A deletion. `replacing` tells that a replacement stands or will stand in its place; `pendingReplacement` that it is
 * yet to be created, so the record stays until it is.
 */
export function deleteStep(
  context: StepContext,
  old: ResourceState,
  how: { replacing: boolean; pendingReplacement?: boolean },
): Step {
  const kept = (): boolean =>
    context.preview ||
    !old.custom ||
    !!old.external ||
    !!old.retainOnDelete ||
    context.deletes.has(old.deletedWith ?? "");
  return {
    op: old.external ? (how.replacing ? "discard-replaced" : "discard") : how.replacing ? "delete-replaced" : "delete",
    urn: old.urn,
    old,
    async apply() {
      if (old.protect && !how.replacing) throw new ProtectedError(`resource "${old.urn}" cannot be deleted: protected`);
      if (!kept()) await operations(old, context).delete(old.urn, old.id ?? "", old);
      if (how.pendingReplacement) old.pendingReplacement = true;
      return undefined;
    },
    record(snapshot) {
      if (!old.pendingReplacement) snapshot.markDone(old);
    },
  };
}

/** Forgets a record whose object was deleted for a replacement that never came. */
export function removePendingReplaceStep(old: ResourceState): Step {
  return {
    op: "remove-pending-replace",
    urn: old.urn,
    old,
    apply: () => Promise.resolve(undefined),
    record: (snapshot) => snapshot.markDone(old),
  };
}

/** A `get`: the record is external, so nothing is ever done to its object. */
export function readStep(
  context: StepContext,
  old: ResourceState | undefined,
  next: ResourceState,
  registration: Registration,
  replacing: boolean,
): Step {
  return {
    op: replacing ? "read-replacement" : "read",
    urn: next.urn,
    old,
    next,
    async apply() {
      if (isUnknown(next.id)) return undefined;
      const id = next.id ?? "";
      const result = await operations(next, context).read(next.urn, id, { inputs: next.inputs, outputs: next.inputs });
      if (result.outputs === undefined) throw new Error(`resource '${id}' does not exist`);
      next.outputs = result.outputs;
      next.initErrors = result.initErrors;
      if (result.id !== "") next.id = result.id;
      if (replacing && old) old.delete = true;
      return result.initErrors;
    },
    record(snapshot) {
      if (old) snapshot.markDone(old);
      snapshot.markNew(next);
    },
    complete: () => registration.resolve(next),
  };
}

/** Reads an existing object into the stack, by its id alone. */
export function importStep(
  context: StepContext,
  next: ResourceState,
  id: string,
  replaced?: ResourceState,
): Step & { imported: () => ResourceState } {
  return {
    op: replaced ? "import-replacement" : "import",
    urn: next.urn,
    old: replaced,
    next,
    imported: () => next,
    async apply() {
      const result: ReadResult = await operations(next, context).read(next.urn, id, {});
      if (result.outputs === undefined) throw new Error(`resource '${id}' does not exist`);
      if (result.inputs === undefined) {
        throw new Error(
          `provider does not support importing resources; please try updating the plugin of ${next.type}`,
        );
      }
      Object.assign(next, { id: result.id || id, inputs: result.inputs, outputs: result.outputs });
      Object.assign(next, { initErrors: result.initErrors, created: now(), modified: now() });
      if (replaced) replaced.delete = true;
      return undefined;
    },
    record: (snapshot) => snapshot.markNew(next),
  };
}

/** What a refresh made of a record: `next` is absent when the object is gone. */
export interface Refreshed {
  op: "same" | "update" | "delete";
  next?: ResourceState | undefined;
  diff?: DiffResult | undefined;
}

/**
 * Reads the live object and compares it with the record, roles swapped: what would an update have to undo?
 *
 * @param goal what the program makes of the record, where it runs: its provider is the one that is asked.
 */
export async function refreshResource(
  context: StepContext,
  old: ResourceState,
  goal: ResourceState = old,
): Promise<Refreshed> {
  if (!old.custom || isProviderType(old.type) || old.pendingReplacement) return { op: "same", next: old };
  const provider = operations(goal, context);
  const result = await provider.read(goal.urn, old.id ?? "", { inputs: old.inputs, outputs: old.outputs });
  if (result.initErrors) {
    const reasons = result.initErrors.map((reason) => `* ${reason}`).join("\n");
    context.diagnostics.warning(`Refreshed resource is in an unhealthy state:\n${reasons}`, old.urn);
  }
  if (result.id === "" || result.outputs === undefined) return { op: "delete" };
  const next: ResourceState = {
    ...goal,
    id: result.id,
    inputs: result.inputs ?? old.inputs,
    outputs: result.outputs,
    initErrors: result.initErrors,
  };
  markSecrets(next);
  if (old.external) return { op: equal(old.outputs, next.outputs) ? "same" : "update", next };
  const live = { id: result.id, inputs: next.inputs, outputs: next.outputs };
  const options = { unknowns: context.preview, ignoreChanges: old.ignoreChanges };
  const difference = await diffResource(provider, goal.urn, live, old.inputs, options);
  return { op: difference.changes === "none" ? "same" : "update", next, diff: difference };
}

/** A refresh in the midst of a program, which goes on with what was read. */
export function refreshStep(
  context: StepContext,
  old: ResourceState,
  next: ResourceState,
  registration: Registration,
): Step {
  let result: Refreshed = { op: "same", next: old };
  return {
    op: "refresh",
    urn: next.urn,
    old,
    async apply() {
      result = await refreshResource(context, old, next);
      return undefined;
    },
    record(snapshot) {
      snapshot.markDone(old);
      if (result.next) snapshot.markNew(result.next);
    },
    complete: () => registration.resolve(result.next ?? { ...next, id: UNKNOWN }),
    outcome: () => result,
  };
}

/** Marks outputs secret that the program asked for, and those whose input of the same name is secret. */
export function markSecrets(state: ResourceState): void {
  const outputs: PropertyMap = { ...state.outputs };
  for (const [key, value] of Object.entries(outputs)) {
    if (isSecret(state.inputs[key]) || (key !== "id" && state.additionalSecretOutputs?.includes(key)))
      outputs[key] = secret(value);
  }
  state.outputs = outputs;
}
