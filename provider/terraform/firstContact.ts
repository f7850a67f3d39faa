import { ResourceError, type Warning } from "../core";
import { ApiError, type Meshery, waited } from "../meshery";
import type { Configuration } from "../resources";

/** Seconds for the first answer; a plan without a refresh needs none. */
const FIRST_ANSWER = 5;

/** Failures after which Meshery may be there a moment later, because this very run starts or mends it. */
const NOT_THERE = new Set<string>(["unreachable", "timeout", "server-error", "throttled", "incomplete-list"]);

/**
 * Asks Meshery once, by a list that the run needs anyway: a refused token is then one error, and not one of each resource. Gives a
 * warning where Meshery does not answer.
 * @throws ApiError where the token or the address cannot be right; ResourceError `organization` where the configured organization
 * is not one that the token sees
 */
export async function firstContact(client: Meshery, configuration: Configuration): Promise<Warning | undefined> {
  try {
    const seen = await inTime(client.organizations().rows(), configuration);
    const { organizationId, origins } = configuration;
    if (organizationId !== undefined && !seen.has(organizationId)) throw noOrganization(organizationId, origins, seen);
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if ((error.code as string) === "no-route") return undefined;
    if (!NOT_THERE.has(error.code)) throw error;
    return {
      summary: error.what,
      detail: `${error.explanation} The plan goes on without Meshery, in case this run starts it: whatever has to be read from it fails.`,
    };
  }
}

async function inTime<T>(answer: Promise<T>, { url }: Configuration): Promise<T> {
  const over = new AbortController();
  const late = waited(FIRST_ANSWER * 1000, over.signal).then((isLate) => {
    if (!isLate) return answer;
    throw new ApiError("timeout", `${url} did not answer within ${FIRST_ANSWER} s`, { method: "GET", path: "/api" });
  });
  return Promise.race([answer, late]).finally(() => over.abort());
}

function noOrganization(
  id: string,
  origins: Configuration["origins"],
  seen: ReadonlyMap<string, { id: string; name: string }>,
): ResourceError {
  const names = [...seen.values()].map((row) => `${row.name} (${row.id})`);
  return new ResourceError("organization", {
    resource: "provider",
    field: "organizationId",
    what: `the token sees no organization with the id ${id}`,
    hint: `It came from ${origins.organizationId ?? "the provider block"}. ${
      names.length === 0 ? "The token sees none." : `It sees: ${names.join(", ")}.`
    } Give organizationId the id of one of them, or use a token of a member.`,
  });
}
