import * as z from "zod";
import { objectAt } from "../report/objects";
import { fitsAny } from "../settings/glob";
import type { Judged } from "./rule";
import { rule } from "./rule";
import { called, nameAt } from "./words";

/** The environments of which something is to be said for themselves: made, renamed or changed here, or all. */
function* own(judged: Judged): Generator<string> {
  const { traced } = judged.review.outcome;
  if (judged.everything) {
    yield* judged.environments();
    return;
  }
  const seen = new Set<string>();
  for (const { change, after } of traced)
    if (change.declared.kind === "environment" && change.action !== "none" && after !== undefined && !seen.has(after)) {
      seen.add(after);
      yield after;
    }
}

const placesAt = ({ review }: Judged, key: string) =>
  review.outcome.traced.filter(({ after }) => after === key).map(({ change }) => change.place);

export const emptyEnvironment = rule({
  id: "environment-empty",
  severity: "info",
  title: "An environment holds no connection",
  why: "Whoever has it reaches nothing by it. That is right before it is filled, and a leftover otherwise.",
  remedy: "Assign connections to it, or delete it.",
  *find(judged) {
    const { outcome } = judged.review;
    const uncertain = new Set(outcome.uncertain.assignments.map(({ parent }) => parent));
    for (const key of new Set([...judged.environments(), ...own(judged)])) {
      if (!outcome.objects.has(key) || outcome.edges.assignments.childrenOf(key).size > 0) continue;
      if (uncertain.has(key) || uncertain.has(undefined)) continue;
      yield {
        subject: nameAt(judged, key),
        message: `${called(judged, key)} holds no connection`,
        places: placesAt(judged, key),
      };
    }
  },
});

export const noDescription = rule({
  id: "environment-without-description",
  severity: "info",
  title: "An environment has no description",
  why: "Whoever is to decide about access to it cannot see what it is for.",
  remedy: "Say in `description` what it is for and who owns it.",
  *find(judged) {
    for (const key of own(judged)) {
      const object = objectAt(judged.review, key);
      if (!object || String(object.values.description ?? "").trim() !== "") continue;
      yield {
        subject: object.name,
        message: `${called(judged, key)} has no description`,
        places: placesAt(judged, key),
      };
    }
  },
});

const names = z.strictObject({
  names: z
    .array(z.string().min(1))
    .default([
      "environment#",
      "env#",
      "test#",
      "my-env",
      "my-environment#",
      "new-environment#",
      "untitled#",
      "foo#",
      "bar#",
      "tmp#",
      "temp#",
      "default#",
    ])
    .describe("Names that say nothing; `*` stands for any characters, `#` for digits or none."),
});

export const emptyName = rule({
  id: "name-says-nothing",
  severity: "warning",
  title: "The name of an environment says nothing",
  why: "Names are what people go by when they choose an environment: `environment1` is chosen by mistake.",
  remedy: "Name it after its stage, region or purpose: `staging`, `us-east-production`, `monitoring-shared`.",
  options: names,
  *find(judged, { names: patterns }) {
    for (const key of own(judged)) {
      const name = nameAt(judged, key);
      // Digits at the end are put aside, with what joins them.
      const bare = name.replace(/[\s_-]*[0-9]+$/, "").replace(/[\s_]+/g, "-");
      const says = patterns.some((one) =>
        one.endsWith("#") ? fitsAny([one.slice(0, -1)], bare) : fitsAny([one], name),
      );
      if (says)
        yield {
          subject: name,
          message: `${called(judged, key)} has a name that says nothing`,
          places: placesAt(judged, key),
        };
    }
  },
});
