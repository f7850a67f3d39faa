import type { Warning } from "./errors";

/**
 * What a resource's functions get besides their values. The rooms that put something into it declare it there
 * (`run/lifecycle.ts`, `configuration/session.ts`), so that the framework need not know what it is.
 */
export interface Context {
  /** Shown to the user beside the result. */
  warn(warning: Warning): void;
  signal?: AbortSignal | undefined;
}
