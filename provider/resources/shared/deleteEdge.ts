import type { ApiError } from "../../client";
import type { Context } from "../../framework";
import { ResourceError } from "../../framework";
import { findOrProveAbsent, OF_ANOTHER_USER, outOfSight } from "./existence";
import { mayBeAbsent, pollUntil } from "./pollUntil";
import { type EdgeState, endInWords, endsOf, parentOf, type Relation } from "./relation";
import { sendAndConfirm } from "./sendAndConfirm";

/** A second row of one pair takes one more delete; no server was seen with more than a few. */
const MOST_ROWS = 8;

export async function deleteEdge(relation: Relation, context: Context, state: EdgeState): Promise<void> {
  const { organizationId } = state;
  const { parentId, childId } = endsOf(relation, state);
  let failure: ApiError | undefined;
  for (let row = 0; row < MOST_ROWS; row++) {
    const result = await sendAndConfirm<void, "gone" | "listed">(context, {
      send: () => relation.remove(context, organizationId, parentId, childId),
      seen: async (outcome) => {
        if (await edgeGone(relation, context, state, outcome.failure)) return "gone";
        // A second row of the pair takes a second delete; only other errors are worth another look.
        return !outcome.failure || mayBeAbsent(outcome.failure) ? "listed" : undefined;
      },
      ifUnknown: "Run again: what is gone by then is found gone.",
    });
    if (result.effect === "gone") return;
    failure = result.failure;
    if (result.effect === undefined) throw failure ?? result.unread;
  }
  if (await pollUntil(context, async () => (await edgeGone(relation, context, state, failure)) || undefined)) return;
  throw (
    failure ??
    new ResourceError("unconfirmed", {
      resource: relation.resource,
      what: `${endInWords(relation.child, state)} is still in ${endInWords(relation.parent, state)} after ${MOST_ROWS} accepted deletes`,
      hint: "Run again; if it stays, look at the server's log.",
    })
  );
}

/**
 * Whether a pair that was to be removed is provably not there.
 * @throws ResourceError `missing` where the parent, and with it the pair, may only be out of this token's sight
 */
async function edgeGone(
  relation: Relation,
  context: Context,
  state: EdgeState,
  failure: ApiError | undefined,
): Promise<boolean> {
  const { organizationId } = state;
  const { parentId, childId } = endsOf(relation, state);
  const held = relation.held(context, organizationId, parentId);
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
  // What this token does not see is neither found nor listed: then the parent decides.
  const parents = relation.parent.type.list(context.client, organizationId);
  const parent = parentOf(relation, state);
  const found = await findOrProveAbsent(context, parents, parent, "now");
  if (found === "deleted") return true;
  if (found !== "out of sight") return (await listed()) === false;
  throw outOfSight(relation.resource, parent.what, OF_ANOTHER_USER);
}
