/** A refresh: every record read anew and put in place of the old one, before anything else happens. */
import { Gate } from "./deferred";
import type { StepReport } from "./driver";
import { describe, errorText, isDefaultProvider, type StepExecutor } from "./executor";
import type { ResourceState } from "./state";
import { type Refreshed, refreshResource, type StepContext } from "./steps";

/**
 * Providers are configured from their records, not from the configuration of now. A record that cannot be read stays
 * as it is and the others are still refreshed; the run fails all the same.
 *
 * @param alone the run is nothing but a refresh, so each step tells what it came to.
 * @returns one result for each record; after a failure, once everything else is done, the executor is stopped.
 */
export async function refreshAll(
  context: StepContext,
  resources: ResourceState[],
  base: ResourceState[],
  executor: StepExecutor,
  { parallel, alone }: { parallel: number; alone: boolean },
): Promise<Refreshed[]> {
  for (const state of resources) if (state.provider) await context.registry.ensure(state.provider, base);
  const gate = new Gate(parallel);
  let failed = false;
  const refresh = async (old: ResourceState): Promise<Refreshed> => {
    try {
      const result = await refreshResource(context, old);
      report(executor, old, describe(alone ? result : { ...result, op: "refresh" }));
      return result;
    } catch (error) {
      failed = true;
      report(executor, old, { op: "refresh", failed: true });
      context.diagnostics.error(errorText(error), old.urn);
      return { op: "same", next: old };
    }
  };
  const refreshed = await Promise.all(resources.map((old) => gate.run(() => refresh(old))));
  if (failed) executor.stop();
  return refreshed;
}

function report(executor: StepExecutor, { urn }: ResourceState, outcome: Pick<StepReport, "op" | "failed">): void {
  if (!isDefaultProvider(urn)) executor.reports.push({ urn, ...outcome });
}

/** The records that are left, with nothing that names one that is gone; orphans go to their parent's parent. */
export function rebuild(base: ResourceState[], refreshed: Refreshed[]): ResourceState[] {
  const left = new Set<string>();
  const parents = new Map(base.map((state) => [state.urn, state.parent]));
  const result: ResourceState[] = [];
  for (const { next } of refreshed) {
    if (!next) continue;
    const state = { ...next };
    const here = (urns: string[]): string[] => urns.filter((urn) => left.has(urn));
    if (state.dependencies) state.dependencies = here(state.dependencies);
    if (state.propertyDependencies) {
      const entries = Object.entries(state.propertyDependencies).map(([key, urns]) => [key, here(urns)]);
      state.propertyDependencies = Object.fromEntries(entries);
    }
    if (state.deletedWith && !left.has(state.deletedWith)) state.deletedWith = undefined;
    while (state.parent && !left.has(state.parent)) state.parent = parents.get(state.parent);
    left.add(state.urn);
    result.push(state);
  }
  return result;
}
