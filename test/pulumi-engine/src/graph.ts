/** Which records of a state depend on which. A state lists a record after everything it depends on. */
import type { ResourceState } from "./state";
import { parseReference } from "./urn";

/** URNs a record depends on, its parent aside: named dependencies, its provider, what it is deleted with. */
export function dependencyUrns(state: ResourceState): Set<string> {
  const urns = new Set(state.dependencies ?? []);
  for (const list of Object.values(state.propertyDependencies ?? {})) for (const urn of list) urns.add(urn);
  if (state.deletedWith) urns.add(state.deletedWith);
  if (state.provider) urns.add(parseReference(state.provider).urn);
  return urns;
}

/** The records that `state` depends on directly: its parent too, and the children of components it depends on. */
export function dependenciesOf(state: ResourceState, resources: ResourceState[]): Set<ResourceState> {
  const urns = dependencyUrns(state);
  const before = resources.slice(0, resources.indexOf(state));
  const result = new Set<ResourceState>();
  for (const candidate of before) {
    if (candidate.urn === state.parent) result.add(candidate);
    if (!urns.has(candidate.urn)) continue;
    result.add(candidate);
    if (!candidate.custom) for (const child of descendants(candidate, before)) result.add(child);
  }
  return result;
}

/** Everything a record needs, parents included. */
export function transitiveDependencies(state: ResourceState, resources: ResourceState[]): Set<ResourceState> {
  const found = new Set<ResourceState>();
  const visit = (from: ResourceState): void => {
    for (const dependency of dependenciesOf(from, resources)) {
      if (found.has(dependency)) continue;
      found.add(dependency);
      visit(dependency);
    }
  };
  visit(state);
  return found;
}

function descendants(component: ResourceState, resources: ResourceState[]): ResourceState[] {
  const parents = new Set([component.urn]);
  return resources.filter((candidate) => {
    if (!candidate.parent || !parents.has(candidate.parent)) return false;
    parents.add(candidate.urn);
    return true;
  });
}

/** The records that depend on `root`, directly or not, in their order; those of `ignored` URNs end the walk. */
export function dependents(root: ResourceState, resources: ResourceState[], ignored: Set<string>): ResourceState[] {
  const reached = new Set([root.urn]);
  return resources.slice(resources.indexOf(root) + 1).filter((candidate) => {
    if (ignored.has(candidate.urn)) return false;
    if (![...dependencyUrns(candidate)].some((urn) => reached.has(urn))) return false;
    reached.add(candidate.urn);
    return true;
  });
}

/**
 * Orders records for deletion: each group may go at once, and holds nothing that a later group depends on being
 * there; dependents come before what they depend on.
 */
export function deletionOrder(condemned: ResourceState[], resources: ResourceState[]): ResourceState[][] {
  const left = new Set(condemned);
  const needs = new Map(condemned.map((state) => [state, [...dependenciesOf(state, resources)]]));
  const groups: ResourceState[][] = [];
  while (left.size > 0) {
    const group = [...left].filter((state) => !needs.get(state)?.some((needed) => left.has(needed)));
    if (group.length === 0) throw new Error("the state is not in dependency order");
    for (const state of group) left.delete(state);
    groups.unshift(group);
  }
  return groups;
}
