import { ResourceError, type Warning } from "../core";
import { ApiError } from "../meshery";
import type { Session } from "../resources";

/** What no later request could make good: nothing that the program asks for can come true. */
const FINAL: ReadonlySet<string> = new Set(["not-authenticated", "provider-not-named", "not-meshery"]);

/**
 * Asks Meshery once, by a list that every run needs: what is wrong with the configuration is then one error, and not one for each
 * resource. A server that cannot be reached is only warned of, since this very run may be about to make it.
 * @throws ApiError where the token is refused or nothing of Meshery is there; ResourceError `organization`
 */
export async function reach({ client, configuration }: Session, warn: (warning: Warning) => void): Promise<void> {
  const { organizationId, origins } = configuration;
  const seen = await client
    .organizations()
    .rows()
    .catch((error: unknown) => {
      if (!(error instanceof ApiError) || FINAL.has(error.code)) throw error;
      if (error.code === "unreachable" || error.code === "timeout") {
        warn({
          summary: error.what,
          detail: "Nothing was done. Where this run makes the server, it is asked again later.",
        });
      }
      return undefined;
    });
  if (organizationId === undefined || !seen || seen.size === 0 || seen.has(organizationId)) return;
  const rows = [...seen.values()].map((row) => `${row.name} (${row.id})`);
  throw new ResourceError("organization", {
    resource: "provider",
    field: "organizationId",
    what: `organization ${organizationId} is not visible to this token`,
    hint: `It came from ${origins.organizationId ?? "the configuration"}. The token sees: ${rows.join(", ")}.`,
  });
}
