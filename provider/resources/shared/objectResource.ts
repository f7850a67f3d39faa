import {
  type CachedList,
  EMPTY_TEXT,
  type EnvironmentBody,
  type EnvironmentRow,
  type Meshery,
  type NamedRow,
  type Written,
} from "../../client";
import type { Context } from "../../framework";
import { ResourceError, refreshed, type State, type Warning } from "../../framework";
import { letGo, toAdopt } from "./adoption";
import { createObject } from "./createObject";
import { type Holder, release } from "./dependents";
import { isProvablyDeleted, OF_ANOTHER_USER, outOfSight, stillListed, unlessGone, warnUnjudged } from "./existence";
import { importTarget, oneByName } from "./importId";
import { passName, requireNameFree, stillNamed } from "./nameConflicts";
import { isOf, ofAnother, organizationFor, plannedOrganization, requireOrganizationSeen } from "./organization";
import { nameNotices } from "./planNotices";
import { mayBeAbsent } from "./pollUntil";
import { asItIsNow, asKnown, type Look } from "./retryWithFreshRead";
import { SENT_AGAIN, sendAndConfirm } from "./sendAndConfirm";

/** Environments and workspaces have one shape on the wire: a name and a description in an organization. */
export interface NamedKind {
  resource: "Environment" | "Workspace";
  list(client: Meshery, organizationId: string): CachedList<EnvironmentRow>;
  create(client: Meshery, body: EnvironmentBody): Promise<Written<EnvironmentRow>>;
  update(client: Meshery, id: string, body: EnvironmentBody): Promise<Written<EnvironmentRow>>;
  remove(client: Meshery, id: string, organizationId: string): Promise<void>;
  /** The edges that hold the object. */
  holders(context: Context, id: string, organizationId: string, look: Look): Promise<Holder[]>;
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

export async function createNamed(kind: NamedKind, context: Context, inputs: NamedInputs): Promise<NamedState> {
  const organizationId = await organizationFor(context, kind.resource, inputs.organizationId);
  const list = kind.list(context.client, organizationId);
  const holders = namesakesOf(kind, context, inputs.name, organizationId);
  const contested = (await holders(asKnown)).length > 0;
  const namesakes = await stillNamed(context, kind.resource, holders, inputs);
  const found = toAdopt(context, kind.resource, namesakes, inputs, `organization ${organizationId}`);
  if (found) return adopt(kind, context, found, organizationId, inputs);

  const body = { name: inputs.name, description: inputs.description ?? "", organizationId };
  const row = await createObject(context, {
    resource: kind.resource,
    name: inputs.name,
    list,
    isNamesake: (candidate) => isNamed(candidate, inputs.name, organizationId),
    isAsSent: (candidate) => isText(candidate, body.description),
    post: () => kind.create(context.client, body),
    freed: contested ? async () => (await holders(asItIsNow)).length === 0 : undefined,
    remembered: (id) => stateOf({ id, ...body, owner: "" }, organizationId, inputs, false),
  }).catch(async (error: unknown) => {
    if (mayBeAbsent(error))
      await requireOrganizationSeen(context, kind.resource, organizationId, `${kind.resource} "${inputs.name}"`);
    throw error;
  });
  return stateOf(row, organizationId, inputs, false);
}

/** Id of what a create would take over. */
export async function adoptableNamed(
  kind: NamedKind,
  context: Context,
  inputs: NamedInputs,
): Promise<string | undefined> {
  const organizationId = await organizationFor(context, kind.resource, inputs.organizationId);
  const namesakes = named(await kind.list(context.client, organizationId).read("cached"), inputs.name, organizationId);
  return toAdopt(context, kind.resource, namesakes, inputs, `organization ${organizationId}`)?.id;
}

/** What a plan tells of an object whose name exists already. */
export async function noticesNamed(
  kind: NamedKind,
  context: Context,
  inputs: Partial<NamedInputs>,
): Promise<Warning[]> {
  const organizationId = await plannedOrganization(context, kind.resource, inputs.organizationId);
  const { name, description, adopt } = inputs;
  if (name === undefined) return [];
  const rows = await namesakesOf(kind, context, name, organizationId)(asKnown);
  return nameNotices(context, kind.resource, rows, { name, adopt }, (row) =>
    description === undefined || description === row.description
      ? []
      : [{ field: "description", values: [row.description, description] }],
  );
}

async function adopt(
  kind: NamedKind,
  context: Context,
  row: EnvironmentRow,
  organizationId: string,
  inputs: NamedInputs,
): Promise<NamedState> {
  const description = inputs.description ?? row.description;
  if (description === row.description) return stateOf(row, organizationId, inputs, true);
  const state = stateOf(row, organizationId, inputs, true);
  await stillListed(kind.list(context.client, organizationId), kind.resource, row);
  return write(kind, context, { ...state, description: row.description }, { ...inputs, name: row.name, description });
}

export async function readNamed<S extends NamedState>(
  kind: NamedKind,
  context: Context,
  state: S,
  fields: Parameters<typeof refreshed>[0],
): Promise<S | undefined> {
  const list = kind.list(context.client, state.organizationId);
  const row = await list.find(state.id);
  if (!row) {
    const what = `${kind.resource} "${state.name}" (${state.id})`;
    if (await isProvablyDeleted(context, kind.resource, state, what)) return undefined;
    warnUnjudged(context, kind.resource, what, OF_ANOTHER_USER);
    return state;
  }
  const description = isText(row, state.description ?? "") ? state.description : row.description;
  const live = { name: row.name, description, owner: row.owner || state.owner };
  return refreshed(fields, state as unknown as State, live) as unknown as S;
}

export async function updateNamed(
  kind: NamedKind,
  context: Context,
  state: NamedState,
  inputs: NamedInputs,
): Promise<NamedState> {
  const adopted = inputs.adopt === false ? false : state.adopted;
  const next = { ...state, ...defined(inputs), organizationId: state.organizationId, adopted };
  const wanted = inputs.description;
  const sameName = inputs.name === state.name;
  if (sameName && (wanted === undefined || wanted === state.description)) return next;
  const live = await stillListed(kind.list(context.client, state.organizationId), kind.resource, state);
  // What the state does not know, because it was not managed so far, the server does.
  if (sameName && state.description === undefined && wanted === live.description) return next;
  if (!sameName) {
    const namesakes = namesakesOf(kind, context, inputs.name, state.organizationId);
    await requireNameFree(context, kind.resource, state, inputs.name, namesakes);
  }
  const written = await write(kind, context, state, {
    ...inputs,
    description: wanted ?? live.description,
  });
  return { ...next, name: written.name, description: wanted === undefined ? state.description : written.description };
}

/** The server did what it was asked, but for an empty text. */
const KEEPS_TEXT = Symbol("the old text stays");

/** Sends the whole object, since servers overwrite what is left out, and looks until the list shows it. */
async function write(
  kind: NamedKind,
  context: Context,
  state: NamedState,
  wanted: NamedInputs & { description: string },
): Promise<NamedState> {
  const { organizationId, id } = state;
  const { name, description } = wanted;
  const list = kind.list(context.client, organizationId);
  context.run.announceRename(kind.resource, id, name);
  const namesakes = namesakesOf(kind, context, name, organizationId);
  const others = async (look: Look) => (await namesakes(look)).filter((row) => row.id !== id);
  const contested = name !== state.name && (await others(asKnown)).length > 0;
  const put = (called: string, text: string) =>
    sendAndConfirm(context, {
      send: () => kind.update(context.client, id, { name: called, description: text, organizationId }),
      stated: ({ row }: Written<EnvironmentRow>) => row && true,
      seen: async ({ answer }) => {
        // A server that keeps the old text says so in its answer already.
        if (text === "" && (answer?.other?.description ?? "") !== "") return KEEPS_TEXT;
        const row = (await list.read("now")).get(id);
        return row?.name === called && isText(row, description) ? true : undefined;
      },
      freed: contested ? async () => (await others(asItIsNow)).length === 0 : undefined,
      ifUnknown: SENT_AGAIN,
    });
  const names = { id, name: state.name, wanted: name, contested };
  let sent = await passName(names, (called) => put(called, description));
  // Some servers ignore an empty text, others refuse it.
  const textless = sent.failure ? sent.failure.code === "refused" && !contested : sent.unread === undefined;
  if (sent.effect !== true && description === "" && textless) sent = await put(name, EMPTY_TEXT);
  if (sent.effect === true) return { ...state, name, description };
  throw (
    sent.failure ??
    sent.unread ??
    new ResourceError("unconfirmed", {
      resource: kind.resource,
      what: `the server accepted the change of "${state.name}" (${id}) but still shows the old values`,
      hint: "Run again: what is still missing is sent once more.",
    })
  );
}

export async function deleteNamed(kind: NamedKind, context: Context, state: NamedState): Promise<void> {
  if (letGo(context, kind.resource, state)) return;
  const { id, organizationId } = state;
  const list = kind.list(context.client, organizationId);
  const released = async () => {
    await release(context, kind.resource, state, (look) => kind.holders(context, id, organizationId, look));
    return true;
  };
  if (!(await list.find(id)) || !(await unlessGone(list, id, released()))) {
    const what = `${kind.resource} "${state.name}" (${id})`;
    if (await isProvablyDeleted(context, kind.resource, state, what)) return;
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
  context: Context,
  remove: () => Promise<void>,
  list: CachedList<{ id: string; name: string }>,
  id: string,
  what: string,
): Promise<void> {
  const absent = async () => !(await list.read("now")).has(id);
  const { effect, failure, unread } = await sendAndConfirm(context, {
    send: remove,
    // One list is no proof (see `CachedList.find`): after an error it is all that there is.
    seen: async (outcome) => ((await absent()) && (!outcome.failure || (await absent())) ? true : undefined),
    ifUnknown: "Run again: what is gone by then is found gone.",
  });
  if (effect) return;
  throw (
    failure ??
    unread ??
    new ResourceError("unconfirmed", {
      resource: what,
      what: "the server accepted the delete but still lists it",
      hint: "Run destroy again; if it stays, look at the server's log.",
    })
  );
}

export async function importNamed(kind: NamedKind, context: Context, importId: string): Promise<NamedState> {
  const target = await importTarget(context, kind.resource, importId, 1);
  const { organizationId } = target;
  const rows = await kind.list(context.client, organizationId).read("cached");
  const named = ({ name }: NamedRow) => "name" in target && name === target.name;
  const foreign = [...rows.values()].find(
    (row) => !isOf(organizationId, row) && ("name" in target ? named(row) : row.id === target.ids[0]),
  );
  const own = [...rows.values()].filter((row) => isOf(organizationId, row));
  if (foreign && !own.some(named)) throw await ofAnother(context, kind.resource, foreign, organizationId);
  const row =
    "name" in target
      ? oneByName(own, target.name, kind.resource, kind.resource.toLowerCase())
      : rows.get(target.ids[0]!);
  if (row) return stateOf(row, organizationId, {}, false);
  await requireOrganizationSeen(context, kind.resource, organizationId, `${kind.resource} ${importId}`);
  throw new ResourceError("missing", {
    resource: kind.resource,
    what: `organization ${organizationId} has no ${kind.resource.toLowerCase()} with the id ${importId}`,
    hint: `Check the id; name:<exact name> imports by name, <organizationId>/<id> from another organization.`,
  });
}

/** Whether a row has the name; some servers list those of other organizations too. */
const isNamed = (row: EnvironmentRow, name: string, organizationId: string) =>
  row.name === name && isOf(organizationId, row);

/** Whether a row has the text; some servers cut blanks at its ends. */
const isText = (row: EnvironmentRow, text: string) => row.description === text || row.description === text.trim();

const named = (rows: ReadonlyMap<string, EnvironmentRow>, name: string, organizationId: string) =>
  [...rows.values()].filter((row) => isNamed(row, name, organizationId));

const namesakesOf =
  (kind: NamedKind, { client }: Context, name: string, organizationId: string) =>
  async (look: Look) =>
    named(await look(kind.list(client, organizationId)), name, organizationId);

const defined = <T extends object>(values: T): Partial<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
