import { paths, type RelationKey } from "./access/access";
import type { Kind } from "./catalog";
import { pairKey } from "./outcome/outcome";
import { placeOf } from "./render/words";
import { objectAt } from "./report/objects";
import type { Review } from "./report/review";

export interface Line {
  indent: string;
  text: string;
}

/**
 * Every path by which a workspace or team reaches a connection.
 * @throws Error where the names are nobody's, or those of several
 */
export function explained(review: Review, who: string, what: string): Line[] {
  const connection = only(review, ["connection"], what);
  const subject = only(review, ["workspace", "team"], who);
  const { edges } = review.outcome;
  const isTeam = objectAt(review, subject)?.kind === "team";
  const workspaces = isTeam ? [...edges.memberships.parentsOf(subject)] : [subject];
  const found = workspaces.flatMap((workspace) =>
    paths(edges, workspace, connection).map((environment) => ({ workspace, environment })),
  );
  const [from, to] = [called(review, subject), called(review, connection)];
  if (found.length === 0) return [{ indent: "", text: `${from} does not reach ${to}` }];
  return [
    { indent: "", text: `${from} reaches ${to} by ${found.length === 1 ? "one path" : `${found.length} paths`}:` },
    ...found.flatMap(({ workspace, environment }, index): Line[] => [
      { indent: "", text: `${index + 1}. through ${called(review, environment)}` },
      ...(isTeam
        ? [step(review, "memberships", workspace, subject, `${from} is in ${called(review, workspace)}`)]
        : []),
      step(review, "bindings", workspace, environment, `${called(review, workspace)} has the environment`),
      step(review, "assignments", environment, connection, "the environment holds the connection"),
    ]),
  ];
}

function step({ outcome, world }: Review, relation: RelationKey, parent: string, child: string, text: string): Line {
  const place = outcome.declared.get(pairKey(relation, parent, child));
  const isNew = !world.edges[relation].has(parent, child);
  const where = place ? `declared in ${place.stack} at ${placeOf(place)}` : "declared by none of these plans";
  return { indent: "   ", text: `${text} (${isNew ? "new, " : ""}${where})` };
}

const called = (review: Review, key: string): string => {
  const object = objectAt(review, key);
  return object ? `${object.kind} ${JSON.stringify(object.name || object.id)}` : key;
};

function only({ outcome }: Review, kinds: readonly Kind[], given: string): string {
  const all = [...outcome.objects.values()].filter(({ kind }) => kinds.includes(kind));
  const found = all.filter(({ id }) => id === given);
  const fitting = found.length > 0 ? found : all.filter(({ name }) => name === given);
  if (fitting.length === 1) return fitting[0]!.key;
  const what = kinds.join(" or ");
  if (fitting.length === 0) throw new Error(`no ${what} is called ${JSON.stringify(given)}, as far as is seen here`);
  const ids = fitting.map(({ id, kind }) => `${kind} ${id ?? "to be made"}`).join(", ");
  throw new Error(`${JSON.stringify(given)} is the name of several: ${ids}; give the id`);
}
