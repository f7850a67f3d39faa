import { differing } from "../access/changes";
import type { TracedObject } from "../outcome/outcome";
import { archivedOf, byName, objectAt, reportObject, tagsOf } from "./objects";
import type { Review } from "./review";
import type { ReportEnvironment } from "./schema";

/** Every environment that the plans touch: itself, what it holds, or whom it is bound to. */
export function environmentsOf(review: Review): ReportEnvironment[] {
  const { world, outcome } = review;
  const found = new Map<string, ReportEnvironment>();
  const at = (key: string): ReportEnvironment => {
    const known = found.get(key);
    if (known) return known;
    const object = objectAt(review, key);
    const one: ReportEnvironment = {
      environment: reportObject(review, key),
      change: "none",
      connections: { added: [], removed: [] },
      workspaces: { added: [], removed: [] },
      tags: tagsOf(object),
      archived: archivedOf(object),
    };
    found.set(key, one);
    return one;
  };
  for (const traced of outcome.traced) {
    const change = changeOf(traced);
    if (traced.change.declared.kind !== "environment" || change === "none") continue;
    for (const key of new Set([traced.before, traced.after])) if (key !== undefined) at(key).change = change;
  }
  for (const [environment, connection] of differing(world.edges.assignments, outcome.edges.assignments)) {
    const side = outcome.edges.assignments.has(environment, connection) ? "added" : "removed";
    at(environment).connections[side].push(reportObject(review, connection));
  }
  for (const [workspace, environment] of differing(world.edges.bindings, outcome.edges.bindings)) {
    const side = outcome.edges.bindings.has(workspace, environment) ? "added" : "removed";
    at(environment).workspaces[side].push(reportObject(review, workspace));
  }
  for (const { connections, workspaces } of found.values())
    for (const list of [connections.added, connections.removed, workspaces.added, workspaces.removed])
      list.sort(byName);
  return [...found.values()].sort((a, b) => byName(a.environment, b.environment));
}

/** What happens to an object, in a word. */
export function changeOf({ change, adopts }: TracedObject): ReportEnvironment["change"] {
  if (adopts) return "adopt";
  return change.importing ? "import" : change.action;
}
