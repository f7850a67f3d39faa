import type { ApiError } from "../../client";
import type { Context } from "../../framework";
import { ResourceError } from "../../framework";
import { isProvablyDeleted, OF_ANOTHER_USER, outOfSight } from "./existence";
import { mayBeAbsent, pollUntil } from "./pollUntil";
import { type EdgeKind, type EdgeState, type EndRow, endInWords, endsOf, type OwnedRow } from "./relation";
import { sendAndConfirm } from "./sendAndConfirm";

/** A second row of one pair takes one more delete; no server was seen with more than a few. */
const MOST_ROWS = 8;

export async function deleteEdge<P extends OwnedRow, C extends EndRow>(
  kind: EdgeKind<P, C>,
  context: Context,
  state: EdgeState,
): Promise<void> {
  const { organizationId } = state;
  const { parentId, childId } = endsOf(kind, state);
  let failure: ApiError | undefined;
  for (let row = 0; row < MOST_ROWS; row++) {
    const result = await sendAndConfirm<void, "gone" | "listed">(context, {
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
  if (await pollUntil(context, async () => (await edgeGone(kind, context, state, failure)) || undefined)) return;
  throw (
    failure ??
    new ResourceError("unconfirmed", {
      resource: kind.resource,
      what: `${endInWords(kind.child, state)} is still in ${endInWords(kind.parent, state)} after ${MOST_ROWS} accepted deletes`,
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
  context: Context,
  state: EdgeState,
  failure: ApiError | undefined,
): Promise<boolean> {
  const { organizationId } = state;
  const { parentId, childId } = endsOf(kind, state);
  const held = kind.held(context, organizationId, parentId);
  const listed = async () =>
    (
      await held.read("now").catch((error: unknown) => {
        if (!mayBeAbsent(error)) throw error;
        return undefined;
      })
    )?.has(childId);
  const first = await listed();
  if (first) return false;
  if (first === false && !failure) return true;
  // What this token does not see is neither found nor listed: then the parent has to tell, and one list is no proof.
  const parents = kind.parents(context, organizationId);
  const seesParent = async () => (await parents.read("now")).has(parentId);
  if ((await seesParent()) || (await seesParent())) return (await listed()) === false;
  const what = endInWords(kind.parent, state);
  if (await isProvablyDeleted(context, kind.resource, state, what)) return true;
  throw outOfSight(kind.resource, what, OF_ANOTHER_USER);
}
