import type { Freshness } from "../../client";
import {
  type Context,
  defined,
  type PlannedEnds,
  type State,
  UNKNOWN,
  type Values,
  type Warning,
} from "../../framework";
import { endsByState } from "../../run/edgeEnds";
import { identityKey } from "../../run/runState";
import {
  ambiguousEnd,
  contradiction,
  endIsRenamed,
  type NamedEnd,
  nobodysName,
  notBorneNotice,
  renamedNotice,
  takenNotice,
} from "./endTexts";
import { explained, inUse } from "./objectType";
import { isOf, organizationFor } from "./organization";
import { mayBeAbsent, pollUntil } from "./pollUntil";
import { type End, edgeEnd, namesKept, type Relation } from "./relation";
import type { ObjectRow } from "./wire";

/** What a plan takes an end to be. */
interface Planned {
  id: unknown;
  notice?: Warning;
}

const columnsOf = (end: End, inputs: Values): Values =>
  Object.fromEntries(namesKept(end).map(({ field, of }) => [of, inputs[field] ?? undefined]));

const isCalled = (wanted: Values, values: Values): boolean =>
  Object.entries(wanted).every(([column, value]) => value === undefined || values[column] === value);

const nameIn = (end: End, values: Values): unknown => values[namesKept(end)[0]!.of];

function namedEnd(
  relation: Relation,
  end: End,
  context: Context,
  organizationId: string,
  inputs: Values,
  state: State | undefined,
): NamedEnd {
  const wanted = columnsOf(end, inputs);
  const recorded = state?.[end.field];
  return {
    relation,
    end,
    context,
    organizationId,
    wanted,
    recorded: typeof recorded === "string" ? recorded : undefined,
    isSameName: state !== undefined && isCalled(wanted, columnsOf(end, state)),
  };
}

/** What the token sees in the organization; each object has the name that it has when this run is done. */
interface Seen {
  /** Those that the program may mean. */
  bearers: readonly ObjectRow[];
  byId(id: string | undefined): ObjectRow | undefined;
}

async function look({ relation, end, context, organizationId, wanted }: NamedEnd, freshness: Freshness): Promise<Seen> {
  const { type } = end;
  const { client, run } = context;
  const listed = type.list(client, organizationId).read(freshness);
  const rows = await explained(type, client, relation.resource, listed);
  const name = nameIn(end, wanted);
  const renamed = run.renamedIds(type.name);
  const asNamed = (row: ObjectRow): ObjectRow =>
    renamed.has(row.id) ? { ...row, name: run.plannedName(type.name, row.id, row.name) } : row;
  // Each edge looks through all objects: nothing is copied of those that cannot be meant.
  const possible = [...rows.values()].filter((row) => row.name === name || renamed.has(row.id)).map(asNamed);
  return {
    bearers: possible.filter((row) => isOf(organizationId, row) && isCalled(wanted, row)),
    byId(id) {
      const row = id === undefined ? undefined : rows.get(id);
      return row && isOf(organizationId, row) ? asNamed(row) : undefined;
    },
  };
}

/** The ids of the ends that are given by name, as far as a plan can know them. */
export async function plannedEnds(
  relation: Relation,
  context: Context,
  inputs: Values,
  state: State | undefined,
): Promise<PlannedEnds> {
  const ends = [relation.parent, relation.child].filter((end) => inputs[end.name] !== undefined);
  const planned = await Promise.all(
    ends.map(async (end) => ({ end, ...(await plannedEnd(relation, end, context, inputs, state)) })),
  );
  return {
    ids: Object.fromEntries(planned.map(({ end, id }) => [end.field, id])),
    notices: planned.flatMap(({ notice }) => (notice ? [notice] : [])),
  };
}

async function plannedEnd(
  relation: Relation,
  end: End,
  context: Context,
  inputs: Values,
  state: State | undefined,
): Promise<Planned> {
  const id = inputs[end.field];
  const organization = inputs.organizationId ?? state?.organizationId;
  const parts = [organization, id, ...Object.values(columnsOf(end, inputs))];
  if (parts.includes(UNKNOWN)) return { id: id ?? UNKNOWN };
  const known = await organizationFor(context, relation.resource, organization as string | undefined).catch(() => "");
  const named = namedEnd(relation, end, context, known, inputs, state);
  const seen = known === "" ? undefined : await look(named, "cached").catch(() => undefined);
  if (typeof id === "string") return agreement(named, id, seen?.byId(id));
  if (seen) return plannedBearer(named, seen);
  return { id: endsByState([edgeEnd(end)], inputs, state, context.run)[end.field] };
}

/** An id and a name that both stand in the program. */
function agreement(named: NamedEnd, id: string, row: ObjectRow | undefined): Planned {
  if (!row || isCalled(named.wanted, row)) return { id };
  // As it was applied: nothing of the program changed, and a destroy must not fail for it.
  if (id === named.recorded && named.isSameName) return { id, notice: renamedNotice(named, row) };
  throw contradiction(named, row);
}

/** Who has the name when the run ends, as far as this plan can say it and an apply will find the same. */
function plannedBearer(named: NamedEnd, seen: Seen): Planned {
  const { context, end, wanted, recorded, isSameName, organizationId } = named;
  const { run } = context;
  const type = end.type.name;
  const all = seen.bearers.filter(({ id }) => !run.isRemovalPlanned(type, id));
  const bearers = inUse(end.type, all);
  const own = bearers.find(({ id }) => id === recorded);
  if (own) return isTaken(named, own, all) ? { id: UNKNOWN } : found(named, own);
  const isMade = run
    .createsPlanned(type, String(nameIn(end, wanted)))
    .some((values) => isOf(organizationId, values as { organizationId?: string }) && couldBe(wanted, values));
  // What another resource of this plan hands on, the apply finds at its turn.
  if (isMade || bearers.some(({ id }) => run.isRenamed(type, id))) return { id: UNKNOWN };
  if (bearers.length > 1) throw ambiguousEnd(named, bearers);
  if (bearers[0])
    return { ...found(named, bearers[0]), ...(all.length > 1 && { notice: takenNotice(named, bearers[0], all) }) };
  const there = seen.byId(recorded);
  if (there && isSameName && !run.isRemovalPlanned(type, there.id))
    return { ...found(named, { ...there, ...defined(wanted) } as ObjectRow), notice: renamedNotice(named, there) };
  return { id: UNKNOWN, notice: notBorneNotice(named) };
}

/** Whether this plan gives the identity of an object to another one: the object then leaves, wherever the plan says so. */
const isTaken = (named: NamedEnd, own: ObjectRow, bearers: readonly ObjectRow[]): boolean =>
  bearers.some(
    (row) =>
      row.id !== own.id &&
      named.context.run.isRenamed(named.end.type.name, row.id) &&
      identityOf(named, row) === identityOf(named, own),
  );

const identityOf = ({ end: { type }, organizationId }: NamedEnd, row: ObjectRow): string =>
  identityKey(type.identity.map((column) => (column === "organizationId" ? organizationId : row[column])));

/** What comes later in the plan must not give the name to another object: see `RunState.endTaken`. */
function found(named: NamedEnd, row: ObjectRow): Planned {
  const { end, relation, context } = named;
  context.run.planEnd(end.type.name, identityOf(named, row), {
    id: row.id,
    resource: relation.resource,
    field: end.name,
  });
  return { id: row.id };
}

/** Whether what a plan creates may be what an end names: what it does not say, or not yet, does not speak against it. */
const couldBe = (wanted: Values, values: Values): boolean =>
  Object.entries(wanted).every(([column, value]) => {
    const made = values[column];
    return value === undefined || made === undefined || made === UNKNOWN || made === value;
  });

/** The inputs with the ids of both ends. Those that are given by name are looked for until they show, within bounds. */
export async function locateEnds(
  relation: Relation,
  context: Context,
  inputs: Values,
  state: State | undefined,
): Promise<Values> {
  const located = await Promise.all(
    [relation.parent, relation.child].map(async (end) => {
      const id = inputs[end.field];
      if (inputs[end.name] === undefined) return [end.field, id] as const;
      const written = (inputs.organizationId ?? state?.organizationId) as string | undefined;
      const organizationId = await organizationFor(context, relation.resource, written);
      const named = namedEnd(relation, end, context, organizationId, inputs, state);
      if (typeof id === "string") return [end.field, await confirmed(named, id)] as const;
      return [end.field, await bearer(named)] as const;
    }),
  );
  return { ...inputs, ...Object.fromEntries(located) };
}

/**
 * An id that the plan found for a name, or that stands beside it in the program: it is never looked up again, and where it does not
 * have the name any more, nothing is written.
 * @throws ResourceError `invalid-input`
 */
async function confirmed(named: NamedEnd, id: string): Promise<string> {
  if (id === named.recorded && named.isSameName) return id;
  let row: ObjectRow | undefined;
  const check = async (freshness: Freshness): Promise<boolean | undefined> => {
    row = (await look(named, freshness)).byId(id);
    return (row && isCalled(named.wanted, row)) || undefined;
  };
  const isRight = (await check("cached")) ?? (await pollUntil(named.context, () => check("now")));
  // That there is none is said where the row is needed.
  if (!isRight && row) throw endIsRenamed(named, row);
  return id;
}

async function bearer(named: NamedEnd): Promise<string> {
  const { context, end, recorded, isSameName } = named;
  const { run } = context;
  const type = end.type.name;
  let there: ObjectRow | undefined;
  let bearers: readonly ObjectRow[] = [];
  const choose = async (freshness: Freshness): Promise<string | undefined> => {
    const seen = await look(named, freshness);
    there = seen.byId(recorded);
    const staying = seen.bearers.filter(({ id }) => !run.isPendingDeletion(type, id));
    bearers = inUse(end.type, staying);
    return chosen(bearers, recorded, (id) => run.isApplied(type, id));
  };
  const found = (await choose("cached")) ?? (await pollUntil(context, () => choose("now")));
  if (found !== undefined) return found;
  if (bearers.length > 1) throw ambiguousEnd(named, bearers);
  if (!there || !isSameName) throw nobodysName(named);
  context.warn(renamedNotice(named, there));
  return there.id;
}

/** Of several, the one that this run made or adopted under that name; else the one that the edge has already. */
function chosen(
  bearers: readonly ObjectRow[],
  recorded: string | undefined,
  isMade: (id: string) => boolean,
): string | undefined {
  if (bearers.length === 1) return bearers[0]!.id;
  const made = bearers.filter(({ id }) => id !== recorded && isMade(id));
  if (made.length === 1) return made[0]!.id;
  return bearers.find(({ id }) => id === recorded)?.id;
}

/**
 * A refreshed state that shows where the recorded name of an end is another object's by now: it then has the name that the recorded
 * object has, which is none where that is gone. Where nobody has the name, the state stays: the edge does.
 */
export async function withLiveNames(relation: Relation, context: Context, state: State): Promise<State> {
  const ends = await Promise.all(
    [relation.parent, relation.child].map(async (end): Promise<Values> => {
      const named = namedEnd(relation, end, context, String(state.organizationId), state, state);
      if ((nameIn(end, named.wanted) ?? "") === "") return {};
      const seen = await look(named, "cached").catch((error: unknown) => {
        if (mayBeAbsent(error)) return undefined;
        throw error;
      });
      const bearers = seen ? inUse(end.type, seen.bearers) : [];
      if (!seen || bearers.length === 0 || bearers.some(({ id }) => id === named.recorded)) return {};
      const own = seen.byId(named.recorded);
      // One that is gone, or out of use, has no name any more.
      const values = own?.name === state[end.name] ? undefined : own;
      return Object.fromEntries(namesKept(end).map(({ field, of }) => [field, values?.[of] ?? ""]));
    }),
  );
  return Object.assign({}, state, ...ends) as State;
}
