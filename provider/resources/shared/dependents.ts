import type { Freshness } from "../../client";
import { type Context, ResourceError } from "../../framework";
import { deleteEdge } from "./deleteEdge";
import { unlessDeleted } from "./existence";
import { inWords, type ObjectType } from "./objectType";
import { isOf, organizationsSeen } from "./organization";
import { type End, type Relation, relationsOf } from "./relation";
import { retryWithFreshRead } from "./retryWithFreshRead";
import type { ObjectRow } from "./wire";
import { listed } from "./wording";

/** An edge that holds an object, from the object's side. */
interface Dependent {
  /** The other end, in words for people. */
  name: string;
  relation: Relation;
  id: string;
  detach(context: Context): Promise<void>;
}

interface Held {
  id: string;
  name: string;
  organizationId?: string | undefined;
  forceDestroy?: boolean | undefined;
}

/**
 * Detaches what holds an object that is about to be deleted: the edges that this run takes away or moves anyway, since an
 * engine may come to the object first, and with forceDestroy all others.
 * @throws ResourceError `in-use` where others hold it; then nothing was detached
 */
export async function detachDependents(type: ObjectType, context: Context, state: Held): Promise<void> {
  const { run } = context;
  const dependents = await retryWithFreshRead("afterWrites", async (freshness) => {
    const found = await dependentsOf(type, context, state, freshness);
    const others = found.filter(({ relation, id }) => !run.isPendingDeletion(relation.name, id));
    if (others.length > 0 && state.forceDestroy !== true) throw heldBy(type.name, state, others);
    return found;
  });
  await Promise.all(
    dependents.map(({ relation, id, detach }) =>
      run.queue(relation.name, id, async () => {
        await detach(context);
        run.markDeletedEarly(relation.name, id);
      }),
    ),
  );
}

/** The edges that hold an object, whichever end of them it is. */
async function dependentsOf(
  type: ObjectType,
  context: Context,
  state: Held,
  freshness: Freshness,
): Promise<Dependent[]> {
  const asChild = relationsOf(type.name, "child").map((relation) =>
    parentsHolding(relation, context, state, freshness),
  );
  const asParent = relationsOf(type.name, "parent").map((relation) =>
    childrenHeld(relation, context, state, freshness),
  );
  return (await Promise.all([...asChild, ...asParent])).flat();
}

async function childrenHeld(
  relation: Relation,
  context: Context,
  { id, organizationId = "" }: Held,
  freshness: Freshness,
): Promise<Dependent[]> {
  const children = await relation.heldIfKnown(context, organizationId, id, freshness);
  return [...children.values()].map((row) =>
    dependent(relation, relation.child, row, { organizationId, parentId: id, childId: row.id }),
  );
}

/** No endpoint tells the parents of a child: each has to be asked, but where the child's own row names them. */
async function parentsHolding(
  relation: Relation,
  context: Context,
  { id, organizationId }: Held,
  freshness: Freshness,
): Promise<Dependent[]> {
  const { child, parent } = relation;
  const row = child.type.inOrganization
    ? undefined
    : (await child.type.list(context.client, organizationId ?? "").read("now")).get(id);
  const told = row && relation.parentIdsOf(row);
  const organizations = organizationId === undefined ? await organizationsSeen(context) : [organizationId];
  let parents = await parentsIn(parent, context, organizations, child.type.inOrganization ? freshness : "cached");
  if (told?.some((one) => !parents.has(one))) parents = await parentsIn(parent, context, organizations, "now");
  const candidates = [...parents.values()].filter(({ row: candidate }) => told?.includes(candidate.id) ?? true);
  const holding = await Promise.all(
    candidates.map(async (candidate) => {
      const list = parent.type.list(context.client, candidate.organizationId);
      const holds = async (read: Freshness) => {
        const children = relation.held(context, candidate.organizationId, candidate.row.id).read(read);
        return (await unlessDeleted(list, candidate.row.id, children))?.has(id) ?? false;
      };
      // Of many few hold it: only those are worth another reading.
      return (await holds("afterWrites")) && (freshness === "afterWrites" || (await holds(freshness)))
        ? [candidate]
        : [];
    }),
  );
  return holding
    .flat()
    .map(({ organizationId: where, row: holder }) =>
      dependent(relation, parent, holder, { organizationId: where, parentId: holder.id, childId: id }),
    );
}

async function parentsIn({ type }: End, { client }: Context, organizations: readonly string[], freshness: Freshness) {
  const found = await Promise.all(
    organizations.map(async (organizationId) => {
      const rows = [...(await type.list(client, organizationId).read(freshness)).values()];
      return rows.filter((row) => isOf(organizationId, row)).map((row) => ({ organizationId, row }));
    }),
  );
  return new Map(found.flat().map((entry) => [entry.row.id, entry]));
}

function dependent(
  relation: Relation,
  other: End,
  row: ObjectRow,
  { organizationId, parentId, childId }: { organizationId: string; parentId: string; childId: string },
): Dependent {
  const { parent, child } = relation;
  const id = `${parentId}/${childId}`;
  const state = { id, organizationId, [parent.field]: parentId, [child.field]: childId };
  return {
    name: inWords(other.type, row),
    relation,
    id,
    detach: (context) => deleteEdge(relation, context, state),
  };
}

function heldBy(resource: string, { id, name }: Held, dependents: readonly Dependent[]) {
  return new ResourceError("in-use", {
    resource,
    what: `"${name}" (${id}) was not deleted: it is still used by ${listed(dependents.map((edge) => edge.name))}`,
    hint: "Those belong to others, to another program, or to another provider of this one, whose changes can be applied first. What this program itself had attached to it may be removed already; applying the program again restores it. To delete it all the same, remove those first, or apply forceDestroy = true before the destroy: it removes all of them.",
  });
}
