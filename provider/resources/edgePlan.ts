import type { Warning } from "../core";
import type { Collection, NamedRow } from "../meshery";
import type { MesheryContext } from "./context";
import type { EdgeEnd, EdgeKind, EndRow, OwnedRow } from "./edgeKind";
import { edgeNotice, missingEndNotice } from "./notices";
import { organizationFor, plannedOrganization } from "./organization";

type Values = Record<string, unknown>;

/** The rows of those ends that are known, each under the name that it has when this run is done. */
async function plannedEnds<P extends OwnedRow, C extends EndRow>(
  kind: EdgeKind<P, C>,
  context: MesheryContext,
  inputs: Values,
  organizationId: string,
): Promise<{ parent: P | undefined; child: C | undefined }> {
  const find = async <Row extends NamedRow>({ field, resource }: EdgeEnd, list: () => Collection<Row>) => {
    const id = inputs[field];
    const row = typeof id === "string" ? (await list().rows()).get(id) : undefined;
    return row && { ...row, name: context.memory.plannedName(resource, row.id, row.name) };
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
  context: MesheryContext,
  inputs: Values,
): Promise<Record<string, string>> {
  const organizationId = await organizationFor(context, kind.resource, inputs.organizationId as string | undefined);
  const { parent, child } = await plannedEnds(kind, context, inputs, organizationId);
  return kind.named(parent, child);
}

/** What a plan tells of an edge: that it exists, or that an end does not. */
export async function noticesOf<P extends OwnedRow, C extends EndRow>(
  kind: EdgeKind<P, C>,
  context: MesheryContext,
  inputs: Values,
): Promise<Warning[]> {
  const { resource } = kind;
  const organizationId = await plannedOrganization(context, resource, inputs.organizationId as string | undefined);
  const { parent, child } = await plannedEnds(kind, context, inputs, organizationId);
  const missing = (end: EdgeEnd, row: NamedRow | undefined) => {
    const id = inputs[end.field];
    const unknown = row !== undefined || typeof id !== "string" || context.memory.manages(end.resource, id);
    return unknown ? [] : [missingEndNotice(resource, end.word, id)];
  };
  if (!parent || !child) return [...missing(kind.parent, parent), ...missing(kind.child, child)];
  if (context.memory.manages(resource, `${parent.id}/${child.id}`)) return [];
  if (!(await kind.held(context, organizationId, parent.id).rows()).has(child.id)) return [];
  const what = `${kind.child.word} "${child.name}" (${child.id}) is in ${kind.parent.word} "${parent.name}" (${parent.id})`;
  return [edgeNotice(resource, what)];
}
