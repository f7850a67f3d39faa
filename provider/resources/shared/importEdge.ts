import type { NamedRow } from "../../client";
import { type AnyResource, type Context, ResourceError } from "../../framework";
import { type ImportTarget, importTarget, oneByName } from "./importId";
import { explained } from "./objectType";
import { isOf, ofAnother, requireOrganizationSeen } from "./organization";
import { type EdgeState, type End, namesOf, type Relation, readForEdge } from "./relation";
import type { ObjectRow } from "./wire";

/** What an import of such an edge takes, for documentation. */
export function importForms({ parent, child }: Relation): AnyResource["importForms"] {
  return [
    { form: `<${parent.field}>/<${child.field}>`, example: `${parent.type.exampleId}/${child.type.exampleId}` },
    {
      form: `name:<${parent.word} name>/<${child.word} name>`,
      example: `name:${parent.type.exampleName}/${child.type.exampleName}`,
    },
  ];
}

/** State for an import id. */
export async function importEdge(relation: Relation, context: Context, importId: string): Promise<EdgeState> {
  const target = await importTarget(context, relation.resource, importId, 2);
  const { organizationId } = target;
  const parents = await ownRows(relation, relation.parent, context, target);
  const children = await ownRows(relation, relation.child, context, target);
  const { parentId, childId } =
    "ids" in target
      ? { parentId: target.ids[0]!, childId: target.ids[1]! }
      : pairByNames(relation, parents, children, target.name);
  const parent = parents.get(parentId);
  const child = children.get(childId);
  const holds = async () =>
    (await readForEdge(relation, context, { organizationId, parentId }, (held) => held.read("cached"))).has(childId);
  if (!parent || !child || !(await holds())) {
    if (!parent)
      await requireOrganizationSeen(context, relation.resource, organizationId, `${relation.parent.word} ${parentId}`);
    throw new ResourceError("missing", {
      resource: relation.resource,
      what: `${relation.parent.word} ${parentId} does not hold ${relation.child.word} ${childId}`,
      hint: `Check both ids, or let the program create the ${relation.resource}: one that exists already is taken over as it is.`,
    });
  }
  return {
    id: `${parentId}/${childId}`,
    [relation.parent.field]: parentId,
    [relation.child.field]: childId,
    organizationId,
    ...namesOf(relation, { parent, child }),
    owner: parent.owner,
  };
}

/** The rows of the organization; one of another that is asked for by id is refused. */
async function ownRows(
  { resource }: Relation,
  { type }: End,
  context: Context,
  { organizationId, ...target }: ImportTarget,
): Promise<ReadonlyMap<string, ObjectRow>> {
  const list = type.list(context.client, organizationId);
  const rows = [...(await explained(type, context.client, resource, list.read("cached"))).values()];
  const ids = "ids" in target ? target.ids : [];
  const foreign = rows.find((row) => ids.includes(row.id) && !isOf(organizationId, row));
  if (foreign) throw await ofAnother(context, resource, foreign, organizationId);
  return new Map(rows.filter((row) => isOf(organizationId, row)).map((row) => [row.id, row]));
}

/** Names may hold "/" themselves: the one split at which both names exist is taken. */
function pairByNames(
  relation: Relation,
  parents: ReadonlyMap<string, ObjectRow>,
  children: ReadonlyMap<string, ObjectRow>,
  names: string,
): { parentId: string; childId: string } {
  const splits = [...names].flatMap((c, i) => (c === "/" ? [[names.slice(0, i), names.slice(i + 1)] as const] : []));
  const has = (rows: ReadonlyMap<string, NamedRow>, name: string) =>
    [...rows.values()].some((row) => row.name === name);
  const [parentName, childName] = splits.find(([p, c]) => has(parents, p) && has(children, c)) ??
    splits[0] ?? [names, ""];
  return {
    parentId: oneByName(parents.values(), parentName, relation.resource, relation.parent.word).id,
    childId: oneByName(children.values(), childName, relation.resource, relation.child.word).id,
  };
}
