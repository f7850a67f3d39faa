/** Whether a resource differs from its record, and whether the difference can be made good in place. */
import type { DiffResult } from "./answers";
import type { Diagnostics } from "./diagnostics";
import type { Goal } from "./goal";
import { parsePath, pathContains, resetPath } from "./propertyPath";
import { DiffUnavailable, type Provider } from "./provider";
import type { ResourceState } from "./state";
import { differences, equal, type PropertyMap } from "./values";

/** The key that stands for "the last run left it unfinished" in `replaceOnChanges`. */
const INIT_ERROR_KEY = "#initerror";

export interface Comparison {
  goal: Goal;
  old: ResourceState;
  next: ResourceState;
  /** Absent for a component. */
  provider?: Pick<Provider, "diff"> | undefined;
  /** Named in `--replace`. */
  targeted: boolean;
  preview: boolean;
  diagnostics: Diagnostics;
  deletedWithReplaced: boolean;
  providerReplaced(): Promise<boolean>;
}

const NONE: Readonly<DiffResult> = { changes: "none", replaceKeys: [], diffs: [], deleteBeforeReplace: false };
export const SOME: Readonly<DiffResult> = { ...NONE, changes: "some" };

export const mustReplace = (diff: DiffResult): boolean =>
  diff.replaceKeys.length > 0 || Object.values(diff.detailedDiff ?? {}).some((kind) => kind.endsWith("-replace"));

export async function compare(comparison: Comparison): Promise<DiffResult> {
  const { goal, old, next, provider } = comparison;
  if (comparison.targeted) return { ...SOME, replaceKeys: ["id"] };
  if (comparison.deletedWithReplaced) return { ...SOME, replaceKeys: ["deletedWith"] };
  if (await comparison.providerReplaced()) return { ...SOME, replaceKeys: ["provider"] };
  if (!provider) return equal(old.inputs, next.inputs) ? NONE : SOME;
  try {
    const unknowns = comparison.preview;
    return await diffResource(provider, next.urn, old, next.inputs, { unknowns, ignoreChanges: goal.ignoreChanges });
  } catch (error) {
    if (!(error instanceof DiffUnavailable)) throw error;
    comparison.diagnostics.warning(error.message, next.urn);
    return SOME;
  }
}

/** The provider's Diff; where it does not say, old and new inputs are compared. */
export async function diffResource(
  provider: Pick<Provider, "diff">,
  urn: string,
  old: { id?: string | undefined; inputs: PropertyMap; outputs: PropertyMap },
  news: PropertyMap,
  options: { unknowns: boolean; ignoreChanges?: string[] | undefined },
): Promise<DiffResult> {
  const diff = await provider.diff(urn, old.id ?? "", old, news, options);
  if (diff.changes !== "unknown") return diff;
  const inputs = structuredClone(news);
  for (const path of options.ignoreChanges ?? []) resetPath(parsePath(path), old.inputs, inputs);
  const detailedDiff = differences(old.inputs, inputs);
  const diffs = [...new Set(Object.keys(detailedDiff).map((path) => String(parsePath(path)[0])))];
  return diffs.length > 0 ? { ...diff, changes: "some", diffs, detailedDiff } : { ...diff, changes: "none" };
}

/** The program's inputs with ignored properties as they were. */
export function resetIgnored(
  run: { diagnostics: Diagnostics },
  urn: string,
  goal: Goal,
  oldInputs: PropertyMap,
): PropertyMap {
  const inputs = structuredClone(goal.properties);
  const missed = goal.ignoreChanges.filter((path) => !resetPath(parsePath(path), oldInputs, inputs));
  if (missed.length > 0) {
    const list = missed.join(", ");
    run.diagnostics.add("info", `cannot ignore changes in added or removed elements of the path: "${list}"`, urn);
  }
  return inputs;
}

/** Turns changes of the paths named in `replaceOnChanges` into replacements. */
export function withReplaceOnChanges(diff: DiffResult, paths: string[], initErrors: boolean): DiffResult {
  if (paths.length === 0 || (diff.changes !== "some" && !initErrors)) return diff;
  const parsed = paths.map(parsePath);
  const named = (key: string): boolean => parsed.some((path) => pathContains(path, parsePath(key)));
  const replaceKeys = new Set([...diff.replaceKeys, ...diff.diffs.filter(named)]);
  const result: DiffResult = { ...diff };
  if (initErrors && named(INIT_ERROR_KEY)) {
    replaceKeys.add(INIT_ERROR_KEY);
    result.changes = "some";
  }
  if (diff.detailedDiff) {
    const entries = Object.entries(diff.detailedDiff).map(([key, kind]) => {
      return [key, named(key) && !kind.endsWith("-replace") ? `${kind}-replace` : kind];
    });
    result.detailedDiff = Object.fromEntries(entries);
  }
  return { ...result, replaceKeys: [...replaceKeys] };
}
