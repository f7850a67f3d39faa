import * as z from "zod";
import type { CachedList, NamedRow } from "../../client";
import { type Context, output, ResourceError } from "../../framework";
import { requireOrganizationSeen } from "./organization";
import { mayBeAbsent } from "./pollUntil";
import { reportedId } from "./wire";
import { FORGOTTEN } from "./wording";

/** The field by which a resource remembers whose list has to hold it; `keys` are those under which rows name the owner. */
export const ownerField = (what: string, ...[key = "ownerId", ...others]: readonly string[]) =>
  output(z.string(), {
    description: `Id of the user who owns the ${what}, as Meshery knows it; empty where the server does not say.`,
    wire: reportedId(key, ...others),
  });

/**
 * Whether the token's user owns it. Only the owner sees an object for certain: for everybody else it may be out of sight
 * rather than gone when a list does not hold it.
 */
export async function ownedByUser({ client }: Context, owner: unknown): Promise<boolean> {
  if (typeof owner !== "string" || owner === "" || (await client.seesEverything())) return true;
  const user = await client.user();
  return user.length === 0 || user.includes(owner);
}

/** Why a list does not hold something: it is deleted, or only out of this token's sight. */
export type Absence = "deleted" | "out of sight";

/** Something that a list should hold. */
export interface Subject {
  resource: string;
  id: string;
  /** In texts for people. */
  what: string;
  organizationId?: string | undefined;
  owner?: unknown;
}

/**
 * The row of something, or what its absence means. The one place that decides it: two complete lists of what the token sees (of its
 * organization, where it has one) do not hold it, the token sees that organization, and its user would see the object.
 * @param since see `CachedList.find`
 * @throws ResourceError `organization` where the token does not even see the organization
 */
export async function findOrProveAbsent<Row extends NamedRow>(
  context: Context,
  list: CachedList<Row>,
  { resource, id, what, organizationId, owner }: Subject,
  since?: "now",
): Promise<Row | Absence> {
  const row = await list.find(id, since);
  if (row) return row;
  if (organizationId !== undefined) await requireOrganizationSeen(context, resource, organizationId, what);
  return (await ownedByUser(context, owner)) ? "deleted" : "out of sight";
}

/**
 * What `read` tells of a parent that its own list had a moment ago; undefined where the parent is gone by now, since whoever
 * looks through all parents meets some that others, or another provider of the same run, remove at that moment.
 */
export async function unlessDeleted<T>(
  parents: CachedList<NamedRow>,
  parentId: string,
  read: Promise<T>,
): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (mayBeAbsent(error) && (await parents.find(parentId, "now")) === undefined) return undefined;
    throw error;
  }
}

/**
 * What a list holds under an id that is about to be written to: some servers make what they are to change, with the edges that it
 * once had, so nothing is sent where it is not listed now.
 * @throws ResourceError `missing`
 */
export async function stillListed<Row extends NamedRow>(
  list: CachedList<Row>,
  resource: string,
  { id, name }: { id: string; name: string },
): Promise<Row> {
  const row = await list.find(id, "now");
  if (row) return row;
  throw new ResourceError("missing", {
    resource,
    what: `"${name}" (${id}) was deleted meanwhile, or is out of this token's sight by now`,
    hint: "Nothing was sent: an update could bring it back as it once was. Plan again: a new plan shows what is missing.",
  });
}

/** Says once for an operation that a state was kept although nothing of it is to be seen. */
export function warnUnknown(context: Context, resource: string, what: string, because: string): void {
  context.warn({
    summary: `A ${resource} could not be verified`,
    detail: `${what} is not listed, but ${because}. The state was kept. Refresh with a token that sees it; if it is gone for good, take it out of the state ${FORGOTTEN}.`,
  });
}

/** Why something that is not listed may be there all the same. */
export const OF_ANOTHER_USER = "it belongs to another user, and this token sees only what its own user may see";

/** Nothing can be deleted, and nothing forgotten, of what this token does not see. */
export const outOfSight = (resource: string, what: string, because: string): ResourceError =>
  new ResourceError("missing", {
    resource,
    what: `${what} is not listed, so it was neither deleted nor forgotten`,
    hint: `It may be gone, but ${because}. Use a token that sees it; if it is gone for good, take it out of the state ${FORGOTTEN}.`,
  });
