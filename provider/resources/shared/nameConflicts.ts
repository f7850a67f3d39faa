import type { Freshness, NamedRow } from "../../client";
import { type Context, ResourceError, type Values } from "../../framework";
import type { ObjectType } from "./objectType";
import { isOf } from "./organization";
import { isRefusal } from "./sendAndConfirm";
import type { ObjectRow } from "./wire";

/** Who has a name. */
export type Namesakes<Row> = (freshness: Freshness) => Promise<readonly Row[]>;

/** Whether a row has the identity that values ask for; some servers list those of other organizations too. */
export const isNamesake = ({ identity }: ObjectType, row: ObjectRow, organizationId: string, values: Values): boolean =>
  identity.every((field) => (field === "organizationId" ? isOf(organizationId, row) : row[field] === values[field]));

/** Those of the namesakes whose name this run does not free; waits up to `patience` milliseconds to hear of it. */
async function exceptFreed<Row extends NamedRow>(
  { run }: Context,
  resource: string,
  name: string,
  namesakes: readonly Row[],
  patience: number,
): Promise<Row[]> {
  const freed = await Promise.all(namesakes.map((row) => run.isNameFreed(resource, row.id, name, patience)));
  return namesakes.filter((_, i) => !freed[i]);
}

/**
 * Who conflicts with a name, by a list as it is now: since it was read others may have given the name away, or taken it. What
 * they made meanwhile could otherwise not be told from what this run makes a moment later.
 */
async function currentConflicts<Row extends NamedRow>(
  context: Context,
  resource: string,
  name: string,
  namesakes: Namesakes<Row>,
): Promise<Row[]> {
  await exceptFreed(context, resource, name, await namesakes("cached"), context.client.timing.nameFreed);
  return exceptFreed(context, resource, name, await namesakes("now"), 0);
}

/** Who has the name of something new, and does not give it away in this run. */
export async function findNameConflicts<Row extends NamedRow>(
  context: Context,
  resource: string,
  namesakes: Namesakes<Row>,
  { name, adopt }: { name: string; adopt?: boolean | undefined },
): Promise<Row[]> {
  // Of what nobody had, creates that overlap look together.
  if ((await namesakes("cached")).length === 0 && (await namesakes("together")).length === 0) return [];
  if (adopt !== true && !context.adoptAll) return currentConflicts(context, resource, name, namesakes);
  // Where one may be adopted, nobody waits for a rename that most probably will not come.
  const known = await exceptFreed(context, resource, name, await namesakes("cached"), 0);
  return known.length > 0 ? known : exceptFreed(context, resource, name, await namesakes("now"), 0);
}

/**
 * Announces a rename, and makes sure that the name is free or given away in the same run.
 * @throws ResourceError `exists`
 */
export async function requireNameFree<Row extends NamedRow>(
  context: Context,
  resource: string,
  state: { id: string; name: string },
  name: string,
  namesakes: Namesakes<Row>,
): Promise<void> {
  const { run } = context;
  run.announceRename(resource, state.id, name);
  const others = async (freshness: Freshness) => (await namesakes(freshness)).filter((row) => row.id !== state.id);
  const left = await currentConflicts(context, resource, name, others);
  // An engine that does one thing at a time removes it after this.
  const holder = left.find((row) => !run.isPendingDeletion(resource, row.id));
  if (!holder) return;
  run.announceRename(resource, state.id, state.name);
  throw new ResourceError("exists", {
    resource,
    field: "name",
    what: `"${state.name}" (${state.id}) cannot be renamed to "${name}": that name is in use (id ${holder.id})`,
    hint: `Choose another name, or rename or remove the other ${resource.toLowerCase()} first; both renames in one run are fine.`,
  });
}

/**
 * Gives an object a name that another one of this run may still have. Some servers refuse a name in use; two objects that change
 * names would then wait for each other, so one that waited in vain steps aside under a name of its own. Where the name does not
 * become free, the old one is put back.
 */
export async function giveName<Sent extends { failure?: unknown }>(
  { id, name, wanted, contested }: { id: string; name: string; wanted: string; contested: boolean },
  send: (name: string) => Promise<Sent>,
): Promise<Sent> {
  const first = await send(wanted);
  if (!isRefusal(first.failure) || !contested) return first;
  const aside = await send(`meshery-iac ${id}`);
  if (aside.failure) return aside;
  const second = await send(wanted);
  if (isRefusal(second.failure)) await send(name);
  return second;
}
