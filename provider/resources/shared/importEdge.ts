import type { CachedList, NamedRow } from "../../client";
import type { Context } from "../../framework";
import { ResourceError } from "../../framework";
import { type ImportTarget, importTarget, oneByName } from "./importId";
import { isOf, ofAnother, requireOrganizationSeen } from "./organization";
import type { EdgeKind, EdgeState, EndRow, OwnedRow } from "./relation";

export async function importEdge<P extends OwnedRow, C extends EndRow>(
  kind: EdgeKind<P, C>,
  context: Context,
  importId: string,
): Promise<EdgeState> {
  const target = await importTarget(context, kind.resource, importId, 2);
  const { organizationId } = target;
  const parents = await ownRows(kind, context, kind.parents(context, organizationId), target);
  const children = await ownRows(kind, context, kind.children(context, organizationId), target);
  const { parentId, childId } =
    "ids" in target
      ? { parentId: target.ids[0]!, childId: target.ids[1]! }
      : pairByNames(kind, parents, children, target.name);
  const parent = parents.get(parentId);
  const child = children.get(childId);
  if (!parent || !child || !(await kind.held(context, organizationId, parentId).read("cached")).has(childId)) {
    if (!parent)
      await requireOrganizationSeen(context, kind.resource, organizationId, `${kind.parent.word} ${parentId}`);
    throw new ResourceError("missing", {
      resource: kind.resource,
      what: `${kind.parent.word} ${parentId} does not hold ${kind.child.word} ${childId}`,
      hint: `Check both ids, or let the program create the ${kind.resource}: one that exists already is taken over as it is.`,
    });
  }
  return {
    id: `${parentId}/${childId}`,
    [kind.parent.field]: parentId,
    [kind.child.field]: childId,
    organizationId,
    ...kind.named(parent, child),
    owner: parent.owner,
  };
}

/** The rows of the organization; one of another that is asked for by id is refused. */
async function ownRows<Row extends EndRow>(
  { resource }: { resource: string },
  context: Context,
  list: CachedList<Row>,
  { organizationId, ...target }: ImportTarget,
): Promise<ReadonlyMap<string, Row>> {
  const rows = [...(await list.read("cached")).values()];
  const ids = "ids" in target ? target.ids : [];
  const foreign = rows.find((row) => ids.includes(row.id) && !isOf(organizationId, row));
  if (foreign) throw await ofAnother(context, resource, foreign, organizationId);
  return new Map(rows.filter((row) => isOf(organizationId, row)).map((row) => [row.id, row]));
}

/** Names may hold "/" themselves: the one split at which both names exist is meant. */
function pairByNames<P extends OwnedRow, C extends EndRow>(
  kind: EdgeKind<P, C>,
  parents: ReadonlyMap<string, P>,
  children: ReadonlyMap<string, C>,
  names: string,
): { parentId: string; childId: string } {
  const splits = [...names].flatMap((c, i) => (c === "/" ? [[names.slice(0, i), names.slice(i + 1)] as const] : []));
  const has = (rows: ReadonlyMap<string, NamedRow>, name: string) =>
    [...rows.values()].some((row) => row.name === name);
  const [parentName, childName] = splits.find(([p, c]) => has(parents, p) && has(children, c)) ??
    splits[0] ?? [names, ""];
  return {
    parentId: oneByName(parents.values(), parentName, kind.resource, kind.parent.word).id,
    childId: oneByName(children.values(), childName, kind.resource, kind.child.word).id,
  };
}
