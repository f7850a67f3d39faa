/** The record of a stack, the merge of old and new records during a run, and the ways to print it. */
import type { DeploymentExport, ResourceRecord } from "./driver";
import { parseReference } from "./urn";
import { isMap, isSecret, mapValue, type PropertyMap, type PropertyValue, SECRET, SIGNATURE } from "./values";

export type ResourceState = ResourceRecord;

export interface PendingOperation {
  type: "creating" | "updating" | "deleting" | "reading" | "importing";
  resource: ResourceState;
}

/**
 * The state while a run is under way. What the run has produced comes first, in the order it was finished; what the
 * run has not yet dealt with follows. It is a valid state at any moment, so a run may be cut off anywhere.
 */
export class Snapshot {
  /** The records the run began with. */
  base: ResourceState[];
  private readonly news: ResourceState[] = [];
  private readonly done = new Set<ResourceState>();
  readonly pending = new Set<PendingOperation>();

  constructor(base: ResourceState[]) {
    this.base = base;
  }

  markNew(state: ResourceState): void {
    this.news.push(state);
  }

  markDone(state: ResourceState): void {
    this.done.add(state);
  }

  /** The records themselves, as far as the run has come. */
  resources(): ResourceState[] {
    return [...this.news, ...this.base].filter((state) => !this.done.has(state));
  }

  /** The records to keep: references to renamed resources are brought up to date. */
  result(): ResourceState[] {
    const all = this.resources();
    const renamed = new Map<string, string>();
    for (const state of this.news) {
      if (!state.delete) for (const alias of state.aliases ?? []) renamed.set(alias, state.urn);
    }
    return renamed.size === 0 ? all : all.map((state) => normalizeReferences(state, renamed));
  }
}

function normalizeReferences(state: ResourceState, renamed: Map<string, string>): ResourceState {
  const current = (urn: string): string => renamed.get(urn) ?? urn;
  const result: ResourceState = { ...state, aliases: undefined };
  if (state.parent) result.parent = current(state.parent);
  if (state.dependencies) result.dependencies = state.dependencies.map(current);
  if (state.propertyDependencies) {
    const entries = Object.entries(state.propertyDependencies);
    result.propertyDependencies = Object.fromEntries(entries.map(([key, urns]) => [key, urns.map(current)]));
  }
  if (state.deletedWith) result.deletedWith = current(state.deletedWith);
  if (state.provider) {
    const reference = parseReference(state.provider);
    result.provider = `${current(reference.urn)}::${reference.id}`;
  }
  return result;
}

/** The record as Pulumi's checkpoint writes it: empty fields are left out. */
export function toRecord(state: ResourceState, value: (properties: PropertyMap) => PropertyMap): ResourceRecord {
  const { urn, custom, id, type, ...rest } = state;
  const entries = Object.entries({ urn, custom, id, type, ...rest }).filter(([key, field]) => {
    if (key === "urn" || key === "custom" || key === "type") return true;
    if (field === undefined || field === false || field === "") return false;
    if (Array.isArray(field)) return field.length > 0;
    return typeof field !== "object" || field === null || Object.keys(field).length > 0;
  });
  const record = Object.fromEntries(entries) as unknown as ResourceRecord;
  if (record.inputs !== undefined) record.inputs = value(state.inputs);
  if (record.outputs !== undefined) record.outputs = value(state.outputs);
  return record;
}

export function toDeployment(
  resources: ResourceState[],
  pending: PendingOperation[],
  value: (properties: PropertyMap) => PropertyMap,
): DeploymentExport {
  return {
    version: 3,
    deployment: {
      manifest: { version: "test-engine" },
      resources: resources.map((state) => toRecord(state, value)),
      ...(pending.length > 0 && {
        pending_operations: pending.map(({ type, resource }) => ({ type, resource: toRecord(resource, value) })),
      }),
    },
  };
}

/** Every secret as it stands in an exported state: marked, its text replaced. */
export function sealSecrets(properties: PropertyMap): PropertyMap {
  return mapValue(properties, (item) =>
    isSecret(item) ? { [SIGNATURE]: SECRET, ciphertext: "[secret]" } : undefined,
  ) as PropertyMap;
}

/** Every secret as a reader is shown it. Works on exports of the test engine and of the command line alike. */
export function maskSecrets<T extends PropertyValue>(value: T): T {
  return mapValue(value, (item) => (isMap(item) && item[SIGNATURE] === SECRET ? "[secret]" : undefined)) as T;
}

/** The records of an exported state, with inputs and outputs always present and secrets masked. */
export function readDeployment(deployment: DeploymentExport): ResourceRecord[] {
  return (deployment.deployment.resources ?? []).map((record) => ({
    ...record,
    inputs: maskSecrets(record.inputs ?? {}),
    outputs: maskSecrets(record.outputs ?? {}),
  }));
}
