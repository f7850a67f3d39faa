import { type Context, id, ResourceError, recorded } from "../../framework";
import { objectType } from "./objectType";
import { type ObjectRow, reference } from "./wire";

export const ORGANIZATIONS = "/api/identity/orgs";
/** An organization in examples of documentation. */
export const EXAMPLE_ORGANIZATION = "5f7b2c1a-0b1e-4c57-9d60-4f1f0e3b9a77";

/** Organizations that the token's user sees. */
export const organizations = objectType({
  name: "Organization",
  fields: {},
  identity: ["name"],
  path: ORGANIZATIONS,
  rows: "organizations",
  exampleId: EXAMPLE_ORGANIZATION,
  exampleName: "example-company",
});

/** Those of the run's list, as known. */
const seenBy = async ({ client }: Context) => [...(await organizations.list(client, "").read("cached")).values()];

/** Ids of all organizations that the token sees. */
export const organizationsSeen = async (context: Context): Promise<string[]> =>
  (await seenBy(context)).map((row) => row.id);

/** The field that every resource of an organization records. */
export const organizationField = (what: string) =>
  recorded(id("an organization"), {
    description: `Id of the organization that holds the ${what}. Left out: the provider's \`organizationId\`, else the only organization that the token sees. Remembered from creation on; writing another one replaces the resource.`,
    onChange: "replace",
    wire: reference("organizationId", "orgId"),
  });

/** The organization for something new: as written, else as configured, else the only one the token sees. */
export async function organizationFor(
  context: Context,
  resource: string,
  written: string | undefined,
): Promise<string> {
  const chosen = written ?? context.organizationId;
  if (chosen !== undefined) return chosen;
  const seen = await seenBy(context);
  if (seen.length === 1) return seen[0]!.id;
  throw new ResourceError("organization", {
    resource,
    field: "organizationId",
    what: seen.length === 0 ? "the token sees no organization" : `the token sees ${seen.length} organizations`,
    hint:
      seen.length === 0
        ? "Give organizationId, on the resource, on the provider or as MESHERY_ORGANIZATION_ID, or use a token of a member of the organization."
        : `Say which: organizationId, on the resource, on the provider or as MESHERY_ORGANIZATION_ID. ${listed(seen)}`,
  });
}

/** Whether a row is of an organization: some servers list those of others too. */
export const isOf = (organizationId: string, row: { organizationId?: string | undefined }): boolean =>
  row.organizationId === undefined || row.organizationId === organizationId;

/** Refuses something that a list holds although it belongs to another organization than the one that was asked. */
export async function ofAnother(
  context: Context,
  resource: string,
  { id, name, organizationId }: ObjectRow,
  asked: string,
): Promise<ResourceError> {
  const other = (await seenBy(context)).find((row) => row.id === organizationId)?.name;
  return new ResourceError("organization", {
    resource,
    field: "organizationId",
    what: `"${name}" (${id}) belongs to organization ${other ? `"${other}" (${organizationId})` : organizationId}, not to ${asked}`,
    hint: "Give that organization: as organizationId, or in an import as <organizationId>/<id>.",
  });
}

/**
 * The organization of something that is planned, where that is known.
 * @throws ResourceError `organization` where one is named that the token does not see; not where nobody can say
 */
export async function plannedOrganization(
  context: Context,
  resource: string,
  written: string | undefined,
): Promise<string> {
  const chosen = await organizationFor(context, resource, written);
  const seen = await seenBy(context);
  // Who sees none at all may be on a server that lists none.
  if (seen.length === 0 || seen.some(({ id }) => id === chosen)) return chosen;
  throw new ResourceError("organization", {
    resource,
    field: "organizationId",
    what: `the token sees no organization with the id "${chosen}"`,
    hint: `Nothing can be made there.${origin(context, chosen)} Give the id of an organization, not its name, and the token of one of its members. ${listed(seen)}`,
  });
}

/**
 * Absence from an organization's list means something only where the token sees that organization.
 * @throws ResourceError `organization` where it does not.
 */
export async function requireOrganizationSeen(
  context: Context,
  resource: string,
  organizationId: string,
  what: string,
): Promise<void> {
  // As it is now: what was seen when the run began may be out of sight since.
  const seen = await organizations.list(context.client, "").read("now");
  if (seen.has(organizationId)) return;
  throw new ResourceError("organization", {
    resource,
    field: "organizationId",
    what: `organization ${organizationId} of ${what} is not visible to this token`,
    hint: `Nothing was concluded from that, and nothing was done.${origin(context, organizationId)} Use a token of a member of that organization, and check organizationId and url (MESHERY_URL). ${listed([...seen.values()])}`,
  });
}

/** Says where the organization came from, where it is the configured one. */
const origin = (context: Context, organizationId: string) =>
  context.organizationOrigin && context.organizationId === organizationId
    ? ` The organization came from ${context.organizationOrigin}.`
    : "";

function listed(rows: readonly ObjectRow[]): string {
  return rows.length === 0 ? "It sees none." : `It sees: ${rows.map((row) => `${row.name} (${row.id})`).join(", ")}.`;
}
