import type { CachedList } from "../../client";
import { type Context, ResourceError } from "../../framework";
import { pollUntil } from "./pollUntil";
import { sendAndConfirm } from "./sendAndConfirm";
import type { ObjectRow } from "./wire";

export interface Removal {
  id: string;
  /** In texts for people. */
  what: string;
  /**
   * Whether it is there to be deleted, and nothing holds it any more; false where it is deleted already.
   * @throws ResourceError where neither can be said
   */
  isThere(): Promise<boolean>;
  send(): Promise<unknown>;
  /** Whether an answer is the deleted object. */
  states(answer: unknown): boolean;
}

/** So many deletes that answers state are confirmed by one list, also while further ones are under way. */
const DELETES_A_LIST = 50;

interface Removals {
  underWay: number;
  /** What answers stated to be deleted and no list has confirmed yet, in words by id. */
  stated: Map<string, string>;
}

const removals = new WeakMap<CachedList<ObjectRow>, Removals>();

/**
 * Deletes an object; gone already is as good. An answer that is the deleted object is believed while other deletes of the list are
 * under way: one of them, at the latest the last, reads the list for all, so that no run ends with a deletion that was only stated.
 */
export async function removeObject(context: Context, list: CachedList<ObjectRow>, removal: Removal): Promise<void> {
  const all = removals.get(list) ?? { underWay: 0, stated: new Map() };
  removals.set(list, all);
  const { stated } = all;
  all.underWay++;
  try {
    if (await removal.isThere()) await removeAndConfirm(context, list, removal, stated);
  } finally {
    all.underWay--;
    const isDue = stated.size >= DELETES_A_LIST || (all.underWay === 0 && stated.size > 0);
    if (isDue) await confirm(context, list, stated);
  }
}

/** Sends the delete, and looks until the list no longer has it where the answer does not state that. */
async function removeAndConfirm(
  context: Context,
  list: CachedList<ObjectRow>,
  { id, what, send, states }: Removal,
  stated: Map<string, string>,
): Promise<void> {
  const absent = async () => !(await list.read("now")).has(id);
  const { effect, answer, failure, unread } = await sendAndConfirm(context, {
    send,
    stated: (answer) => states(answer) || undefined,
    // One list is no proof (see `CachedList.find`): after an error it is all that there is.
    seen: async (outcome) => ((await absent()) && (!outcome.failure || (await absent())) ? true : undefined),
    ifUnknown: "Run again: what is gone by then is found gone.",
  });
  if (!effect) throw failure ?? unread ?? notDeleted([what]);
  if (states(answer)) stated.set(id, what);
}

/** Looks until the list has none of what was stated to be deleted. */
async function confirm(context: Context, list: CachedList<ObjectRow>, stated: Map<string, string>): Promise<void> {
  let left = [...stated];
  stated.clear();
  const all = left;
  try {
    await pollUntil(context, async () => {
      const rows = await list.read("now");
      left = all.filter(([id]) => rows.has(id));
      return left.length === 0 || undefined;
    });
  } catch (error) {
    for (const [id, what] of all) stated.set(id, what);
    throw error;
  }
  if (left.length > 0) throw notDeleted(left.map(([, what]) => what));
}

const notDeleted = (all: readonly string[]) =>
  new ResourceError("unconfirmed", {
    resource: all.join(", "),
    what: `the server accepted the delete but still lists ${all.length === 1 ? "it" : "them"}`,
    hint: "Run destroy again; if it stays, look at the server's log.",
  });
