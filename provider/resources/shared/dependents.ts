import type { Context } from "../../framework";
import { ResourceError } from "../../framework";
import { deleteEdge } from "./deleteEdge";
import type { EdgeKind, EndRow, OwnedRow } from "./relation";
import { asSettled, type Look, retryWithFreshRead } from "./retryWithFreshRead";

/** An edge that holds an object, from the object's side. */
export interface Holder {
  /** The other end, in words for people. */
  name: string;
  resource: string;
  id: string;
  letGo(context: Context): Promise<void>;
}

export function holder<P extends OwnedRow, C extends EndRow>(
  kind: EdgeKind<P, C>,
  organizationId: string,
  parentId: string,
  childId: string,
  name: string,
): Holder {
  const { resource, parent, child } = kind;
  const id = `${parentId}/${childId}`;
  const state = { id, organizationId, [parent.field]: parentId, [child.field]: childId };
  return { name, resource, id, letGo: (context) => deleteEdge(kind, context, state) };
}

/**
 * Lets go of what holds an object that is about to be deleted: the edges that this run takes away or moves anyway, since an
 * engine may come to the object first, and with forceDestroy all others.
 * @throws ResourceError `in-use` where others hold it; then nothing was let go
 */
export async function release(
  context: Context,
  resource: string,
  state: { id: string; name: string; forceDestroy?: boolean | undefined },
  find: (look: Look) => Promise<readonly Holder[]>,
): Promise<void> {
  const { run } = context;
  const holders = await retryWithFreshRead(asSettled, async (look) => {
    const found = await find(look);
    const others = found.filter((edge) => !run.isPendingDeletion(edge.resource, edge.id));
    if (others.length > 0 && state.forceDestroy !== true) throw heldBy(resource, state, others);
    return found;
  });
  await Promise.all(
    holders.map((edge) =>
      run.queue(edge.resource, edge.id, async () => {
        await edge.letGo(context);
        run.markDeletedEarly(edge.resource, edge.id);
      }),
    ),
  );
}

function heldBy(resource: string, { id, name }: { id: string; name: string }, holders: readonly Holder[]) {
  const names = holders.map((edge) => edge.name);
  const shown = names.length > 12 ? [...names.slice(0, 12), `and ${names.length - 12} more`] : names;
  return new ResourceError("in-use", {
    resource,
    what: `"${name}" (${id}) was not deleted: it is still used by ${shown.join(", ")}`,
    hint: "Those belong to others, to another program, or to another provider of this one, whose changes can be applied first. What this program itself had attached to it may be removed already; applying the program again restores it. To delete it all the same, remove those first, or apply forceDestroy = true before the destroy: it lets go of all of them.",
  });
}
