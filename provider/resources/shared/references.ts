import type { Freshness } from "../../client";
import { type Context, ResourceError, referenceType } from "../../framework";
import { fieldsReferringTo, inWords, type ObjectType } from "./objectType";
import { retryWithFreshRead } from "./retryWithFreshRead";
import { listed } from "./wording";

interface Referred {
  id: string;
  name: string;
  forceDestroy?: boolean | undefined;
}

/**
 * Sees to it that no object names one that is about to be deleted. What this run deletes, or gives another one to name, does not
 * count: an engine may come to that later.
 * @throws ResourceError `in-use`
 */
export async function requireUnreferenced(type: ObjectType, context: Context, state: Referred): Promise<void> {
  if (state.forceDestroy === true) return;
  for (const referring of fieldsReferringTo(type.name))
    await retryWithFreshRead("afterWrites", (freshness) => requireNone(type, context, state, referring, freshness));
}

async function requireNone(
  { name: resource }: ObjectType,
  { client, run }: Context,
  { id, name }: Referred,
  { type, field }: { type: ObjectType; field: string },
  freshness: Freshness,
): Promise<void> {
  const rows = [...(await type.list(client, "").read(freshness)).values()];
  const stays = (holder: string) =>
    !run.isPendingDeletion(type.name, holder) &&
    !run.isPendingDeletion(referenceType(type.name, field), `${holder}/${id}`);
  const users = rows.filter((row) => row[field] === id && stays(row.id));
  if (users.length === 0) return;
  throw new ResourceError("in-use", {
    resource,
    what: `"${name}" (${id}) was not deleted: it is still used by ${listed(users.map((row) => inWords(type, row)))}`,
    hint: `Give each of those another ${field} first, or delete it. To delete the ${resource.toLowerCase()} all the same, apply forceDestroy = true before the destroy: they then name one that is gone, until they are given another.`,
  });
}
