import * as z from "zod";
import { fits, fitsAny } from "./glob";

const patterns = z.array(z.string().min(1));

const level = z.strictObject({
  names: patterns
    .optional()
    .describe("Patterns of names. One without `*` also fits a word of a name: `prod` fits `eu-prod-1`."),
  tags: patterns.optional().describe("Patterns of tags, as `key=value`: `stage=prod*`."),
});

/** Which names and tags tell a level; what a settings file says of one takes the place of this. */
const KNOWN: Record<string, { names: string[]; tags: string[] }> = {
  production: { names: ["prod", "production", "prd", "live"], tags: ["stage=prod*", "environment=prod*"] },
  staging: {
    names: ["stage", "staging", "stg", "uat", "qa", "preprod", "pre-prod*", "*-pre-prod*", "nonprod", "*non-prod*"],
    tags: ["stage=stag*", "environment=stag*"],
  },
  development: {
    names: ["dev", "devel", "development", "test", "testing", "sandbox"],
    tags: ["stage=dev*", "stage=test*", "environment=dev*", "environment=test*"],
  },
};

export const levelsSchema = z
  .record(z.string().min(1), level)
  .describe(
    "Which objects are production, staging, ...: by patterns of their names and tags. The level `production` has rules of its own.",
  );

export const PRODUCTION = "production";

/** Tells the level of a thing from its name and tags; undefined where they say none. */
export class Levels {
  private readonly levels: [level: string, names: readonly string[], tags: readonly string[]][];
  /** Patterns with a star, and the words of each level. */
  private readonly patterns: [pattern: string, level: string][];
  private readonly words: [level: string, names: ReadonlySet<string>][];
  private readonly known = new Map<string, string | undefined>();

  constructor(settings: z.output<typeof levelsSchema> = {}) {
    const all = { ...KNOWN, ...settings };
    this.levels = Object.entries(all).map(([name, { names, tags }]) => [
      name,
      names ?? KNOWN[name]?.names ?? [],
      tags ?? KNOWN[name]?.tags ?? [],
    ]);
    const isPattern = (one: string) => /[*?]/.test(one);
    this.patterns = this.levels.flatMap(([level, names]) =>
      names.filter(isPattern).map((one): [string, string] => [one, level]),
    );
    this.words = this.levels.map(([level, names]) => [
      level,
      new Set(names.filter((one) => !isPattern(one)).map((one) => one.toLowerCase())),
    ]);
  }

  of(name: string, tags: Readonly<Record<string, string>> | null = null): string | undefined {
    const tagged = Object.entries(tags ?? {}).map(([key, value]) => `${key}=${value}`);
    const byTag = this.levels.find(([, , patterns]) => tagged.some((tag) => fitsAny(patterns, tag)));
    if (byTag) return byTag[0];
    if (!this.known.has(name)) this.known.set(name, this.byName(name));
    return this.known.get(name);
  }

  private byName(name: string): string | undefined {
    const whole = this.patterns.find(([pattern]) => fits(pattern, name));
    if (whole) return whole[1];
    for (const [level, names] of this.words)
      for (const word of [name, ...name.split(/[^\p{L}\p{N}]+/u), ...name.split(/[^\p{L}]+/u)])
        if (names.has(word.toLowerCase())) return level;
    return undefined;
  }
}
