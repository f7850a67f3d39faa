import { ApiError, type ApiErrorCode, type Meshery, sleep } from "../../client";
import type { Configuration } from "../../configuration";
import { ResourceError, type Warning } from "../../framework";
import { organizations } from "./organization";

/** What nothing that happens later makes good. */
const FINAL: ReadonlySet<ApiErrorCode> = new Set(["not-authenticated", "provider-not-named", "not-meshery"]);
/** Failures after which Meshery may be there a moment later, because this very run starts it. */
const NOT_THERE: ReadonlySet<ApiErrorCode> = new Set(["unreachable", "timeout"]);

/**
 * Asks Meshery once, by a list that the run needs anyway: a refused token is then one error, and not one of each resource. Gives a
 * warning where Meshery does not answer.
 * @throws ApiError where the token or the address cannot be right; ResourceError `organization` where the configured organization
 * is not one that the token sees
 */
export async function firstContact(client: Meshery, configuration: Configuration): Promise<Warning | undefined> {
  try {
    const visible = organizations.list(client, "").read("cached");
    requireOrganization(configuration, await inTime(visible, configuration, client.timing.firstAnswer));
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError) || FINAL.has(error.code)) throw error;
    if (!NOT_THERE.has(error.code)) return undefined;
    return {
      summary: error.what,
      detail: `${error.explanation} It goes on without Meshery, in case this run starts it: whatever has to be read from it fails.`,
    };
  }
}

async function inTime<T>(answer: Promise<T>, { url }: Configuration, time: number): Promise<T> {
  const over = new AbortController();
  const late = sleep(time, over.signal).then((isLate) => {
    if (!isLate) return answer;
    throw new ApiError("timeout", `${url} did not answer within ${time / 1000} s`, { method: "GET", path: "/api" });
  });
  return Promise.race([answer, late]).finally(() => over.abort());
}

function requireOrganization(
  { organizationId: id, origins }: Configuration,
  seen: ReadonlyMap<string, { id: string; name: string }>,
): void {
  // Who sees none at all may be on a server that lists none.
  if (id === undefined || seen.size === 0 || seen.has(id)) return;
  const names = [...seen.values()].map((row) => `${row.name} (${row.id})`);
  throw new ResourceError("organization", {
    resource: "provider",
    field: "organizationId",
    what: `the token sees no organization with the id ${id}`,
    hint: `It came from ${origins.organizationId ?? "the provider's arguments"}. It sees: ${names.join(", ")}. Give organizationId the id of one of them, or use a token of a member.`,
  });
}
