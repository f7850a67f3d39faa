import { type AnyResource, type Context, ResourceError, type State } from "../../framework";
import { type ImportTarget, importTarget, oneByName } from "./importId";
import { flagDefaults, type ObjectType } from "./objectType";
import { EXAMPLE_ORGANIZATION, isOf, ofAnother, requireOrganizationSeen } from "./organization";
import type { ObjectRow } from "./wire";

/** What an import of such an object takes, for documentation. */
export function importForms({ inOrganization, exampleId, exampleName }: ObjectType): AnyResource["importForms"] {
  return [
    { form: "<id>", example: exampleId },
    ...(inOrganization ? [{ form: "<organizationId>/<id>", example: `${EXAMPLE_ORGANIZATION}/${exampleId}` }] : []),
    { form: "name:<exact name>", example: `name:${exampleName}` },
  ];
}

/**
 * State for an import id.
 * @throws ResourceError `invalid-input`, `organization`, `missing` or `ambiguous`
 */
export async function importObject(type: ObjectType, context: Context, importId: string): Promise<State> {
  const target = await targetOf(type, context, importId);
  const { organizationId } = target;
  const rows = [...(await type.list(context.client, organizationId).read("cached")).values()];
  const row = await meantBy(type, context, rows, target);
  if (row) return stateOf(type, context, row, organizationId);
  if (type.inOrganization)
    await requireOrganizationSeen(context, type.name, organizationId, `${type.name} ${importId}`);
  throw missing(type, importId, organizationId);
}

async function targetOf(type: ObjectType, context: Context, importId: string): Promise<ImportTarget> {
  if (type.inOrganization) return importTarget(context, type.name, importId, 1);
  // It belongs to no organization: one that is named all the same is left aside.
  if (!importId.startsWith("name:")) return { organizationId: "", ids: [importId.split("/").at(-1) ?? ""] };
  return { organizationId: "", name: importId.slice("name:".length) };
}

async function meantBy(
  type: ObjectType,
  context: Context,
  rows: readonly ObjectRow[],
  target: ImportTarget,
): Promise<ObjectRow | undefined> {
  const { organizationId } = target;
  const answers = (row: ObjectRow) => ("name" in target ? row.name === target.name : row.id === target.ids[0]);
  const own = rows.filter((row) => !type.inOrganization || isOf(organizationId, row));
  const foreign = rows.find((row) => !own.includes(row) && answers(row));
  if (foreign && !own.some(answers)) throw await ofAnother(context, type.name, foreign, organizationId);
  return "name" in target ? oneByName(own, target.name, type.name, type.word) : own.find(answers);
}

/** What a program would write for it, with what is recorded and reported beside it. */
function stateOf(type: ObjectType, context: Context, row: ObjectRow, organizationId: string): State {
  const values = type.wired.map(([name, { wire }]) => [
    name,
    wire.imported ? wire.imported(row[name], row, context.configured ?? {}) : row[name],
  ]);
  return {
    ...Object.fromEntries(values),
    ...flagDefaults(type),
    id: row.id,
    ...(type.inOrganization && { organizationId }),
    adopted: false,
  };
}

const missing = ({ name: resource, word, inOrganization }: ObjectType, importId: string, organizationId: string) =>
  new ResourceError("missing", {
    resource,
    what: inOrganization
      ? `organization ${organizationId} has no ${word} with the id ${importId}`
      : `this token sees no ${word} with the id ${importId}`,
    hint: inOrganization
      ? "Check the id; name:<exact name> imports by name, <organizationId>/<id> from another organization."
      : `It may be gone, or belong to a user whose ${word}s this token does not see. Connections that were removed and registered again have a new id.`,
  });
