import { verdictOf } from "../access/verdict";
import { accessOf } from "./access";
import { changeOf, environmentsOf } from "./environments";
import { openEdges, openNotes, openPlans } from "./offline";
import type { Review } from "./review";
import type { Report, ReportFinding } from "./schema";

/** The report of a review, with what rules and assertions found. */
export function reportOf(review: Review, findings: readonly ReportFinding[]): Report {
  const { plans, world, outcome } = review;
  const open = [...openPlans(review), ...openEdges(review)];
  const whole: Review = { ...review, outcome: { ...outcome, unknown: [...outcome.unknown, ...open] } };
  const access = accessOf(whole);
  const { gained, lost, teams, unknown, retained } = access;
  const fresh = (severity: string) => findings.filter((one) => one.severity === severity && !one.baseline).length;
  return {
    version: 1,
    verdict: verdictOf({
      unknown: unknown.length,
      gained: gained.length + teams.gained.length,
      lost: lost.length + teams.lost.length,
    }),
    basis: world.basis,
    notes: openNotes(review),
    summary: {
      gained: gained.length,
      lost: lost.length,
      retained: retained.length,
      unknown: unknown.length,
      errors: fresh("error"),
      warnings: fresh("warning"),
    },
    plans: plans.map(({ stack, engine, engineVersion, sha256, complete, errored, destroy }) => ({
      stack,
      engine,
      engineVersion,
      sha256,
      complete,
      errored,
      destroy,
    })),
    access,
    environments: environmentsOf(review),
    findings: [...findings],
    resources: resourcesOf(review),
  };
}

/** How many resources the plans change, and how. */
function resourcesOf({ plans, outcome }: Review): Report["resources"] {
  const counts = { create: 0, update: 0, delete: 0, replace: 0, import: 0, adopt: 0, forget: 0, deferred: 0 };
  const adopting = new Set<unknown>(
    outcome.traced.filter((one) => changeOf(one) === "adopt").map(({ change }) => change),
  );
  for (const { changes, others } of plans)
    for (const change of [...changes, ...others]) {
      if (change.deferred) counts.deferred++;
      else if (change.importing) counts.import++;
      else if (adopting.has(change)) counts.adopt++;
      else if (change.action !== "none") counts[change.action]++;
    }
  return counts;
}
