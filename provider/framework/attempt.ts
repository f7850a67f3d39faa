/** For what makes a run more careful, but is not needed for it: undefined where it fails. */
export function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
