/** What a plan does to access; the first that holds is the answer. */
export const VERDICTS = ["unknown", "broadened", "narrowed", "none"] as const;
export type Verdict = (typeof VERDICTS)[number];

/** `unknown` before `broadened` before `narrowed` before `none`. */
export function verdictOf({ unknown, gained, lost }: { unknown: number; gained: number; lost: number }): Verdict {
  if (unknown > 0) return "unknown";
  if (gained > 0) return "broadened";
  return lost > 0 ? "narrowed" : "none";
}
