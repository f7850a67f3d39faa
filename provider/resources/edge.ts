import { PartialError, ResourceError, type State, type Warning } from "../core";
import type { ApiError, Collection, NamedRow } from "../meshery";
import { isGone, OF_ANOTHER_USER, outOfSight, warnUnjudged } from "./absence";
import { carryOut, SENT_AGAIN } from "./carryOut";
import { lookUntil, type MesheryContext, mayBeAbsent } from "./context";
import { type ImportTarget, importTarget, oneByName } from "./importId";
import { edgeNotice, missingEndNotice } from "./notices";
import { isOf, ofAnother, organizationFor, plannedOrganization, requireOrganizationSeen } from "./organization";

/** An object at an end of an edge. */
export interface EndRow extends NamedRow {
  /** Undefined where it belongs to none, or the server does not say. */
  organizationId?: string | undefined;
}
/** An object that can hold others, and whose it is. */
export interface OwnedRow extends EndRow {
  owner: string;
}

export interface EdgeEnd {
  field: string;
  /** In texts for people. */
  word: string;
  resource: "Environment" | "Workspace" | "Connection";
}

/** A pair of objects of which one holds the other: a connection in an environment, an environment in a workspace. */
export interface EdgeKind<Parent extends OwnedRow, Child extends EndRow> {
  resource: "ConnectionAssignment" | "WorkspaceBinding";
  parent: EdgeEnd;
  child: EdgeEnd;
  parents(context: MesheryContext, organizationId: string): Collection<Parent>;
  children(context: MesheryContext, organizationId: string): Collection<Child>;
  /** The children that the parent holds. */
  held(context: MesheryContext, organizationId: string, parentId: string): Collection<Child>;
  /** Sends one row; true where the answer states the pair. */
  add(context: MesheryContext, organizationId: string, parentId: string, child: Child): Promise<boolean>;
  remove(context: MesheryContext, organizationId: string, parentId: string, childId: string): Promise<void>;
  /** Whether whoever sees the parent sees all that it holds: what its list does not hold is then not in it. */
  childrenSeenWithParent: boolean;
  /** Names of the ends that are given, kept in state so that the plan of a delete can be read. */
  named(parent: Parent | undefined, child: Child | undefined): Record<string, string>;
}

export type EdgeState = State & { organizationId: string; owner?: unknown };
type Values = Record<string, unknown>;

/** A second row of one pair takes one more delete; no server was seen with more than a few. */
const MOST_ROWS = 8;

const endsOf = <P extends OwnedRow, C extends EndRow>(kind: EdgeKind<P, C>, values: Values) => ({
  parentId: String(values[kind.parent.field]),
  childId: String(values[kind.child.field]),
});

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
async function namesOf<P extends OwnedRow, C extends EndRow>(
  kind: EdgeKind<P, C>,
  context: MesheryContext,
  inputs: Values,
): Promise<Record<string, string>> {
  const organizationId = await organizationFor(context, kind.resource, inputs.organizationId as string | undefined);
  const { parent, child } = await plannedEnds(kind, context, inputs, organizationId);
  return kind.named(parent, child);
}

/** What a plan tells of an edge: that it exists, or that an end does not. */
async function noticesOf<P extends OwnedRow, C extends EndRow>(
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

async function createEdge<P extends OwnedRow, C extends EndRow>(
  kind: EdgeKind<P, C>,
  context: MesheryContext,
  inputs: Values,
): Promise<EdgeState> {
  const organizationId = await organizationFor(context, kind.resource, inputs.organizationId as string | undefined);
  const { parentId, childId } = endsOf(kind, inputs);
  const parent = await end(context, kind, kind.parent, kind.parents(context, organizationId), parentId, organizationId);
  const child = await end(context, kind, kind.child, kind.children(context, organizationId), childId, organizationId);
  const state: EdgeState = {
    ...inputs,
    id: `${parentId}/${childId}`,
    [kind.parent.field]: parentId,
    [kind.child.field]: childId,
    organizationId,
    ...kind.named(parent, child),
    owner: parent.owner,
  };
  const held = kind.held(context, organizationId, parentId);
  if ((await held.rows()).has(childId)) return state;
  await addOnce(kind, context, state, parentId, child, held);
  return state;
}

async function addOnce<P extends OwnedRow, C extends EndRow>(
  kind: EdgeKind<P, C>,
  context: MesheryContext,
  state: EdgeState,
  parentId: string,
  child: C,
  held: Collection<C>,
): Promise<void> {
  const { effect, failure, unread } = await carryOut(context, {
    send: () => kind.add(context, state.organizationId, parentId, child),
    stated: (confirmed) => confirmed || undefined,
    seen: async () => ((await held.fresh()).has(child.id) ? true : undefined),
    ifUnknown: SENT_AGAIN,
  });
  if (effect) return;
  if (failure) throw failure;
  const unlisted = new ResourceError("unconfirmed", {
    resource: kind.resource,
    what: `the server accepted ${kind.child.word} ${child.id} in ${kind.parent.word} ${parentId} but does not list it`,
    hint: "It is kept in the state; the next refresh finds out whether it is there.",
  });
  throw new PartialError(state.id, state, unread ?? unlisted);
}

/** The row at one end. Rows made since the list was read are looked for once more before the id is called unknown. */
async function end<Row extends EndRow>(
  context: MesheryContext,
  kind: { resource: string },
  { field, word }: { field: string; word: string },
  collection: Collection<Row>,
  id: string,
  organizationId: string,
): Promise<Row> {
  const row: Row | undefined = (await collection.rows()).get(id) ?? (await collection.fresh()).get(id);
  if (row && !isOf(organizationId, row)) throw await ofAnother(context, kind.resource, row, organizationId);
  if (row) return row;
  const where =
    word === "connection" ? "this token sees no connection" : `organization ${organizationId} has no ${word}`;
  throw new ResourceError("missing", {
    resource: kind.resource,
    field,
    what: `${where} with the id ${id}`,
    hint: `Nothing was changed. Check ${field}: take it from a resource or a lookup rather than pasting it${
      word === "connection" ? "; connections that were removed and registered again come back under a new id" : ""
    }.`,
  });
}

async function readEdge<P extends OwnedRow, C extends EndRow>(
  kind: EdgeKind<P, C>,
  context: MesheryContext,
  state: EdgeState,
): Promise<EdgeState | undefined> {
  const { organizationId } = state;
  const { parentId, childId } = endsOf(kind, state);
  const held = kind.held(context, organizationId, parentId);
  let listFailure: unknown;
  const listed = await held
    .find(childId)
    .then((row) => row !== undefined)
    .catch((error: unknown) => {
      // A parent that is gone has no list; whether it is gone its own list tells.
      if (!mayBeAbsent(error)) throw error;
      listFailure = error;
      return false;
    });
  if (listed) return state;
  if (!(await kind.parents(context, organizationId).find(parentId))) {
    const what = `${kind.parent.word} ${parentId}`;
    if (await isGone(context, kind.resource, state, what)) return undefined;
    warnUnjudged(context, kind.resource, what, OF_ANOTHER_USER);
    return state;
  }
  if (listFailure !== undefined) throw listFailure;
  const complete = kind.childrenSeenWithParent || (await context.client.seesEverything());
  if (complete || (await childVisible(kind, context, organizationId, childId))) return undefined;
  const because = `its ${kind.child.word} ${childId} is not visible to this token either`;
  warnUnjudged(context, kind.resource, `${kind.resource} ${state.id}`, because);
  return state;
}

async function childVisible<P extends OwnedRow, C extends EndRow>(
  kind: EdgeKind<P, C>,
  context: MesheryContext,
  organizationId: string,
  childId: string,
): Promise<boolean> {
  return (await kind.children(context, organizationId).rows()).has(childId);
}

/** Moves an edge to other ends: the new pair is added and confirmed before the old one is removed. */
async function updateEdge<P extends OwnedRow, C extends EndRow>(
  kind: EdgeKind<P, C>,
  context: MesheryContext,
  state: EdgeState,
  inputs: Values,
): Promise<EdgeState> {
  const { parentId, childId } = endsOf(kind, inputs);
  if (`${parentId}/${childId}` === state.id) return { ...state, ...inputs, organizationId: state.organizationId };
  const next = await createEdge(kind, context, {
    ...inputs,
    organizationId: inputs.organizationId ?? state.organizationId,
  });
  const { memory } = context;
  memory.keep(kind.resource, next.id);
  if (memory.removes(kind.resource, state.id)) return next;
  if (memory.spares(kind.resource, state.id))
    memory.postpone(kind.resource, state.id, (later) => deleteEdge(kind, later, state));
  else await deleteEdge(kind, context, state);
  return next;
}

export async function deleteEdge<P extends OwnedRow, C extends EndRow>(
  kind: EdgeKind<P, C>,
  context: MesheryContext,
  state: EdgeState,
): Promise<void> {
  const { organizationId } = state;
  const { parentId, childId } = endsOf(kind, state);
  let failure: ApiError | undefined;
  for (let row = 0; row < MOST_ROWS; row++) {
    const result = await carryOut<void, "gone" | "listed">(context, {
      send: () => kind.remove(context, organizationId, parentId, childId),
      seen: async (outcome) => {
        if (await edgeGone(kind, context, state, outcome.failure)) return "gone";
        // A second row of the pair takes a second delete; only other errors are worth another look.
        return !outcome.failure || mayBeAbsent(outcome.failure) ? "listed" : undefined;
      },
      ifUnknown: "Run again: what is gone by then is found gone.",
    });
    if (result.effect === "gone") return;
    failure = result.failure;
    if (result.effect === undefined) throw failure ?? result.unread;
  }
  if (await lookUntil(context, async () => (await edgeGone(kind, context, state, failure)) || undefined)) return;
  throw (
    failure ??
    new ResourceError("unconfirmed", {
      resource: kind.resource,
      what: `${kind.child.word} ${childId} is still in ${kind.parent.word} ${parentId} after ${MOST_ROWS} accepted deletes`,
      hint: "Run again; if it stays, look at the server's log.",
    })
  );
}

/**
 * Whether a pair that was to be removed is provably not there.
 * @throws ResourceError `missing` where the parent, and with it the pair, may only be out of this token's sight
 */
async function edgeGone<P extends OwnedRow, C extends EndRow>(
  kind: EdgeKind<P, C>,
  context: MesheryContext,
  state: EdgeState,
  failure: ApiError | undefined,
): Promise<boolean> {
  const { organizationId } = state;
  const { parentId, childId } = endsOf(kind, state);
  const held = kind.held(context, organizationId, parentId);
  const listed = async () =>
    (
      await held.fresh().catch((error: unknown) => {
        if (!mayBeAbsent(error)) throw error;
        return undefined;
      })
    )?.has(childId);
  const first = await listed();
  if (first) return false;
  if (first === false && !failure) return true;
  // What this token does not see is neither found nor listed: then the parent has to tell, and one list is no proof.
  const parents = kind.parents(context, organizationId);
  const seesParent = async () => (await parents.fresh()).has(parentId);
  if ((await seesParent()) || (await seesParent())) return (await listed()) === false;
  const what = `${kind.parent.word} ${parentId}`;
  if (await isGone(context, kind.resource, state, what)) return true;
  throw outOfSight(kind.resource, what, OF_ANOTHER_USER);
}

async function importEdge<P extends OwnedRow, C extends EndRow>(
  kind: EdgeKind<P, C>,
  context: MesheryContext,
  importId: string,
): Promise<EdgeState> {
  const target = await importTarget(context, kind.resource, importId, 2);
  const { organizationId } = target;
  const parents = await ownRows(kind, context, kind.parents(context, organizationId), target);
  const children = await ownRows(kind, context, kind.children(context, organizationId), target);
  const { parentId, childId } =
    "ids" in target
      ? { parentId: target.ids[0]!, childId: target.ids[1]! }
      : pairByNames(kind, parents, children, target.name);
  const parent = parents.get(parentId);
  const child = children.get(childId);
  if (!parent || !child || !(await kind.held(context, organizationId, parentId).rows()).has(childId)) {
    if (!parent)
      await requireOrganizationSeen(context, kind.resource, organizationId, `${kind.parent.word} ${parentId}`);
    throw new ResourceError("missing", {
      resource: kind.resource,
      what: `${kind.parent.word} ${parentId} does not hold ${kind.child.word} ${childId}`,
      hint: `Check both ids, or let the program create the ${kind.resource}: one that exists already is taken over as it is.`,
    });
  }
  return {
    id: `${parentId}/${childId}`,
    [kind.parent.field]: parentId,
    [kind.child.field]: childId,
    organizationId,
    ...kind.named(parent, child),
    owner: parent.owner,
  };
}

/** The rows of the organization; one of another that is asked for by id is refused. */
async function ownRows<Row extends EndRow>(
  { resource }: { resource: string },
  context: MesheryContext,
  list: Collection<Row>,
  { organizationId, ...target }: ImportTarget,
): Promise<ReadonlyMap<string, Row>> {
  const rows = [...(await list.rows()).values()];
  const ids = "ids" in target ? target.ids : [];
  const foreign = rows.find((row) => ids.includes(row.id) && !isOf(organizationId, row));
  if (foreign) throw await ofAnother(context, resource, foreign, organizationId);
  return new Map(rows.filter((row) => isOf(organizationId, row)).map((row) => [row.id, row]));
}

/** Names may hold "/" themselves: the one split at which both names exist is meant. */
function pairByNames<P extends OwnedRow, C extends EndRow>(
  kind: EdgeKind<P, C>,
  parents: ReadonlyMap<string, P>,
  children: ReadonlyMap<string, C>,
  names: string,
): { parentId: string; childId: string } {
  const splits = [...names].flatMap((c, i) => (c === "/" ? [[names.slice(0, i), names.slice(i + 1)] as const] : []));
  const has = (rows: ReadonlyMap<string, NamedRow>, name: string) =>
    [...rows.values()].some((row) => row.name === name);
  const [parentName, childName] = splits.find(([p, c]) => has(parents, p) && has(children, c)) ??
    splits[0] ?? [names, ""];
  return {
    parentId: oneByName(parents.values(), parentName, kind.resource, kind.parent.word).id,
    childId: oneByName(children.values(), childName, kind.resource, kind.child.word).id,
  };
}

/** What a resource's declaration has for this kind of edge. */
export const edgeFunctions = <P extends OwnedRow, C extends EndRow>(kind: EdgeKind<P, C>) => ({
  plannedOutputs: async (context: MesheryContext, inputs: Values) => (await namesOf(kind, context, inputs)) as never,
  plannedNotices: (context: MesheryContext, inputs: Values) => noticesOf(kind, context, inputs),
  create: async (context: MesheryContext, inputs: Values) => (await createEdge(kind, context, inputs)) as never,
  read: async (context: MesheryContext, state: EdgeState) => (await readEdge(kind, context, state)) as never,
  update: async (context: MesheryContext, state: EdgeState, inputs: Values) =>
    (await updateEdge(kind, context, state, inputs)) as never,
  delete: (context: MesheryContext, state: EdgeState) => deleteEdge(kind, context, state),
  import: async (context: MesheryContext, importId: string) => (await importEdge(kind, context, importId)) as never,
});
