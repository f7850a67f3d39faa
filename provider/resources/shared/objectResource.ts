import type { CachedList, Freshness } from "../../client";
import {
  type AnyResource,
  type Context,
  defined,
  differences,
  type Fields,
  type ResourceDefinition,
  refreshed,
  type State,
  sameValue,
  type Values,
} from "../../framework";
import { releaseAdopted, resolveAdoption } from "./adoption";
import { createObject } from "./createObject";
import { detachDependents } from "./dependents";
import {
  findOrProveAbsent,
  OF_ANOTHER_USER,
  outOfSight,
  type Subject,
  stillListed,
  unlessDeleted,
  warnUnknown,
} from "./existence";
import { importForms, importObject } from "./importObject";
import { findNameConflicts, isNamesake, requireNameFree } from "./nameConflicts";
import { flagDefaults, type ObjectType, type ObjectTypeOf, qualifiersOf } from "./objectType";
import { organizationFor, plannedOrganization, requireOrganizationSeen } from "./organization";
import { changesOf, nameNotices } from "./planNotices";
import { mayBeAbsent } from "./pollUntil";
import { requireUnreferenced } from "./references";
import { relationsOf } from "./relation";
import { removeObject } from "./removeObject";
import { statement, updateObject } from "./updateObject";
import {
  bodyOf,
  changeable,
  changedFields,
  declarable,
  hiddenValues,
  isHidden,
  isSame,
  type ObjectRow,
  unconfirmedFields,
  type WiredFields,
} from "./wire";

/** The inputs of an object as far as all objects have them. */
export type ObjectInputs = Values & { name: string; organizationId?: string; adopt?: boolean; forceDestroy?: boolean };
export type ObjectState = State & { name: string; organizationId?: string; adopted: boolean; owner: string };

type ObjectOptions<F extends Fields> = Pick<ResourceDefinition<F>, "description" | "check" | "changeNotices">;

/**
 * A resource for a kind of object. All of them are made, found, changed and removed in one way; how their fields reach the server
 * and come back says each field's `wire`.
 */
export function objectResource<F extends Fields>(
  type: ObjectTypeOf<F>,
  { description, check, changeNotices }: ObjectOptions<F>,
): ResourceDefinition<F> {
  const definition: Omit<AnyResource, "check"> = {
    name: type.name,
    description,
    fields: type.fields,
    identity: type.identity,
    importForms: importForms(type),
    adoptable: (context, inputs) => adoptable(type, context, inputs as ObjectInputs),
    plannedNotices: (context, inputs) => noticesOf(type, context, inputs),
    create: (context, inputs) => create(type, context, inputs as ObjectInputs),
    read: (context, state) => read(type, context, state as ObjectState),
    update: (context, state, inputs) => update(type, context, state as ObjectState, inputs as ObjectInputs),
    delete: (context, state) => remove(type, context, state as ObjectState),
    import: (context, importId) => importObject(type, context, importId),
  };
  return { ...definition, ...defined({ check, changeNotices }) } as unknown as ResourceDefinition<F>;
}

/** Where an identity has to be unique, in words. */
const whereIn = (type: ObjectType, organizationId: string, inputs: Values) => {
  const qualifiers = qualifiersOf(type).map((field) => `${field} ${String(inputs[field])}`);
  const where = type.inOrganization ? `organization ${organizationId}` : "Meshery";
  return qualifiers.length === 0 ? where : `${where} (${qualifiers.join(", ")})`;
};

/** The organization of something new; empty for what belongs to none. */
const organizationOf = async (type: ObjectType, context: Context, { organizationId }: Values): Promise<string> =>
  type.inOrganization ? organizationFor(context, type.name, organizationId as string | undefined) : "";

/** Who has the identity of what a program writes. */
const namesakesOf =
  (type: ObjectType, { client }: Context, organizationId: string, inputs: Values) =>
  async (freshness: Freshness) => {
    const rows = await type.list(client, organizationId).read(freshness);
    return [...rows.values()].filter((row) => isNamesake(type, row, organizationId, inputs));
  };

async function create(type: ObjectType, context: Context, inputs: ObjectInputs): Promise<State> {
  const organizationId = await organizationOf(type, context, inputs);
  return type.list(context.client, organizationId).work(() => createIn(type, context, organizationId, inputs));
}

async function createIn(
  type: ObjectType,
  context: Context,
  organizationId: string,
  inputs: ObjectInputs,
): Promise<State> {
  const namesakes = namesakesOf(type, context, organizationId, inputs);
  const contested = (await namesakes("cached")).length > 0;
  const rows = await findNameConflicts(context, type.name, namesakes, inputs);
  const found = resolveAdoption(context, type.name, rows, inputs, whereIn(type, organizationId, inputs));
  const list = type.list(context.client, organizationId);
  const own = ownValues(type, inputs, organizationId);
  const remembered = (row: Partial<ObjectRow> & { id: string }, adopted: boolean) =>
    ({ ...derivedOf(type, row), ...own, id: row.id, adopted, owner: String(row.owner ?? "") }) as State;
  if (found) {
    await takeOver(type, context, { organizationId, list, found, inputs });
    return remembered(found, true);
  }
  const fields = declarable(type.wired);
  const leftOut = fields.flatMap(([name, { wire }]) => (wire.leftOutIs === undefined ? [] : [[name, wire.leftOutIs]]));
  const asSent = { ...Object.fromEntries(leftOut), ...own } as Values;
  const secrets = hiddenValues(type.wired, own);
  const write = { method: "POST", path: type.path(organizationId), body: bodyOf(type.wired, own), secrets } as const;
  const row = await createObject(context, {
    resource: type.name,
    name: inputs.name,
    list,
    isNamesake: (candidate) => isNamesake(type, candidate, organizationId, inputs),
    isAsSent: (candidate) => unconfirmedFields(fields, candidate, asSent).length === 0,
    post: () => context.client.write(list, write, (answer) => statement(type, answer, asSent)),
    freed: contested ? async () => (await namesakes("now")).length === 0 : undefined,
    remembered: (id) => remembered({ id }, false),
    made: ({ id }) => {
      for (const relation of relationsOf(type.name, "parent")) relation.held(context, organizationId, id).startEmpty();
    },
  }).catch(async (error: unknown) => {
    if (type.inOrganization && mayBeAbsent(error))
      await requireOrganizationSeen(context, type.name, organizationId, `${type.name} "${inputs.name}"`);
    throw error;
  });
  return remembered(row, false);
}

/** Brings an object that is adopted to what the program says. */
async function takeOver(
  type: ObjectType,
  context: Context,
  {
    organizationId,
    list,
    found,
    inputs,
  }: { organizationId: string; list: CachedList<ObjectRow>; found: ObjectRow; inputs: ObjectInputs },
): Promise<void> {
  const resend = type.wired.some((entry) => isHidden(entry, found) && inputs[entry[0]] !== undefined);
  if (!resend && changedFields(changeable(type.wired), found, inputs).length === 0) return;
  const row = await stillListed(list, type.name, found);
  const namesakes = namesakesOf(type, context, organizationId, inputs);
  await updateObject(context, { type, organizationId, row, wanted: inputs, namesakes, resend });
}

/** What is recorded at creation where the program leaves it out. */
const initialValues = (type: ObjectType): Values =>
  Object.fromEntries(
    Object.entries(type.fields).flatMap(([name, { initial }]) => (initial === undefined ? [] : [[name, initial]])),
  );

/** What is sent of something new and remembered of it: what the program wrote, and what stands for what it left out. */
const ownValues = (type: ObjectType, inputs: Values, organizationId: string): Values => ({
  ...initialValues(type),
  ...flagDefaults(type),
  ...defined(inputs),
  ...(type.inOrganization && { organizationId }),
});

/** What a row has of the values that follow from others, where nothing says them. */
const derivedOf = ({ wired }: ObjectType, row: Values): Values =>
  Object.fromEntries(wired.flatMap(([name, { derived }]) => (derived ? [[name, row[name] ?? {}]] : [])));

/** Id of what a create would take over. */
async function adoptable(type: ObjectType, context: Context, inputs: ObjectInputs): Promise<string | undefined> {
  const organizationId = await organizationOf(type, context, inputs);
  const rows = await namesakesOf(type, context, organizationId, inputs)("cached");
  return resolveAdoption(context, type.name, rows, inputs, whereIn(type, organizationId, inputs))?.id;
}

/** What a plan shows of an object whose identity exists already. */
async function noticesOf(type: ObjectType, context: Context, inputs: Values) {
  const organizationId = type.inOrganization
    ? await plannedOrganization(context, type.name, inputs.organizationId as string | undefined)
    : "";
  const needed = type.identity.filter((field) => field !== "organizationId");
  if (needed.some((field) => inputs[field] === undefined)) return [];
  const rows = await namesakesOf(type, context, organizationId, inputs)("cached");
  const named = inputs as ObjectInputs;
  return nameNotices(context, type.name, rows, named, (row) => changesOf(type, row, inputs));
}

async function read(type: ObjectType, context: Context, state: ObjectState): Promise<State | undefined> {
  const subject = subjectOf(type, state);
  const found = await findOrProveAbsent(context, type.list(context.client, state.organizationId ?? ""), subject);
  if (found === "deleted") return undefined;
  if (found !== "out of sight") return refreshed(type, state, liveValues(type, found, state));
  warnUnknown(context, type.name, subject.what, OF_ANOTHER_USER);
  return state;
}

const subjectOf = ({ name: resource }: ObjectType, { id, name, organizationId, owner }: ObjectState): Subject => ({
  resource,
  id,
  what: `${resource} "${name}" (${id})`,
  organizationId,
  owner,
});

/** What the server holds, in the words of the state where they mean the same. What was recorded at creation stays. */
function liveValues(type: ObjectType, row: ObjectRow, state: ObjectState): Values {
  const live: Values = {};
  for (const [name, field] of type.wired) {
    if (field.role === "recorded" || isHidden([name, field], row)) continue;
    const value = field.wire.live ? field.wire.live(row[name], state) : row[name];
    live[name] = isSame(field, value, state[name], row) ? (state[name] ?? value) : value;
  }
  return { ...live, owner: row.owner || state.owner };
}

async function update(type: ObjectType, context: Context, state: ObjectState, inputs: ObjectInputs): Promise<State> {
  const organizationId = state.organizationId ?? "";
  const adopted = inputs.adopt === false ? false : state.adopted;
  const next = { ...state, ...defined(inputs), ...(type.inOrganization && { organizationId }), adopted } as State;
  // What the state does not know, because it was not managed so far, the server does.
  const isAsked = ([name, { writeOnly }]: WiredFields[number]) =>
    !writeOnly && inputs[name] !== undefined && state[name] === undefined;
  // Without any difference the last attempt was left unfinished: then the server is asked.
  const differs = differences(type.fields, state, inputs, context.configured).length > 0;
  const resend = type.wired.some((entry) => isNewVersion(entry, state, inputs));
  const fields = changeable(type.wired);
  const changed = [...fields.filter(isAsked), ...changedFields(fields, state, inputs)];
  if (differs && !resend && changed.length === 0) return next;
  const row = await stillListed(type.list(context.client, organizationId), type.name, state);
  const namesakes = namesakesOf(type, context, organizationId, inputs);
  if (inputs.name !== state.name) await requireNameFree(context, type.name, state, inputs.name, namesakes);
  const hidden = changed.some((entry) => isHidden(entry, row));
  await updateObject(context, { type, organizationId, row, wanted: inputs, namesakes, resend: resend || hidden });
  return next;
}

/** Whether a write-only value is to be sent again: by its version, or where the engine keeps the value, by that. */
function isNewVersion([name, field]: WiredFields[number], state: Values, inputs: Values): boolean {
  const { writeOnly, versionField = "" } = field;
  if (!writeOnly) return false;
  if (inputs[versionField] !== state[versionField]) return true;
  return state[name] !== undefined && inputs[name] !== undefined && !sameValue(field, state[name], inputs[name]);
}

async function remove(type: ObjectType, context: Context, state: ObjectState): Promise<void> {
  if (releaseAdopted(context, type.name, state)) return;
  const { id, organizationId } = state;
  const list = type.list(context.client, organizationId ?? "");
  const detached = async () => {
    await requireUnreferenced(type, context, state);
    await detachDependents(type, context, state);
    return true;
  };
  const subject = subjectOf(type, state);
  const path = type.path(organizationId ?? "");
  await removeObject(context, list, {
    ...subject,
    async isThere() {
      const found = await findOrProveAbsent(context, list, subject);
      if (found === "deleted") return false;
      if (found === "out of sight") throw outOfSight(type.name, subject.what, OF_ANOTHER_USER);
      // What others delete while it is detached is found absent the second time.
      return (await unlessDeleted(list, id, detached())) ?? this.isThere();
    },
    send: () =>
      context.client.remove(list, id, { path, organizationId, ...(type.idInQuery && { queried: type.idInQuery }) }),
    states: (answer) => type.inAnswer(answer)?.id === id,
  });
}
