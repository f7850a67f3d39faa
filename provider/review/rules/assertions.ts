import { objectAt, tagsOf } from "../report/objects";
import { fitsAny } from "../settings/glob";
import type { Assertion, Selector } from "../settings/schema";
import type { Found, Judged } from "./rule";
import { called, listed, nameAt } from "./words";

/** The access after the plans that an assertion is about, one entry for a workspace and a connection. */
interface Access {
  workspace: string;
  connection: string;
  through: string[];
}

/** What breaks an assertion, by the kind of it. */
export function* broken(judged: Judged, { deny, require: required, only }: Assertion): Generator<Found> {
  const selector = (deny ?? required ?? only)!;
  if (selector.team !== undefined && !judged.review.world.teamsKnown) {
    yield {
      subject: `teams ${JSON.stringify(selector)}`,
      message: "the assertion is about teams, and which teams a workspace has is not known here",
      places: [],
      severity: "warning",
    };
    return;
  }
  if (required) {
    for (const _ of accessOf(judged, required)) return;
    yield {
      subject: inWords(required),
      message: `nobody has the access that is required: ${inWords(required)}`,
      places: [],
    };
    return;
  }
  if (deny) {
    for (const access of accessOf(judged, deny)) yield found(judged, access, `is denied: ${inWords(deny)}`);
    return;
  }
  const { workspace, team, ...what } = selector;
  const allowed = { workspace, team };
  for (const access of accessOf(judged, what))
    if (!hasAccess(judged, access.workspace, allowed, "every"))
      yield found(judged, access, `only ${inWords(allowed)} may reach ${inWords(what)}`);
}

const found = (judged: Judged, { workspace, connection, through }: Access, why: string): Found => ({
  subject: `${nameAt(judged, workspace)} ${nameAt(judged, connection)}`,
  message: `${called(judged, workspace)} reaches ${called(judged, connection)} through ${listed(judged, through)}: ${why}`,
  places: placesOf(judged, workspace, connection, through),
});

function placesOf({ review }: Judged, workspace: string, connection: string, through: readonly string[]) {
  const { declared } = review.outcome;
  return through.flatMap((environment) =>
    [`bindings\0${workspace}\0${environment}`, `assignments\0${environment}\0${connection}`].flatMap(
      (pair) => declared.get(pair) ?? [],
    ),
  );
}

const list = (given: string | string[] | undefined): string[] | undefined =>
  given === undefined || Array.isArray(given) ? given : [given];

const fits = (patterns: string[] | undefined, name: string): boolean =>
  patterns === undefined || fitsAny(patterns, name);

function hasAccess(
  judged: Judged,
  workspace: string,
  { workspace: names, team }: Selector,
  which: "some" | "every",
): boolean {
  if (!fits(list(names), nameAt(judged, workspace))) return false;
  const teams = list(team);
  if (teams === undefined) return true;
  const members = [...judged.review.outcome.edges.memberships.childrenOf(workspace)];
  return members[which]((key) => fitsAny(teams, nameAt(judged, key)));
}

function* accessOf(judged: Judged, selector: Selector): Generator<Access> {
  const { edges } = judged.review.outcome;
  const inSelector = chooser(judged, selector);
  for (const workspace of edges.bindings.parents()) {
    if (!hasAccess(judged, workspace, selector, "some")) continue;
    const byConnection = new Map<string, string[]>();
    for (const environment of edges.bindings.childrenOf(workspace)) {
      if (!inSelector.environment(environment)) continue;
      for (const connection of edges.assignments.childrenOf(environment)) {
        if (!inSelector.connection(connection)) continue;
        const through = byConnection.get(connection);
        if (through) through.push(environment);
        else byConnection.set(connection, [environment]);
      }
    }
    for (const [connection, through] of byConnection) yield { workspace, connection, through };
  }
}

/** Whether an environment or a connection fits; each is looked at once. */
function chooser(judged: Judged, { environment, connection, kind, tag }: Selector) {
  const once = (fitting: (key: string) => boolean) => {
    const known = new Map<string, boolean>();
    return (key: string): boolean => {
      const before = known.get(key);
      if (before !== undefined) return before;
      const now = fitting(key);
      known.set(key, now);
      return now;
    };
  };
  const [environments, connections, kinds, tags] = [list(environment), list(connection), list(kind), list(tag)];
  return {
    environment: once((key) => {
      const tagged = Object.entries(tagsOf(objectAt(judged.review, key)) ?? {}).map(
        ([name, value]) => `${name}=${value}`,
      );
      return (
        fits(environments, nameAt(judged, key)) && (tags === undefined || tagged.some((one) => fitsAny(tags, one)))
      );
    }),
    connection: once((key) => {
      const object = objectAt(judged.review, key);
      return fits(connections, nameAt(judged, key)) && fits(kinds, String(object?.values.kind ?? ""));
    }),
  };
}

const inWords = (selector: Selector): string =>
  Object.entries(selector)
    .filter(([, value]) => value !== undefined)
    .map(([what, value]) => `${what} ${[value].flat().join(" or ")}`)
    .join(", ");
