import { homeFolder, openSession, resolveConfiguration } from "../../configuration";
import type { Warning } from "../../framework";
import type { Plan } from "../plans/plan";
import { liveWorld } from "./live";
import { offlineWorld } from "./offline";
import { textOf, type World } from "./world";

export interface Surroundings {
  env: NodeJS.ProcessEnv;
  offline: boolean;
  userAgent?: string;
}

/**
 * What is there before the plans: live Meshery, or offline what the plans tell.
 * @throws ResourceError `configuration` where no url is given; ApiError where Meshery cannot be read
 */
export async function worldOf(plans: readonly Plan[], { env, offline, userAgent }: Surroundings): Promise<World> {
  if (offline) return offlineWorld(plans);
  const configuration = await resolveConfiguration({ env, home: homeFolder() });
  const session = openSession(configuration, { env, ...(userAgent !== undefined && { userAgent }) });
  const warnings: Warning[] = [];
  const context = session.context((warning) => warnings.push(warning));
  const world = await liveWorld(context, organizationsOf(plans, configuration.organizationId));
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
