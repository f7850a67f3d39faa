import { homeFolder, openSession, resolveConfiguration } from "../../configuration";
import type { Warning } from "../../framework";
import type { Relation } from "../../resources/shared/relation";
import { endFields, setFields } from "../catalog";
import type { Plan, PlannedChange } from "../plans/plan";
import { liveWorld } from "./live";
import { offlineWorld } from "./offline";
import { textOf, type World } from "./world";

/** A review reads what a run of an engine never does: every edge there is. */
const LIMITS = { rows: 200_000, size: 256 * 1024 * 1024, together: 1024 * 1024 * 1024 };

export interface Surroundings {
  env: NodeJS.ProcessEnv;
  offline: boolean;
  userAgent?: string;
  /** Names or ids of connections that are asked for, beside those of the plans. */
  connections?: readonly string[];
}

/**
 * What is there before the plans: live Meshery, or offline what the plans tell.
 * @throws ResourceError `configuration` where no url is given; ApiError where Meshery cannot be read
 */
export async function worldOf(
  plans: readonly Plan[],
  { env, offline, userAgent, connections = [] }: Surroundings,
): Promise<World> {
  if (offline) return offlineWorld(plans);
  const configuration = await resolveConfiguration({ env, home: homeFolder() });
  const session = openSession(configuration, { env, limits: LIMITS, ...(userAgent !== undefined && { userAgent }) });
  const warnings: Warning[] = [];
  const context = session.context((warning) => warnings.push(warning));
  const world = await liveWorld(context, {
    organizations: organizationsOf(plans, configuration.organizationId),
    teams: plans.some(({ changes }) => changes.some(isMembership)),
    connections: new Set([...connectionsOf(plans), ...connections]),
  });
  world.notes.push(...warnings.map(({ summary, detail }) => `${summary}. ${detail}`));
  return world;
}

/** The organizations that plans name, and the configured one; without one that is configured, all that the token sees. */
function organizationsOf(plans: readonly Plan[], configured: string | undefined): Set<string> | undefined {
  if (configured === undefined) return undefined;
  const named = plans.flatMap(({ changes }) =>
    changes.flatMap(({ before, after }) => [before, after].flatMap((values) => textOf(values?.organizationId) ?? [])),
  );
  return new Set([configured, ...named]);
}

/** What plans tell of connections: their ids and names. */
function connectionsOf(plans: readonly Plan[]): Set<string> {
  const found = new Set<string>();
  const take = (value: unknown) => {
    for (const text of Array.isArray(value) ? value : [value]) if (typeof text === "string") found.add(text);
  };
  for (const { changes, lookups } of plans) {
    for (const { before, after, declared } of changes)
      for (const values of [before, after])
        for (const field of declared.shape === "object" ? ["id", "name"] : fieldsOf(declared.relation))
          take(values?.[field]);
    for (const { values } of lookups) for (const field of ["id", "name"]) take(values[field]);
  }
  return found;
}

const fieldsOf = ({ child }: Relation): string[] => {
  const [{ id, name }, { ids, names }] = [endFields(child), setFields(child)];
  return child.word === "connection" ? [id, name, ids, names] : [];
};

const isMembership = ({ declared }: PlannedChange): boolean =>
  (declared.shape === "edge" || declared.shape === "set") && declared.key === "memberships";
