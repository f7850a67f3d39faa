import * as z from "zod";
import { differing } from "../access/changes";
import { pairKey } from "../outcome/outcome";
import { rule } from "./rule";
import { called, connectionLevel, isArchived, levelOf, listed, nameAt, PRODUCTION, placesOf } from "./words";

export const productionReach = rule({
  id: "production-from-elsewhere",
  severity: "error",
  title: "A production connection is reachable from a workspace that is not production",
  why: "Whoever is in the workspace can deploy to it: a trial for development then runs in production. Environments of different levels are kept apart for that reason.",
  remedy:
    "Take the connection out of the environment that the workspace has, or give the workspace an environment of its own level.",
  *find(judged) {
    const { added } = judged.review.outcome;
    for (const { workspace, connection, through } of judged.access()) {
      const level = levelOf(judged, workspace);
      if (level === undefined || level === PRODUCTION || connectionLevel(judged, connection) !== PRODUCTION) continue;
      yield {
        subject: `${nameAt(judged, workspace)} ${nameAt(judged, connection)}`,
        message: `${called(judged, workspace)} (${level}) reaches production ${called(judged, connection)} through ${listed(judged, through)}`,
        places: through.flatMap((environment) => [
          ...placesOf(added.get(pairKey("bindings", workspace, environment))),
          ...placesOf(added.get(pairKey("assignments", environment, connection))),
        ]),
      };
    }
  },
});

export const mixedLevels = rule({
  id: "levels-mixed",
  severity: "warning",
  title: "An environment holds connections of different levels",
  why: "Everybody who gets the environment gets all of its connections, so the highest privilege in it is everybody's.",
  remedy: "Make one environment for each level, and bind to each workspace what it needs.",
  *find(judged) {
    const { edges, added } = judged.review.outcome;
    for (const environment of judged.environments()) {
      const byLevel = new Map<string, string>();
      for (const connection of edges.assignments.childrenOf(environment)) {
        const level = levelOf(judged, connection);
        if (level !== undefined && !byLevel.has(level)) byLevel.set(level, connection);
      }
      if (byLevel.size < 2) continue;
      const shown = [...byLevel].sort().map(([level, key]) => `${level} (${JSON.stringify(nameAt(judged, key))})`);
      yield {
        subject: nameAt(judged, environment),
        message: `${called(judged, environment)} holds connections of ${shown.join(" and ")}`,
        places: [...byLevel.values()].flatMap((key) => placesOf(added.get(pairKey("assignments", environment, key)))),
      };
    }
  },
});

export const lastEnvironment = rule({
  id: "connection-without-environment",
  severity: "warning",
  title: "A connection is in no environment any more",
  why: "Nobody reaches it through a workspace then, although it still exists with its credentials.",
  remedy: "Assign it to an environment, or delete the connection if it is not needed.",
  *find(judged) {
    const { world, outcome } = judged.review;
    const left = new Map<string, string[]>();
    for (const [environment, connection] of differing(world.edges.assignments, outcome.edges.assignments)) {
      if (outcome.edges.assignments.parentsOf(connection).size > 0 || outcome.gone.has(connection)) continue;
      left.set(connection, [...(left.get(connection) ?? []), environment]);
    }
    for (const [connection, environments] of left)
      yield {
        subject: nameAt(judged, connection),
        message: `${called(judged, connection)} leaves its last environment, ${listed(judged, environments)}`,
        places: environments.flatMap((one) => [
          ...placesOf(outcome.removed.get(pairKey("assignments", one, connection))),
          ...(outcome.gone.has(one) ? [outcome.gone.get(one)!.place] : []),
        ]),
      };
  },
});

const many = z.strictObject({
  limit: z.number().int().min(1).default(5).describe("How many environments a connection may be in."),
});

export const manyEnvironments = rule({
  id: "connection-in-many-environments",
  severity: "info",
  title: "A connection is in many environments",
  why: "With each environment more workspaces reach it, and nobody sees from one place who does.",
  remedy: "Put what all share into one shared environment and bind that.",
  options: many,
  *find(judged, { limit }) {
    const { world, outcome } = judged.review;
    const { assignments } = outcome.edges;
    const touched = judged.everything
      ? assignments.children()
      : new Set([...differing(world.edges.assignments, assignments)].map(([, connection]) => connection));
    for (const connection of touched) {
      const environments = assignments.parentsOf(connection);
      const added = [...environments].filter((one) => !world.edges.assignments.has(one, connection));
      if (environments.size <= limit || (!judged.everything && added.length === 0)) continue;
      yield {
        subject: nameAt(judged, connection),
        message: `${called(judged, connection)} is in ${environments.size} environments: ${listed(judged, environments)}`,
        places: added.flatMap((one) => placesOf(outcome.added.get(pairKey("assignments", one, connection)))),
      };
    }
  },
});

export const archivedBound = rule({
  id: "archived-bound",
  severity: "error",
  title: "An archived environment is newly bound",
  why: "An archived environment is kept as a record and is not to be used.",
  remedy: "Bind another environment, or reactivate this one: `archived = false`.",
  *find(judged) {
    const { world, outcome } = judged.review;
    for (const [workspace, environment] of differing(world.edges.bindings, outcome.edges.bindings)) {
      if (!outcome.edges.bindings.has(workspace, environment) || !isArchived(judged, environment)) continue;
      yield {
        subject: `${nameAt(judged, workspace)} ${nameAt(judged, environment)}`,
        message: `${called(judged, environment)} is archived, and is bound to ${called(judged, workspace)}`,
        places: placesOf(outcome.added.get(pairKey("bindings", workspace, environment))),
      };
    }
  },
});
