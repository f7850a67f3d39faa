import { ApiError, type CachedList, type Freshness, type Listing, segment } from "../../client";
import { type Context, type EdgeEnd, ResourceError, type State } from "../../framework";
import type { Subject } from "./existence";
import { type ObjectType, qualifiersOf } from "./objectType";
import type { ObjectRow } from "./wire";
import { FORGOTTEN } from "./wording";

/** An object at an end of an edge, and the fields by which edges name it. */
export interface End {
  type: ObjectType;
  /** Its id: `environmentId`. */
  field: string;
  /** What keeps its name: `environmentName`. */
  name: string;
  /** In texts for people. */
  word: string;
}

export interface RelationOptions {
  /** `environment-connection`. */
  name: string;
  /** The resource of one pair: `ConnectionAssignment`. */
  resource: string;
  parent: ObjectType;
  child: ObjectType;
  /** Whether whoever sees the parent sees all that it holds: what its list does not hold is then not in it. */
  childrenSeenWithParent: boolean;
  /**
   * Whether only some servers have its routes. A parent that is looked up or deleted on another one is then taken to hold none; for
   * the edge itself a missing route stays an error.
   */
  notOnEveryServer?: boolean;
  /** Ids of the parents that hold a child, where its own row lists them; undefined where a server does not. */
  parentIdsOf?(child: ObjectRow): readonly string[] | undefined;
  /** Why a child cannot be put into a parent that does not hold it yet; left out: any can. */
  refused?(child: ObjectRow): { what: string; hint: string } | undefined;
  /** The children that a parent holds, where that takes more than their list. */
  heldBy?(context: Pick<Context, "client">, parentId: string, read: () => Promise<ObjectRow[]>): Promise<ObjectRow[]>;
}

/** Pairs of objects of which one holds the other: a connection in an environment, an environment in a workspace. */
export interface Relation {
  name: string;
  resource: string;
  parent: End;
  child: End;
  childrenSeenWithParent: boolean;
  notOnEveryServer: boolean;
  refused(child: ObjectRow): { what: string; hint: string } | undefined;
  parentIdsOf(child: ObjectRow): readonly string[] | undefined;
  /** The children that the parent holds; most probably none where that is expected. */
  held(
    context: Pick<Context, "client">,
    organizationId: string,
    parentId: string,
    expected?: "none",
  ): CachedList<ObjectRow>;
  /** What a parent holds; nothing where the server has no route for it. */
  heldIfKnown(
    context: Pick<Context, "client">,
    organizationId: string,
    parentId: string,
    freshness: Freshness,
  ): Promise<ReadonlyMap<string, ObjectRow>>;
  /** Sends one row; true where the answer states the pair. */
  add(context: Pick<Context, "client">, organizationId: string, parentId: string, child: ObjectRow): Promise<boolean>;
  /** Removes one row; a pair that a server stored twice is still there. */
  remove(context: Pick<Context, "client">, organizationId: string, parentId: string, childId: string): Promise<void>;
}

const relations = new Map<string, Relation>();

/** The relation of this name. */
export function relationNamed(name: string): Relation {
  const found = relations.get(name);
  if (!found) throw new Error(`there is no relation ${name}`);
  return found;
}

/** The relations in which objects of this type hold others, or are held. */
export const relationsOf = (type: string, end: "parent" | "child"): Relation[] =>
  [...relations.values()].filter((relation) => relation[end].type.name === type);

const endOf = (type: ObjectType): End => ({
  type,
  field: `${type.word}Id`,
  name: `${type.word}Name`,
  word: type.word,
});

/** How servers answer where they have no such route: so, or with the page of their user interface, as to who is not signed in. */
const isNoRoute = (error: unknown): boolean => error instanceof ApiError && error.code === "no-route";
const isPage = (error: unknown): boolean =>
  error instanceof ApiError && error.code === "not-authenticated" && error.details.status === 200;

/**
 * Whether a list failed because the server has no such route. A page says so only where the same token is answered properly in
 * between (`signedIn`).
 */
async function hasNoRoute(
  error: unknown,
  again: () => Promise<unknown>,
  signedIn: () => Promise<boolean>,
): Promise<boolean> {
  if (isNoRoute(error)) return true;
  if (!isPage(error) || !(await signedIn())) return false;
  return again().then(
    () => false,
    (second: unknown) => isPage(second) || isNoRoute(second),
  );
}

/** Of two lists that a route has, the one of what is assigned. */
const ASSIGNED = { filter: '{"assigned":true}' };

export function declareRelation(options: RelationOptions): Relation {
  const { name, resource, childrenSeenWithParent, notOnEveryServer = false } = options;
  const [parent, child] = [endOf(options.parent), endOf(options.child)];
  const path = (organizationId: string, parentId: string) =>
    `${parent.type.path(organizationId)}/${segment(parentId)}/${child.type.rows}`;
  const pairOf = (organizationId: string, parentId: string, childId: string) => ({
    path: `${path(organizationId, parentId)}/${segment(childId)}`,
    organizationId,
    ids: { [parent.field]: parentId, [child.field]: childId },
  });
  const held: Relation["held"] = (context, organizationId, parentId, expected) => {
    const listing = (): Listing<ObjectRow> => ({
      path: path(organizationId, parentId),
      key: child.type.rows,
      parse: child.type.read,
      organizationId,
      query: ASSIGNED,
      expectEmpty: expected === "none",
    });
    const { heldBy = (_context, _id, read) => read() } = options;
    return context.client.list(`${name} ${parentId}`, async (read) =>
      heldBy(context, parentId, async () => read(listing())),
    );
  };
  const heldIfKnown: Relation["heldIfKnown"] = async (context, organizationId, parentId, freshness) => {
    // An engine removes the edges before it comes to what they hold on to.
    const children = held(context, organizationId, parentId, "none");
    const parents = parent.type.list(context.client, organizationId);
    const isThere = async () => (await parents.read("now")).has(parentId);
    return children.read(freshness).catch(async (error: unknown) => {
      if (notOnEveryServer && (await hasNoRoute(error, () => children.read("now"), isThere))) return new Map();
      throw error;
    });
  };
  const relation: Relation = {
    name,
    resource,
    parent,
    child,
    childrenSeenWithParent,
    notOnEveryServer,
    refused: options.refused ?? (() => undefined),
    parentIdsOf: options.parentIdsOf ?? (() => undefined),
    held,
    heldIfKnown,
    add: async (context, organizationId, parentId, row) =>
      context.client.relate(held(context, organizationId, parentId), row, pairOf(organizationId, parentId, row.id)),
    remove: async (context, organizationId, parentId, childId) =>
      context.client.unrelate(held(context, organizationId, parentId), pairOf(organizationId, parentId, childId)),
  };
  relations.set(name, relation);
  return relation;
}

/** What a parent holds, read for an edge; where the server has no route for it, that is the error, whatever it answered. */
export async function readForEdge<T>(
  { resource, parent, child, held, notOnEveryServer }: Relation,
  { client }: Pick<Context, "client">,
  { organizationId, parentId }: { organizationId: string; parentId: string },
  read: (children: CachedList<ObjectRow>) => Promise<T>,
): Promise<T> {
  const children = held({ client }, organizationId, parentId);
  const signedIn = () =>
    parent.type
      .list(client, organizationId)
      .read("now")
      .then(() => true);
  return read(children).catch(async (error: unknown) => {
    if (!notOnEveryServer || !(await hasNoRoute(error, () => children.read("now"), signedIn))) throw error;
    throw new ResourceError("meshery", {
      resource,
      what: `this Meshery has no route for the ${child.type.rows} of ${withArticle(parent.word)}`,
      hint: `Nothing was changed. Use a release that has it, or take the ${resource} out of the program and the state ${FORGOTTEN}.`,
    });
  });
}

/** The fields that keep what identifies the ends, so that the plan of a delete can be read: names, and the kind of a connection. */
export const namesKept = ({ type, name, word }: End): { field: string; of: string }[] => [
  { field: name, of: type.identity.at(-1) ?? "name" },
  ...qualifiersOf(type).map((qualifier) => ({ field: `${word}${capitalized(qualifier)}`, of: qualifier })),
];

/** An end as the declaration of an edge names it. */
export function edgeEnd(end: End): EdgeEnd {
  const [name, ...others] = namesKept(end).map(({ field }) => field);
  return { resource: end.type.name, id: end.field, names: [name!, ...others] };
}

export const withArticle = (word: string): string => `${/^[aeiou]/.test(word) ? "an" : "a"} ${word}`;

export const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Their values for the ends that are given. */
export function namesOf(
  { parent, child }: Relation,
  rows: { parent?: ObjectRow | undefined; child?: ObjectRow | undefined },
) {
  const kept = (end: End, row: ObjectRow | undefined) =>
    row === undefined ? [] : namesKept(end).map(({ field, of }) => [field, row[of]]);
  return Object.fromEntries([...kept(parent, rows.parent), ...kept(child, rows.child)]) as Record<string, string>;
}

/** An end as messages call it: `environment "production" (id)`; without a name where it is not known. */
export function endInWords({ field, name, word }: End, values: Record<string, unknown>): string {
  const [id, called] = [String(values[field]), values[name]];
  return typeof called === "string" && called !== "" ? `${word} "${called}" (${id})` : `${word} ${id}`;
}

/** What an edge is called in messages. */
export const edgeInWords = ({ parent, child }: Relation, values: Record<string, unknown>): string =>
  `of ${endInWords(child, values)} in ${endInWords(parent, values)}`;

export type EdgeState = State & { organizationId: string; owner?: unknown };

export const endsOf = ({ parent, child }: Relation, values: Record<string, unknown>) => ({
  parentId: String(values[parent.field]),
  childId: String(values[child.field]),
});

/** The parent of an edge, whose absence is that of the edge. */
export const parentOf = ({ resource, parent }: Relation, state: EdgeState): Subject => ({
  resource,
  id: String(state[parent.field]),
  what: endInWords(parent, state),
  organizationId: state.organizationId,
  owner: state.owner,
});
