import { PartialError, ResourceError, refreshed, type State } from "../core";
import {
  type Collection,
  EMPTY_TEXT,
  type EnvironmentBody,
  type EnvironmentRow,
  type Meshery,
  type Written,
} from "../meshery";
import { isGone, OF_ANOTHER_USER, outOfSight, ownedByUser, unlessGone, warnUnjudged } from "./absence";
import { lookUntil, type MesheryContext, mayBeAbsent, mayHaveWorked } from "./context";
import { type Holder, release } from "./holders";
import { importTarget, oneByName } from "./importId";
import { asItIsNow, asKnown, type Look } from "./looks";
import { passName, requireNameFree, stillNamed, whenFree } from "./names";
import { organizationFor, requireOrganizationSeen } from "./organization";
import { letGo, toAdopt } from "./ownership";

/** Environments and workspaces have one shape on the wire: a name and a description in an organization. */
export interface NamedKind {
  resource: "Environment" | "Workspace";
  list(client: Meshery, organizationId: string): Collection<EnvironmentRow>;
  create(client: Meshery, body: EnvironmentBody): Promise<Written<EnvironmentRow>>;
  update(client: Meshery, id: string, body: EnvironmentBody): Promise<Written<EnvironmentRow>>;
  remove(client: Meshery, id: string, organizationId: string): Promise<void>;
  /** The edges that hold the object. */
  holders(context: MesheryContext, id: string, organizationId: string, look: Look): Promise<Holder[]>;
}

export type NamedInputs = {
  name: string;
  description?: string | undefined;
  organizationId?: string | undefined;
  adopt?: boolean | undefined;
  forceDestroy?: boolean | undefined;
};
export type NamedState = NamedInputs & { id: string; organizationId: string; adopted: boolean; owner: string };

const stateOf = (
  row: EnvironmentRow,
  organizationId: string,
  inputs: Partial<NamedInputs>,
  adopted: boolean,
): NamedState => ({
  id: row.id,
  name: row.name,
  description: row.description,
  organizationId,
  adopt: inputs.adopt ?? false,
  forceDestroy: inputs.forceDestroy ?? false,
  adopted,
  owner: row.owner,
});

export async function createNamed(kind: NamedKind, context: MesheryContext, inputs: NamedInputs): Promise<NamedState> {
  const organizationId = await organizationFor(context, kind.resource, inputs.organizationId);
  const list = kind.list(context.client, organizationId);
  const holders = namesakesOf(kind, context, inputs.name, organizationId);
  const contested = (await holders(asKnown)).length > 0;
  const namesakes = await stillNamed(context, kind.resource, holders, inputs);
  const found = toAdopt(context, kind.resource, namesakes, inputs, `organization ${organizationId}`);
  if (found) return adopt(kind, context, found, organizationId, inputs);

  const known = new Set((await list.rows()).keys());
  const body = { name: inputs.name, description: inputs.description ?? "", organizationId };
  const post = () => kind.create(context.client, body);
  const contest = { holders: () => holders(asItIsNow), contested };
  const written = await whenFree(context, contest, post).catch((error: unknown) => {
    if (!mayHaveWorked(error)) throw error;
    return { failure: error } as const;
  });
  if ("row" in written && written.row) return stateOf(written.row, organizationId, inputs, false);
  const failure = "failure" in written ? written.failure : undefined;
  if (mayBeAbsent(failure))
    await requireOrganizationSeen(context, kind.resource, organizationId, `${kind.resource} "${inputs.name}"`);
  const stated = "id" in written ? written.id : undefined;
  const state = (id: string) => stateOf({ id, ...body, owner: "" }, organizationId, inputs, false);
  try {
    const row = await lookUntil(context, async () => {
      const rows = await list.fresh();
      if (stated !== undefined) return rows.get(stated);
      const fresh = named(rows, inputs.name, organizationId).filter((r) => !known.has(r.id));
      if (fresh.length > 1) throw twins(kind, inputs.name, fresh);
      const [row] = fresh;
      // Where the server did not accept it, somebody else may have made this one at that moment.
      const isOurs =
        failure === undefined || (row?.description === body.description && (await ownedByUser(context, row.owner)));
      return isOurs ? row : undefined;
    });
    if (row) return stateOf(row, organizationId, inputs, false);
  } catch (error) {
    if (stated === undefined || !(error instanceof Error)) throw error;
    throw new PartialError(stated, state(stated), error);
  }
  if (failure !== undefined) throw failure;
  const unconfirmed = new ResourceError("unconfirmed", {
    resource: kind.resource,
    what: `the server accepted "${inputs.name}" but does not list it`,
    hint: "If it appears later, run again with adopt = true (or MESHERY_ADOPT=1) to take it over; nothing is created a second time unless you run without.",
  });
  throw stated === undefined ? unconfirmed : new PartialError(stated, state(stated), unconfirmed);
}

/** Id of what a create would take over. */
export async function adoptableNamed(
  kind: NamedKind,
  context: MesheryContext,
  inputs: NamedInputs,
): Promise<string | undefined> {
  const organizationId = await organizationFor(context, kind.resource, inputs.organizationId);
  const namesakes = named(await kind.list(context.client, organizationId).rows(), inputs.name, organizationId);
  return toAdopt(context, kind.resource, namesakes, inputs, `organization ${organizationId}`)?.id;
}

async function adopt(
  kind: NamedKind,
  context: MesheryContext,
  row: EnvironmentRow,
  organizationId: string,
  inputs: NamedInputs,
): Promise<NamedState> {
  const description = inputs.description ?? row.description;
  if (description === row.description) return stateOf(row, organizationId, inputs, true);
  const state = stateOf(row, organizationId, inputs, true);
  return write(kind, context, { ...state, description: row.description }, { ...inputs, name: row.name, description });
}

export async function readNamed<S extends NamedState>(
  kind: NamedKind,
  context: MesheryContext,
  state: S,
  fields: Parameters<typeof refreshed>[0],
): Promise<S | undefined> {
  const list = kind.list(context.client, state.organizationId);
  const row = await list.find(state.id);
  if (!row) {
    const what = `${kind.resource} "${state.name}" (${state.id})`;
    if (await isGone(context, kind.resource, state, what)) return undefined;
    warnUnjudged(context, kind.resource, what, OF_ANOTHER_USER);
    return state;
  }
  const live = { name: row.name, description: row.description, owner: row.owner || state.owner };
  return refreshed(fields, state as unknown as State, live) as unknown as S;
}

export async function updateNamed(
  kind: NamedKind,
  context: MesheryContext,
  state: NamedState,
  inputs: NamedInputs,
): Promise<NamedState> {
  const adopted = inputs.adopt === false ? false : state.adopted;
  const next = { ...state, ...defined(inputs), organizationId: state.organizationId, adopted };
  const wanted = inputs.description;
  const sameName = inputs.name === state.name;
  if (sameName && (wanted === undefined || wanted === state.description)) return next;
  const live = (await kind.list(context.client, state.organizationId).rows()).get(state.id);
  // What the state does not know, because it was not managed so far, the server does.
  if (sameName && state.description === undefined && wanted === (live?.description ?? "")) return next;
  if (!sameName) {
    const namesakes = namesakesOf(kind, context, inputs.name, state.organizationId);
    await requireNameFree(context, kind.resource, state, inputs.name, namesakes);
  }
  const written = await write(kind, context, state, {
    ...inputs,
    description: wanted ?? live?.description ?? "",
  });
  return { ...next, name: written.name, description: wanted === undefined ? state.description : written.description };
}

/** Sends the whole object, since servers overwrite what is left out, and looks until the list shows it. */
async function write(
  kind: NamedKind,
  context: MesheryContext,
  state: NamedState,
  wanted: NamedInputs & { description: string },
): Promise<NamedState> {
  const { organizationId, id } = state;
  const { name, description } = wanted;
  const list = kind.list(context.client, organizationId);
  context.memory.renaming(kind.resource, id, name);
  const look = () =>
    lookUntil(context, async () => {
      const row = (await list.fresh()).get(id);
      return row?.name === name && row.description === description ? true : undefined;
    });
  const namesakes = namesakesOf(kind, context, name, organizationId);
  const others = async (look: Look) => (await namesakes(look)).filter((row) => row.id !== id);
  const contest = {
    holders: () => others(asItIsNow),
    contested: name !== state.name && (await others(asKnown)).length > 0,
  };
  let failure: unknown;
  const send = async (text: string) => {
    const put = (called: string) =>
      kind.update(context.client, id, { name: called, description: text, organizationId });
    return passName(context, { id, name: state.name, wanted: name }, contest, put).catch((error: unknown) => {
      if (!mayHaveWorked(error)) throw error;
      failure = error;
      return {} as Written<EnvironmentRow>;
    });
  };
  const written = await send(description);
  const keepsText = description === "" && written.other !== undefined && written.other.description !== "";
  let done = written.row !== undefined || (!keepsText && (await look()));
  if (!done && failure === undefined && description === "")
    done = (await send(EMPTY_TEXT)).row !== undefined || (await look());
  if (done) return { ...state, name, description };
  throw (
    failure ??
    new ResourceError("unconfirmed", {
      resource: kind.resource,
      what: `the server accepted the change of "${state.name}" (${id}) but still shows the old values`,
      hint: "Run again: what is still missing is sent once more.",
    })
  );
}

export async function deleteNamed(kind: NamedKind, context: MesheryContext, state: NamedState): Promise<void> {
  if (letGo(context, kind.resource, state)) return;
  const { id, organizationId } = state;
  const list = kind.list(context.client, organizationId);
  const released = async () => {
    await release(context, kind.resource, state, (look) => kind.holders(context, id, organizationId, look));
    return true;
  };
  if (!(await list.find(id)) || !(await unlessGone(list, id, released()))) {
    const what = `${kind.resource} "${state.name}" (${id})`;
    if (await isGone(context, kind.resource, state, what)) return;
    throw outOfSight(kind.resource, what, OF_ANOTHER_USER);
  }
  await removeAndConfirm(
    context,
    () => kind.remove(context.client, id, organizationId),
    list,
    id,
    `${kind.resource} "${state.name}"`,
  );
}

/** Sends the delete and looks until the list no longer has it; gone already is as good. */
export async function removeAndConfirm(
  context: MesheryContext,
  remove: () => Promise<void>,
  list: Collection<{ id: string; name: string }>,
  id: string,
  what: string,
): Promise<void> {
  let failure: unknown;
  await remove().catch((error: unknown) => {
    if (!mayHaveWorked(error) && !mayBeAbsent(error)) throw error;
    failure = error;
  });
  const gone = await lookUntil(context, async () => ((await list.fresh()).has(id) ? undefined : true));
  if (gone) return;
  throw (
    failure ??
    new ResourceError("unconfirmed", {
      resource: what,
      what: "the server accepted the delete but still lists it",
      hint: "Run destroy again; if it stays, look at the server's log.",
    })
  );
}

export async function importNamed(kind: NamedKind, context: MesheryContext, importId: string): Promise<NamedState> {
  const target = await importTarget(context, kind.resource, importId, 1);
  const { organizationId } = target;
  const rows = await kind.list(context.client, organizationId).rows();
  const row =
    "name" in target
      ? oneByName(rows.values(), target.name, kind.resource, kind.resource.toLowerCase())
      : rows.get(target.ids[0]!);
  if (row) return stateOf(row, organizationId, {}, false);
  await requireOrganizationSeen(context, kind.resource, organizationId, `${kind.resource} ${importId}`);
  throw new ResourceError("missing", {
    resource: kind.resource,
    what: `organization ${organizationId} has no ${kind.resource.toLowerCase()} with the id ${importId}`,
    hint: `Check the id; name:<exact name> imports by name, <organizationId>/<id> from another organization.`,
  });
}

/** The objects of a name; some servers list those of other organizations too. */
const named = (rows: ReadonlyMap<string, EnvironmentRow>, name: string, organizationId: string) =>
  [...rows.values()].filter(
    (row) => row.name === name && (row.organizationId === undefined || row.organizationId === organizationId),
  );

const namesakesOf =
  (kind: NamedKind, { client }: MesheryContext, name: string, organizationId: string) =>
  async (look: Look) =>
    named(await look(kind.list(client, organizationId)), name, organizationId);

const twins = (kind: NamedKind, name: string, rows: readonly EnvironmentRow[]) =>
  new ResourceError("ambiguous", {
    resource: kind.resource,
    field: "name",
    what: `${rows.length} objects named "${name}" appeared while one was created`,
    hint: `Somebody else created another at the same moment. Import the one you want by its id: ${rows.map((row) => row.id).join(", ")}.`,
  });

const defined = <T extends object>(values: T): Partial<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
