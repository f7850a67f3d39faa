/** What a deletion before a replacement takes with it. */
import { diffResource, mustReplace, withReplaceOnChanges } from "./comparison";
import { dependents } from "./graph";
import type { Provider } from "./provider";
import type { ResourceState } from "./state";
import { parseReference } from "./urn";
import { type PropertyMap, UNKNOWN } from "./values";

export interface Condemned {
  state: ResourceState;
  /** The keys for which it would be replaced. */
  keys: string[];
}

/**
 * The dependents of a record that would themselves be replaced if what they take from it changed to something unknown,
 * in dependency order. Whether they would is asked of their providers.
 */
export async function cascade(
  root: ResourceState,
  resources: ResourceState[],
  ignored: Set<string>,
  provider: (state: ResourceState) => Promise<Pick<Provider, "diff">>,
): Promise<Condemned[]> {
  if (!resources.includes(root)) return [];
  const gone = new Set([root.urn]);
  const condemned: Condemned[] = [];
  for (const state of dependents(root, resources, ignored)) {
    const keys = await replaceKeys(state, gone, provider);
    if (!keys) continue;
    gone.add(state.urn);
    condemned.push({ state, keys });
  }
  return condemned;
}

async function replaceKeys(
  state: ResourceState,
  gone: Set<string>,
  providerOf: (state: ResourceState) => Promise<Pick<Provider, "diff">>,
): Promise<string[] | undefined> {
  if (!state.custom || state.external) return undefined;
  if (state.provider && gone.has(parseReference(state.provider).urn)) return [];
  if (state.deletedWith && gone.has(state.deletedWith)) return [];
  const inputs: PropertyMap = { ...state.inputs };
  let touched = false;
  for (const [key, urns] of Object.entries(state.propertyDependencies ?? {})) {
    if (!(key in inputs) || !urns.some((urn) => gone.has(urn))) continue;
    inputs[key] = UNKNOWN;
    touched = true;
  }
  if (!touched) return undefined;
  const options = { unknowns: true, ignoreChanges: state.ignoreChanges };
  const answer = await diffResource(await providerOf(state), state.urn, state, inputs, options);
  const diff = withReplaceOnChanges(answer, state.replaceOnChanges ?? [], false);
  return mustReplace(diff) ? diff.replaceKeys : undefined;
}
