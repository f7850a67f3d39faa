import * as z from "zod";
import type { CachedList } from "../../client";
import {
  type AnyResource,
  type Context,
  defined,
  type Field,
  type Fields,
  id,
  PartialError,
  type ResourceDefinition,
  ResourceError,
  recorded,
  type State,
  type Values,
} from "../../framework";
import { deleteEdge } from "./deleteEdge";
import { noticesOf, plannedNames } from "./edgeNotices";
import { locateEnds, plannedEnds, withLiveNames } from "./endNames";
import { findOrProveAbsent, OF_ANOTHER_USER, ownerField, warnUnknown } from "./existence";
import { importEdge, importForms } from "./importEdge";
import { explained } from "./objectType";
import { isOf, ofAnother, organizationField, organizationFor } from "./organization";
import { mayBeAbsent } from "./pollUntil";
import {
  capitalized,
  type EdgeState,
  type End,
  edgeEnd,
  edgeInWords,
  endInWords,
  endsOf,
  namesKept,
  namesOf,
  parentOf,
  type Relation,
  readForEdge,
  withArticle,
} from "./relation";
import { SENT_AGAIN, sendAndConfirm } from "./sendAndConfirm";
import type { ObjectRow } from "./wire";

/**
 * A resource for one pair of a relation. Everything follows from the relation; `noun` is what texts call such a pair, with the
 * one word: `assignment`.
 */
export function edgeResource(
  relation: Relation,
  { description, noun }: { description: string; noun: string },
): ResourceDefinition<Fields> {
  const { parent, child } = relation;
  const definition: AnyResource = {
    name: relation.resource,
    description,
    fields: {
      ...endFields(parent, noun),
      ...endFields(child, noun),
      organizationId: organizationField(parent.word),
      owner: ownerField(parent.word),
    },
    identity: [],
    relation: relation.name,
    ends: [edgeEnd(parent), edgeEnd(child)],
    importForms: importForms(relation),
    inWords: (values) => edgeInWords(relation, values),
    plannedEnds: (context, inputs, state) => plannedEnds(relation, context, inputs, state),
    locate: (context, inputs, state) => locateEnds(relation, context, inputs, state),
    withLiveNames: (context, state) => withLiveNames(relation, context, state),
    plannedOutputs: (context, inputs) => plannedNames(relation, context, inputs),
    plannedNotices: (context, inputs) => noticesOf(relation, context, inputs),
    create: async (context, inputs) => (await ensureEdge(relation, context, inputs)).state,
    read: (context, state) => readEdge(relation, context, state as EdgeState),
    update: (context, state, inputs) => updateEdge(relation, context, state as EdgeState, inputs),
    delete: (context, state) => deleteEdge(relation, context, state as EdgeState),
    import: (context, importId) => importEdge(relation, context, importId),
  };
  return definition as unknown as ResourceDefinition<Fields>;
}

/** An end is given by its id or by its name; the other is filled in. */
function endFields(end: End, noun: string): Fields {
  const { word, type, field, name } = end;
  const byId = recorded(id(withArticle(word)), {
    description: `Id of the ${word}. Give this or \`${name}\`; the other is filled in.`,
    onChange: "end",
  });
  const names = namesKept(end).map(({ field: named, of }): [string, Field] => {
    const example = type.fields[of]?.example ?? type.exampleName;
    return [named, recorded(z.string(), { description: nameText(end, of, noun), example })];
  });
  return { [field]: byId, ...Object.fromEntries(names) };
}

function nameText({ word, name, field, type }: End, of: string, noun: string): string {
  if (of === namesKept({ word, name, field, type })[0]!.of)
    return `Name of the ${word}: whoever has it when the run ends. Give this or \`${field}\`; the other is filled in, as it was when the ${noun} was made.`;
  return `${capitalized(of)} of the ${word}, for instance \`${String(type.fields[of]?.example)}\`. Needed only where several have the name; else filled in.`;
}

/** The edge, and whether it was made by this. */
async function ensureEdge(
  relation: Relation,
  context: Context,
  inputs: Values,
): Promise<{ state: EdgeState; added: boolean }> {
  const organizationId = await organizationFor(context, relation.resource, inputs.organizationId as string | undefined);
  const { parentId, childId } = endsOf(relation, inputs);
  const [parent, child] = await Promise.all([
    rowAt(relation, relation.parent, context, parentId, organizationId),
    rowAt(relation, relation.child, context, childId, organizationId),
  ]);
  const state: EdgeState = {
    ...namesOf(relation, { parent, child }),
    ...defined(inputs),
    id: `${parentId}/${childId}`,
    [relation.parent.field]: parentId,
    [relation.child.field]: childId,
    organizationId,
    owner: parent.owner,
  };
  const held = relation.held(context, organizationId, parentId);
  const isThere = (list: CachedList<ObjectRow>) => list.has(childId);
  if (await readForEdge(relation, context, { organizationId, parentId }, isThere)) return { state, added: false };
  await requireNotRefused(relation, context, child, organizationId);
  await addOnce(relation, context, { state, parentId, child, held });
  return { state, added: true };
}

/** @throws ResourceError `invalid-input` where the child, as it is now, cannot be put into anything anew */
async function requireNotRefused(
  { resource, child: { type, field }, refused }: Relation,
  { client }: Context,
  child: ObjectRow,
  organizationId: string,
): Promise<void> {
  if (!refused(child)) return;
  const now = (await type.list(client, organizationId).read("now")).get(child.id);
  const reason = now && refused(now);
  if (reason) throw new ResourceError("invalid-input", { resource, field, ...reason });
}

async function addOnce(
  relation: Relation,
  context: Context,
  {
    state,
    parentId,
    child,
    held,
  }: { state: EdgeState; parentId: string; child: ObjectRow; held: CachedList<ObjectRow> },
): Promise<void> {
  const { effect, failure, unread } = await sendAndConfirm(context, {
    send: () => relation.add(context, state.organizationId, parentId, child),
    stated: (confirmed) => confirmed || undefined,
    seen: async () => ((await held.read("now")).has(child.id) ? true : undefined),
    ifUnknown: SENT_AGAIN,
  });
  if (effect) return;
  if (failure) throw failure;
  const unlisted = new ResourceError("unconfirmed", {
    resource: relation.resource,
    what: `the server accepted ${endInWords(relation.child, state)} in ${endInWords(relation.parent, state)} but does not list it`,
    hint: "It is kept in the state; the next refresh finds out whether it is there.",
  });
  throw new PartialError(state.id, state, unread ?? unlisted);
}

/** The row at one end. Rows made since the list was read are looked for once more before the id is called unknown. */
async function rowAt(
  { resource }: Relation,
  { field, word, type }: End,
  context: Context,
  endId: string,
  organizationId: string,
): Promise<ObjectRow> {
  const list = type.list(context.client, organizationId);
  const found = async () => (await list.read("cached")).get(endId) ?? (await list.read("now")).get(endId);
  const row = await explained(type, context.client, resource, found());
  if (row && !isOf(organizationId, row)) throw await ofAnother(context, resource, row, organizationId);
  if (row) return row;
  const where = type.inOrganization ? `organization ${organizationId} has no ${word}` : `this token sees no ${word}`;
  const returns = type.inOrganization
    ? ""
    : `; ${word}s that were removed and registered again come back under a new id`;
  throw new ResourceError("missing", {
    resource,
    field,
    what: `${where} with the id ${endId}`,
    hint: `Nothing was changed. Check ${field}: take it from a resource or a lookup rather than pasting it${returns}.`,
  });
}

async function readEdge(relation: Relation, context: Context, state: EdgeState): Promise<State | undefined> {
  const { organizationId } = state;
  const { parentId, childId } = endsOf(relation, state);
  let listFailure: unknown;
  const listed = await readForEdge(relation, context, { organizationId, parentId }, (held) => held.find(childId))
    .then((row) => row !== undefined)
    .catch((error: unknown) => {
      // A parent that is gone has no list; whether it is gone its own list shows.
      if (!mayBeAbsent(error)) throw error;
      listFailure = error;
      return false;
    });
  if (listed) return state;
  const parents = relation.parent.type.list(context.client, organizationId);
  const parent = parentOf(relation, state);
  const found = await findOrProveAbsent(context, parents, parent);
  if (found === "deleted") return undefined;
  if (found === "out of sight") {
    warnUnknown(context, relation.resource, parent.what, OF_ANOTHER_USER);
    return state;
  }
  if (listFailure !== undefined) throw listFailure;
  const complete = relation.childrenSeenWithParent || (await context.client.seesEverything());
  if (complete) return undefined;
  const children = await relation.child.type.list(context.client, organizationId).read("cached");
  if (children.has(childId)) return undefined;
  const because = `its ${endInWords(relation.child, state)} is not visible to this token either`;
  warnUnknown(context, relation.resource, `${relation.resource} ${edgeInWords(relation, state)}`, because);
  return state;
}

/**
 * Moves an edge to other ends: the new pair is added and confirmed before the old one is removed. The engine remembers the old one
 * until both is done, so where that fails, a pair that was added is taken away again: no state would know of it.
 */
async function updateEdge(relation: Relation, context: Context, state: EdgeState, inputs: Values): Promise<State> {
  const { parentId, childId } = endsOf(relation, inputs);
  if (`${parentId}/${childId}` === state.id)
    return { ...state, ...defined(inputs), organizationId: state.organizationId };
  const { run } = context;
  const undo = (pair: EdgeState) =>
    run.postponeDeletion(relation.name, pair.id, (later) => deleteEdge(relation, later, pair));
  const moved = { ...inputs, organizationId: inputs.organizationId ?? state.organizationId };
  const { state: next, added } = await ensureEdge(relation, context, moved).catch((error: unknown) => {
    if (!(error instanceof PartialError)) throw error;
    undo(error.state as EdgeState);
    throw error.reason;
  });
  // Until it is recorded, an older record of the new pair waits with its removal.
  run.declare(relation.name, next.id);
  if (run.wasDeletedEarly(relation.name, state.id)) return next;
  if (run.isProtected(relation.name, state.id)) {
    undo(state);
    return next;
  }
  await deleteEdge(relation, context, state).catch((error: unknown) => {
    if (added) undo(next);
    throw error;
  });
  return next;
}
