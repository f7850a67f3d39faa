import { ApiError, type Meshery, segment } from "../client";
import { ResourceError } from "../framework";
import { lookupAll, lookupOne } from "./shared/lookups";
import { objectType } from "./shared/objectType";
import { ORGANIZATIONS, organizations } from "./shared/organization";

/** Teams of an organization. Meshery Cloud only. */
export const teams = objectType({
  name: "Team",
  fields: {},
  identity: ["organizationId", "name"],
  path: (organizationId) => `${ORGANIZATIONS}/${segment(organizationId)}/teams`,
  rows: "teams",
  exampleId: "7e1f0b52-6c2d-4a77-8d3e-2f5f4f0c9b10",
  exampleName: "platform",
  explain,
});

/** What is no matter of the server or the way to it, but of teams that are not there. */
const NO_TEAMS = new Set(["not-found", "not-authenticated", "not-allowed", "refused", "unreadable", "no-route"]);

/** Self-hosted servers have no teams, and answer as if something else was wrong: a sign-in page, for instance. */
async function explain(client: Meshery, resource: string, error: unknown): Promise<never> {
  if (!(error instanceof ApiError) || !NO_TEAMS.has(error.code)) throw error;
  // A token that is refused everywhere is another matter.
  await organizations.list(client, "").read("now");
  throw new ResourceError(
    "missing",
    {
      resource,
      what: "this Meshery lists no teams",
      hint: "Teams are Meshery Cloud's: a self-hosted Meshery Server has none. On Meshery Cloud, see whether the token's user may see the teams of the organization.",
    },
    { cause: error },
  );
}

export const getTeam = lookupOne(teams, {
  description: "One team of an organization, by id or exact name. Meshery Cloud only.",
});

export const getTeams = lookupAll(teams, {
  description: "Every team of an organization. Meshery Cloud only.",
});
