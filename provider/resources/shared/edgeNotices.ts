import type { CachedList, NamedRow } from "../../client";
import type { Context, Warning } from "../../framework";
import { organizationFor, plannedOrganization } from "./organization";
import { edgeNotice, missingEndNotice } from "./planNotices";
import type { EdgeEnd, EdgeKind, EndRow, OwnedRow } from "./relation";

type Values = Record<string, unknown>;

/** The rows of those ends that are known, each under the name that it has when this run is done. */
async function plannedEnds<P extends OwnedRow, C extends EndRow>(
  kind: EdgeKind<P, C>,
  context: Context,
  inputs: Values,
  organizationId: string,
): Promise<{ parent: P | undefined; child: C | undefined }> {
  const find = async <Row extends NamedRow>({ field, resource }: EdgeEnd, list: () => CachedList<Row>) => {
    const id = inputs[field];
    const row = typeof id === "string" ? (await list().read("cached")).get(id) : undefined;
    return row && { ...row, name: context.run.plannedName(resource, row.id, row.name) };
  };
  const [parent, child] = await Promise.all([
    find(kind.parent, () => kind.parents(context, organizationId)),
    find(kind.child, () => kind.children(context, organizationId)),
  ]);
  return { parent, child };
}

/** The names of both ends, as far as the lists hold them. */
export async function namesOf<P extends OwnedRow, C extends EndRow>(
  kind: EdgeKind<P, C>,
  context: Context,
  inputs: Values,
): Promise<Record<string, string>> {
  const organizationId = await organizationFor(context, kind.resource, inputs.organizationId as string | undefined);
  const { parent, child } = await plannedEnds(kind, context, inputs, organizationId);
  return kind.named(parent, child);
}

/** What a plan tells of an edge: that it exists, or that an end does not. */
export async function noticesOf<P extends OwnedRow, C extends EndRow>(
  kind: EdgeKind<P, C>,
  context: Context,
  inputs: Values,
): Promise<Warning[]> {
  const { resource } = kind;
  const organizationId = await plannedOrganization(context, resource, inputs.organizationId as string | undefined);
  const { parent, child } = await plannedEnds(kind, context, inputs, organizationId);
  const missing = (end: EdgeEnd, row: NamedRow | undefined) => {
    const id = inputs[end.field];
    const unknown = row !== undefined || typeof id !== "string" || context.run.isManaged(end.resource, id);
    return unknown ? [] : [missingEndNotice(resource, end.word, id)];
  };
  if (!parent || !child) return [...missing(kind.parent, parent), ...missing(kind.child, child)];
  if (context.run.isManaged(resource, `${parent.id}/${child.id}`)) return [];
  if (!(await kind.held(context, organizationId, parent.id).read("cached")).has(child.id)) return [];
  const what = `${kind.child.word} "${child.name}" (${child.id}) is in ${kind.parent.word} "${parent.name}" (${parent.id})`;
  return [edgeNotice(resource, what)];
}
