/** A refresh: every record read anew and put in place of the old one, before anything else happens. */
import { diffResource } from "./comparison";
import { Gate } from "./deferred";
import type { StepReport } from "./driver";
import { errorText, isDefaultProvider, type StepExecutor } from "./executor";
import type { ResourceState, Snapshot } from "./state";
import { type Refreshed, refreshResource, type StepContext } from "./steps";

/**
 * Providers are configured from their records, not from the configuration of now. A record that cannot be read stays
 * as it is and the others are still refreshed; the run fails all the same. `alone`: the run is nothing but a refresh,
 * so each step tells what it came to.
 */
export async function refreshState(
  context: StepContext,
  snapshot: Snapshot,
  executor: StepExecutor,
  { parallel, alone }: { parallel: number; alone: boolean },
): Promise<void> {
  for (const state of snapshot.base) if (state.provider) await context.registry.ensure(state.provider, snapshot.base);
  const gate = new Gate(parallel);
  let failed = false;
  const refreshed = await Promise.all(
    snapshot.base.map((old) =>
      gate.run(async (): Promise<Refreshed> => {
        try {
          const result = await refreshResource(context, old, (provider, live) =>
            diffResource(provider, old.urn, live, old.inputs, {
              unknowns: context.preview,
              ignoreChanges: old.ignoreChanges,
            }),
          );
          report(executor, old, alone ? result : { ...result, op: "refresh" });
          return result;
        } catch (error) {
          failed = true;
          report(executor, old, { op: "refresh", failed: true });
          context.diagnostics.error(errorText(error), old.urn);
          return { op: "same", next: old };
        }
      }),
    ),
  );
  snapshot.base = rebuild(snapshot.base, refreshed);
  if (failed) executor.stop();
}

type Outcome = Pick<Refreshed, "diff"> & Pick<StepReport, "op" | "failed">;

function report(executor: StepExecutor, { urn }: ResourceState, { op, diff, failed }: Outcome): void {
  if (isDefaultProvider(urn)) return;
  executor.reports.push({
    op,
    urn,
    ...(failed && { failed }),
    ...(diff && diff.diffs.length > 0 && { diffs: diff.diffs }),
    ...(diff?.detailedDiff && Object.keys(diff.detailedDiff).length > 0 && { detailedDiff: diff.detailedDiff }),
  });
}

/** The records that are left, with nothing that names one that is gone; orphans go to their parent's parent. */
function rebuild(base: ResourceState[], refreshed: Refreshed[]): ResourceState[] {
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
