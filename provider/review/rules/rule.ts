import type * as z from "zod";
import type { WorkspaceAccess } from "../access/changes";
import type { Place } from "../plans/plan";
import type { Review } from "../report/review";
import type { Severity } from "../report/schema";
import type { Levels } from "../settings/levels";

/** What a rule looks at. */
export interface Judged {
  review: Review;
  levels: Levels;
  /** Everything that is there is looked at, not only what plans change. */
  everything: boolean;
  /** The access to be judged: what is gained, or all of it. */
  access(): Iterable<WorkspaceAccess>;
  /** The environments to be judged: those that are touched, or all. */
  environments(): Iterable<string>;
}

/** One thing that a rule found. */
export interface Found {
  /** What it is about, in words that stay the same from run to run. */
  subject: string;
  message: string;
  places: readonly Place[];
  severity?: Severity;
}

/** A rule, with everything that its page says. */
export interface Rule<Options extends z.ZodObject = z.ZodObject> {
  id: string;
  severity: Severity;
  /** What is found, as a heading. */
  title: string;
  /** Why that matters; sentences. */
  why: string;
  /** What to do; sentences. */
  remedy: string;
  /** What a settings file may tune. */
  options?: Options;
  find(judged: Judged, options: z.output<Options>): Iterable<Found>;
}

/** A rule whose options are checked against what they are declared to be. */
export const rule = <Options extends z.ZodObject>(declared: Rule<Options>): Rule => declared as unknown as Rule;
