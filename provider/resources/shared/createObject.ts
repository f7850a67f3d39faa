import type { CachedList, Written } from "../../client";
import { type Context, PartialError, ResourceError, type State } from "../../framework";
import { ownedByUser } from "./existence";
import { type Outcome, sendAndConfirm } from "./sendAndConfirm";
import type { ObjectRow } from "./wire";

export interface Creation {
  resource: string;
  name: string;
  list: CachedList<ObjectRow>;
  /** Whether a row has the identity of what is created. */
  isNamesake(row: ObjectRow): boolean;
  /** Whether it is in all that was sent. */
  isAsSent(row: ObjectRow): boolean;
  post(): Promise<Written<ObjectRow>>;
  freed?: (() => Promise<boolean>) | undefined;
  /** What can be remembered of an object of which only the id is known. */
  remembered(id: string): State;
  /** Told of an object that nobody had before. */
  made(row: ObjectRow): void;
}

/**
 * Makes an object and finds it, whatever was answered. Where the server did not accept it, somebody else may have made one of the
 * name at that moment: only what was not there before, is as it was sent and belongs to the token's user is taken for it.
 * @throws PartialError where the server stated an id that cannot be read back
 */
export async function createObject(context: Context, creation: Creation): Promise<ObjectRow> {
  const { resource, name, list } = creation;
  const known = new Set((await list.read("cached")).keys());
  const seen = async ({ answer, failure }: Outcome<Written<ObjectRow>>) => {
    const rows = await list.read("now");
    if (answer?.id !== undefined) return rows.get(answer.id);
    const fresh = [...rows.values()].filter((row) => creation.isNamesake(row) && !known.has(row.id));
    if (fresh.length > 1) throw twins(creation, fresh);
    const [row] = fresh;
    if (!row || failure === undefined) return row;
    return creation.isAsSent(row) && (await ownedByUser(context, row.owner)) ? row : undefined;
  };
  const { effect, failure, answer, unread } = await sendAndConfirm<Written<ObjectRow>, ObjectRow>(context, {
    send: creation.post,
    stated: ({ row }) => row,
    seen,
    freed: creation.freed,
    ifUnknown: `Run again: where "${name}" is there by then, the run stops and says how to take it over.`,
  });
  if (effect && answer?.id === effect.id && !known.has(effect.id)) creation.made(effect);
  if (effect) return effect;
  if (failure) throw failure;
  const reason = unread ?? unlisted(resource, name);
  throw answer.id === undefined ? reason : new PartialError(answer.id, creation.remembered(answer.id), reason);
}

const unlisted = (resource: string, name: string) =>
  new ResourceError("unconfirmed", {
    resource,
    what: `the server accepted "${name}" but does not list it`,
    hint: "If it appears later, run again with adopt = true (or MESHERY_ADOPT=1) to take it over; nothing is created a second time unless you run without.",
  });

const twins = ({ resource, name }: { resource: string; name: string }, rows: readonly ObjectRow[]) =>
  new ResourceError("ambiguous", {
    resource,
    field: "name",
    what: `${rows.length} objects named "${name}" appeared while one was created`,
    hint: `Somebody else created another at the same moment. Import the one you want by its id: ${rows.map((row) => row.id).join(", ")}.`,
  });
