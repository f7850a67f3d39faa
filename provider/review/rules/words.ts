import type { Cause } from "../outcome/outcome";
import type { Place } from "../plans/plan";
import { archivedOf, objectAt, tagsOf } from "../report/objects";
import { PRODUCTION } from "../settings/levels";
import type { Judged } from "./rule";

/** An object in a message: its kind and name, or its id where only that is known. */
export function called({ review }: Judged, key: string): string {
  const object = objectAt(review, key);
  if (!object) return key;
  return `${object.kind} ${object.name === "" ? object.id : JSON.stringify(object.name)}`;
}

export const nameAt = ({ review }: Judged, key: string): string => objectAt(review, key)?.name || key;

/** Objects of one kind, by their names. */
export const listed = (judged: Judged, keys: Iterable<string>): string =>
  some([...keys].map((key) => JSON.stringify(nameAt(judged, key))));

/** Objects of several kinds. */
export const listedWithKinds = (judged: Judged, keys: Iterable<string>): string =>
  some([...keys].map((key) => called(judged, key)));

const some = (all: readonly string[], most = 5): string => {
  const names = [...all].sort();
  const more = names.length - most;
  return more > 0 ? `${names.slice(0, most).join(", ")} and ${more} more` : names.join(", ");
};

export const placesOf = (causes: readonly Cause[] | undefined): Place[] => (causes ?? []).map(({ place }) => place);

export function levelOf({ review, levels }: Judged, key: string): string | undefined {
  const object = objectAt(review, key);
  return object && levels.of(object.name, tagsOf(object));
}

/**
 * The level of a connection: what its name says, else that of the environments that hold it, where they agree. One that is shared
 * by environments of several levels has none.
 */
export function connectionLevel(judged: Judged, key: string): string | undefined {
  const own = levelOf(judged, key);
  if (own !== undefined) return own;
  const levels = new Set(
    [...judged.review.outcome.edges.assignments.parentsOf(key)].map((one) => levelOf(judged, one)),
  );
  return levels.size === 1 ? [...levels][0] : undefined;
}

export const isArchived = ({ review }: Judged, key: string): boolean => archivedOf(objectAt(review, key)) === true;

export { PRODUCTION };
