import { createHash } from "node:crypto";
import { paths, reachedBy } from "../access/access";
import type { WorkspaceAccess } from "../access/changes";
import { differing } from "../access/changes";
import type { Review } from "../report/review";
import { type ReportFinding, SEVERITIES, type Severity } from "../report/schema";
import { Levels } from "../settings/levels";
import type { Settings } from "../settings/schema";
import { broken } from "./assertions";
import { rules } from "./index";
import type { Found, Judged } from "./rule";

/**
 * What rules and assertions find. Rules look at what the plans change, assertions at everything that holds after them; with
 * `everything`, rules look at everything too.
 */
export function judge(
  review: Review,
  settings: Settings,
  known: ReadonlySet<string>,
  everything = false,
): ReportFinding[] {
  const judged: Judged = {
    review,
    levels: new Levels(settings.levels),
    everything,
    access: () => (everything ? allAccess(review) : review.changes.gained),
    environments: () => (everything ? environmentsIn(review) : touched(review)),
  };
  const found: ReportFinding[] = [];
  for (const { id, severity, remedy, options, find } of rules) {
    const given = settings.rules[id];
    const tuned = typeof given === "string" ? { severity: given } : { ...given };
    const chosen = (tuned.severity ?? severity) as Severity | "off";
    if (chosen === "off") continue;
    const { severity: _, ...values } = tuned;
    const parsed = options ? options.parse(values) : {};
    for (const one of find(judged, parsed))
      found.push(finding(id, tuned.severity === undefined ? (one.severity ?? chosen) : chosen, remedy, one, known));
  }
  for (const assertion of settings.assertions) {
    const kind = assertion.deny ? "deny" : assertion.require ? "require" : "only";
    for (const one of broken(judged, assertion))
      found.push({
        ...finding(kind, one.severity ?? assertion.severity, REMEDIES[kind], one, known, assertion.because),
        because: assertion.because,
      });
  }
  return found.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

const REMEDIES = {
  deny: "Take the connection or the environment away from the workspace, or change the assertion with those who wrote it.",
  require: "Declare the edges that are missing, or change the assertion with those who wrote it.",
  only: "Take the access away from the others, or change the assertion with those who wrote it.",
};

function finding(
  rule: string,
  severity: Severity,
  remedy: string,
  { subject, message, places }: Found,
  known: ReadonlySet<string>,
  salt = "",
): ReportFinding {
  const fingerprint = createHash("sha256").update(`${rule}\0${subject}\0${salt}`).digest("hex").slice(0, 16);
  const addresses = [...new Map(places.map((place) => [`${place.stack}\0${place.address}`, place])).values()];
  return { rule, severity, subject, addresses, message, remedy, fingerprint, baseline: known.has(fingerprint) };
}

function* allAccess({ outcome }: Review): Generator<WorkspaceAccess> {
  const { edges } = outcome;
  for (const workspace of edges.bindings.parents())
    for (const connection of reachedBy(edges, workspace))
      yield { workspace, connection, through: paths(edges, workspace, connection) };
}

function* environmentsIn({ outcome }: Review): Generator<string> {
  for (const { kind, key } of outcome.objects.values()) if (kind === "environment") yield key;
}

/** The environments whose connections change. */
function touched({ world, outcome }: Review): Set<string> {
  return new Set(
    [...differing(world.edges.assignments, outcome.edges.assignments)].map(([environment]) => environment),
  );
}
