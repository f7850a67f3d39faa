/** What a list may cost; whoever is served more has not met a list of Meshery. */
export interface Limits {
  pages: number;
  rows: number;
  /** Bytes of one reading, as objects. */
  size: number;
  /** Bytes of all lists of a client together. */
  together: number;
  /** Milliseconds for the list, however often it is read. */
  time: number;
}

export const LIMITS: Limits = {
  pages: 2_000,
  rows: 50_000,
  size: 48 * 1024 * 1024,
  together: 96 * 1024 * 1024,
  time: 300_000,
};

/** Which limit is passed, in words; undefined where none is. */
export function passedLimit(limits: Limits, spent: Limits): string | undefined {
  if (spent.pages >= limits.pages) return `${limits.pages} pages`;
  if (spent.rows > limits.rows) return `${limits.rows} rows`;
  if (spent.size > limits.size) return `${Math.round(limits.size / 1024 / 1024)} MB`;
  if (spent.together > limits.together) return "the memory for all lists";
  return spent.time > limits.time ? `${Math.round(limits.time / 1000)} s` : undefined;
}
