import { type State, UNKNOWN, type Values } from "../../framework";
import type { Resource } from "./declared";
import { snake } from "./names";
import { changedObject, newObject, replacement } from "./plannedState";
import { type Attribution, toFields } from "./values";

/** What a plan knows beside what the engine sends. */
export interface Known {
  /** Set where the engine asks for the second half of a replacement: what is replaced, and whether that was adopted. */
  replaced?: { id: string; released: boolean } | undefined;
  /** Id of an existing object that a create takes over. */
  adoptable?: string | undefined;
  /** What fields follow from, of the provider's configuration. */
  configured?: Values;
}

/** The object that is to be there after the apply. */
interface Wanted {
  inputs: Values;
  planned: Attribution;
}

/**
 * What one resource comes to. The engine plans a replacement in two halves: `replace` tells it which attributes need a new object,
 * and it then asks once more without the old one, for `replaceCreate`. It plans a forced replacement (`-replace`, a tainted object)
 * in the same way; the first half is then an `update`.
 */
export type PlannedAction =
  | ({ kind: "create" } & Wanted)
  | ({ kind: "adopt"; id: string } & Wanted)
  /** In place; also where nothing changes. */
  | ({ kind: "update"; state: State } & Wanted)
  | ({ kind: "replace"; state: State; requiresReplace: readonly string[] } & Wanted)
  | ({ kind: "replaceCreate"; replaced: { id: string; released: boolean } } & Wanted)
  | { kind: "delete"; state: State }
  /** An adopted object leaves the program and is not deleted. */
  | { kind: "release"; state: State }
  /** Nothing is there, and nothing is to be. */
  | { kind: "noop" };

/** The one action that brings `prior` to `config`. Sends nothing, and remembers nothing. */
export function plannedAction(
  resource: Resource,
  prior: Attribution | null,
  config: Attribution | null,
  { replaced, adoptable, configured = {} }: Known = {},
): PlannedAction {
  const { attributes } = resource;
  const state = prior && (toFields(attributes, prior) as State);
  if (config === null) {
    if (!state) return { kind: "noop" };
    return { kind: state.adopted === true ? "release" : "delete", state };
  }
  const inputs = toFields(attributes, config);
  if (prior && state) return change(resource, { prior, state, config, inputs, configured });
  const created = newObject(resource, inputs, configured);
  // What refers to an adopted object then knows its id already, and an edge that only changes its address too counts as the same.
  const planned = adoptable === undefined ? created : { ...created, id: adoptable, adopted: true };
  if (replaced) return { kind: "replaceCreate", inputs, planned, replaced };
  return adoptable === undefined
    ? { kind: "create", inputs, planned }
    : { kind: "adopt", inputs, planned, id: adoptable };
}

function change(
  resource: Resource,
  {
    prior,
    state,
    config,
    inputs,
    configured,
  }: { prior: Attribution; state: State; config: Attribution; inputs: Values; configured: Values },
): PlannedAction {
  const differences = resource.lifecycle.diff(state, inputs, configured);
  const changed = changedObject(resource, prior, config, differences, configured);
  // An input known only after apply may turn out the same: whether it replaces is decided when it is known.
  const requiresReplace = differences
    .filter(({ field, change }) => change === "replace" && inputs[field] !== UNKNOWN)
    .map(({ field }) => snake(field));
  if (requiresReplace.length === 0) return { kind: "update", inputs, planned: changed, state };
  return {
    kind: "replace",
    inputs,
    planned: replacement(resource, changed),
    state,
    requiresReplace,
  };
}
