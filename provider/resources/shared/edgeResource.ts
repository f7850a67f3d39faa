import type { CachedList } from "../../client";
import type { Context } from "../../framework";
import { PartialError, ResourceError } from "../../framework";
import { deleteEdge } from "./deleteEdge";
import { namesOf, noticesOf } from "./edgeNotices";
import { isProvablyDeleted, OF_ANOTHER_USER, warnUnjudged } from "./existence";
import { importEdge } from "./importEdge";
import { isOf, ofAnother, organizationFor } from "./organization";
import { mayBeAbsent } from "./pollUntil";
import { type EdgeKind, type EdgeState, type EndRow, edgeInWords, endInWords, endsOf, type OwnedRow } from "./relation";
import { SENT_AGAIN, sendAndConfirm } from "./sendAndConfirm";

type Values = Record<string, unknown>;

const createEdge = async <P extends OwnedRow, C extends EndRow>(
  kind: EdgeKind<P, C>,
  context: Context,
  inputs: Values,
): Promise<EdgeState> => (await ensureEdge(kind, context, inputs)).state;

/** The edge, and whether it was made by this. */
async function ensureEdge<P extends OwnedRow, C extends EndRow>(
  kind: EdgeKind<P, C>,
  context: Context,
  inputs: Values,
): Promise<{ state: EdgeState; added: boolean }> {
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
  if ((await held.read("cached")).has(childId)) return { state, added: false };
  await addOnce(kind, context, state, parentId, child, held);
  return { state, added: true };
}

async function addOnce<P extends OwnedRow, C extends EndRow>(
  kind: EdgeKind<P, C>,
  context: Context,
  state: EdgeState,
  parentId: string,
  child: C,
  held: CachedList<C>,
): Promise<void> {
  const { effect, failure, unread } = await sendAndConfirm(context, {
    send: () => kind.add(context, state.organizationId, parentId, child),
    stated: (confirmed) => confirmed || undefined,
    seen: async () => ((await held.read("now")).has(child.id) ? true : undefined),
    ifUnknown: SENT_AGAIN,
  });
  if (effect) return;
  if (failure) throw failure;
  const unlisted = new ResourceError("unconfirmed", {
    resource: kind.resource,
    what: `the server accepted ${endInWords(kind.child, state)} in ${endInWords(kind.parent, state)} but does not list it`,
    hint: "It is kept in the state; the next refresh finds out whether it is there.",
  });
  throw new PartialError(state.id, state, unread ?? unlisted);
}

/** The row at one end. Rows made since the list was read are looked for once more before the id is called unknown. */
async function end<Row extends EndRow>(
  context: Context,
  kind: { resource: string },
  { field, word }: { field: string; word: string },
  collection: CachedList<Row>,
  id: string,
  organizationId: string,
): Promise<Row> {
  const row: Row | undefined = (await collection.read("cached")).get(id) ?? (await collection.read("now")).get(id);
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
  context: Context,
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
    const what = endInWords(kind.parent, state);
    if (await isProvablyDeleted(context, kind.resource, state, what)) return undefined;
    warnUnjudged(context, kind.resource, what, OF_ANOTHER_USER);
    return state;
  }
  if (listFailure !== undefined) throw listFailure;
  const complete = kind.childrenSeenWithParent || (await context.client.seesEverything());
  if (complete || (await childVisible(kind, context, organizationId, childId))) return undefined;
  const because = `its ${endInWords(kind.child, state)} is not visible to this token either`;
  warnUnjudged(context, kind.resource, `${kind.resource} ${edgeInWords(kind, state)}`, because);
  return state;
}

async function childVisible<P extends OwnedRow, C extends EndRow>(
  kind: EdgeKind<P, C>,
  context: Context,
  organizationId: string,
  childId: string,
): Promise<boolean> {
  return (await kind.children(context, organizationId).read("cached")).has(childId);
}

/**
 * Moves an edge to other ends: the new pair is added and confirmed before the old one is removed. The engine remembers the old one
 * until both is done, so where that fails, a pair that was added is taken away again: no state would know of it.
 */
async function updateEdge<P extends OwnedRow, C extends EndRow>(
  kind: EdgeKind<P, C>,
  context: Context,
  state: EdgeState,
  inputs: Values,
): Promise<EdgeState> {
  const { parentId, childId } = endsOf(kind, inputs);
  if (`${parentId}/${childId}` === state.id) return { ...state, ...inputs, organizationId: state.organizationId };
  const { run } = context;
  const undo = (pair: EdgeState) =>
    run.postponeDeletion(kind.resource, pair.id, (later) => deleteEdge(kind, later, pair));
  const moved = { ...inputs, organizationId: inputs.organizationId ?? state.organizationId };
  const { state: next, added } = await ensureEdge(kind, context, moved).catch((error: unknown) => {
    if (!(error instanceof PartialError)) throw error;
    undo(error.state as EdgeState);
    throw error.reason;
  });
  // Until it is recorded, an older record of the new pair waits with its removal.
  run.declare(kind.resource, next.id);
  if (run.wasDeletedEarly(kind.resource, state.id)) return next;
  if (run.isProtected(kind.resource, state.id)) {
    run.postponeDeletion(kind.resource, state.id, (later) => deleteEdge(kind, later, state));
    return next;
  }
  await deleteEdge(kind, context, state).catch((error: unknown) => {
    if (added) undo(next);
    throw error;
  });
  return next;
}

/** What a resource's declaration has for this kind of edge. */
export const edgeFunctions = <P extends OwnedRow, C extends EndRow>(kind: EdgeKind<P, C>) => ({
  inWords: (values: Values) => edgeInWords(kind, values),
  plannedOutputs: async (context: Context, inputs: Values) => (await namesOf(kind, context, inputs)) as never,
  plannedNotices: (context: Context, inputs: Values) => noticesOf(kind, context, inputs),
  create: async (context: Context, inputs: Values) => (await createEdge(kind, context, inputs)) as never,
  read: async (context: Context, state: EdgeState) => (await readEdge(kind, context, state)) as never,
  update: async (context: Context, state: EdgeState, inputs: Values) =>
    (await updateEdge(kind, context, state, inputs)) as never,
  delete: (context: Context, state: EdgeState) => deleteEdge(kind, context, state),
  import: async (context: Context, importId: string) => (await importEdge(kind, context, importId)) as never,
});
