import type { NamedRow } from "../../client";
import type { Context, Warning } from "../../framework";
import { explained } from "./objectType";
import { organizationFor, plannedOrganization } from "./organization";
import { edgeNotice, missingEndNotice } from "./planNotices";
import { type End, namesOf, type Relation } from "./relation";
import type { ObjectRow } from "./wire";

type Values = Record<string, unknown>;

/** The rows of those ends that are known, each under the name that it has when this run is done. */
async function plannedEnds(
  relation: Relation,
  context: Context,
  inputs: Values,
  organizationId: string,
): Promise<{ parent: ObjectRow | undefined; child: ObjectRow | undefined }> {
  const find = async ({ field, type }: End) => {
    const id = inputs[field];
    const rows = () =>
      explained(type, context.client, relation.resource, type.list(context.client, organizationId).read("cached"));
    const row = typeof id === "string" ? (await rows()).get(id) : undefined;
    return row && { ...row, name: context.run.plannedName(type.name, row.id, row.name) };
  };
  const [parent, child] = await Promise.all([find(relation.parent), find(relation.child)]);
  return { parent, child };
}

/** The names of both ends, as far as the lists hold them. */
export async function plannedNames(
  relation: Relation,
  context: Context,
  inputs: Values,
): Promise<Record<string, string>> {
  const organizationId = await organizationFor(context, relation.resource, inputs.organizationId as string | undefined);
  const { parent, child } = await plannedEnds(relation, context, inputs, organizationId);
  return namesOf(relation, { parent, child });
}

/** What a plan shows of an edge: that it exists, or that an end does not. */
export async function noticesOf(relation: Relation, context: Context, inputs: Values): Promise<Warning[]> {
  const { resource } = relation;
  const organizationId = await plannedOrganization(context, resource, inputs.organizationId as string | undefined);
  const { parent, child } = await plannedEnds(relation, context, inputs, organizationId);
  const missing = (end: End, row: NamedRow | undefined) => {
    const id = inputs[end.field];
    const unknown = row !== undefined || typeof id !== "string" || context.run.isManaged(end.type.name, id);
    return unknown ? [] : [missingEndNotice(resource, end.word, id)];
  };
  if (!parent || !child) return [...missing(relation.parent, parent), ...missing(relation.child, child)];
  if (context.run.isManaged(relation.name, `${parent.id}/${child.id}`)) return [];
  if (!(await relation.held(context, organizationId, parent.id).read("cached")).has(child.id)) {
    const reason = relation.refused(child);
    return reason ? [{ summary: `${resource}: ${reason.what}`, detail: reason.hint }] : [];
  }
  const what = `${relation.child.word} "${child.name}" (${child.id}) is in ${relation.parent.word} "${parent.name}" (${parent.id})`;
  return [edgeNotice(resource, what)];
}
