import fc from "fast-check";
import type { Edges } from "../../provider/review/access/access";
import { accessChanges } from "../../provider/review/access/changes";
import { Pairs } from "../../provider/review/access/pairs";
import type { Uncertain } from "../../provider/review/access/uncertain";
import { verdictOf } from "../../provider/review/access/verdict";

const [WORKSPACES, ENVIRONMENTS, CONNECTIONS, TEAMS] = ["w", "e", "c", "t"].map((letter) =>
  [1, 2, 3].map((number) => `${letter}${number}`),
) as [string[], string[], string[], string[]];

type Pair = [string, string];
interface Plain {
  bindings: Pair[];
  assignments: Pair[];
  memberships: Pair[];
}

const pairs = (parents: string[], children: string[]) =>
  fc.uniqueArray(fc.tuple(fc.constantFrom(...parents), fc.constantFrom(...children)), {
    selector: (pair) => pair.join(),
  });
const plain: fc.Arbitrary<Plain> = fc.record({
  bindings: pairs(WORKSPACES, ENVIRONMENTS),
  assignments: pairs(ENVIRONMENTS, CONNECTIONS),
  memberships: pairs(WORKSPACES, TEAMS),
});
const edgesOf = ({ bindings, assignments, memberships }: Plain): Edges => ({
  bindings: new Pairs(bindings),
  assignments: new Pairs(assignments),
  memberships: new Pairs(memberships),
});

/** All access, by trying every triple. */
function everyAccess({ bindings, assignments, memberships }: Plain) {
  const holds = (list: Pair[], a: string, b: string) => list.some(([x, y]) => x === a && y === b);
  const workspaces: Record<string, string[]> = {};
  const teams: Record<string, string[]> = {};
  for (const c of CONNECTIONS) {
    for (const w of WORKSPACES) {
      const through = ENVIRONMENTS.filter((e) => holds(bindings, w, e) && holds(assignments, e, c));
      if (through.length > 0) workspaces[`${w} ${c}`] = through;
    }
    for (const t of TEAMS) {
      const through = WORKSPACES.filter((w) => holds(memberships, w, t) && workspaces[`${w} ${c}`]);
      if (through.length > 0) teams[`${t} ${c}`] = through;
    }
  }
  return { workspaces, teams };
}

const only = (one: Record<string, string[]>, other: Record<string, string[]>) =>
  Object.fromEntries(Object.entries(one).filter(([key]) => !(key in other)));

const asRecord = (list: ({ connection: string; through: string[] } & ({ workspace: string } | { team: string }))[]) =>
  Object.fromEntries(
    list.map((one) => [`${"team" in one ? one.team : one.workspace} ${one.connection}`, [...one.through].sort()]),
  );

test("what is gained and lost is the difference of all access before and after", () => {
  fc.assert(
    fc.property(plain, plain, (before, after) => {
      const [was, is] = [everyAccess(before), everyAccess(after)];
      const changes = accessChanges(edgesOf(before), edgesOf(after));
      expect(asRecord(changes.gained)).toEqual(only(is.workspaces, was.workspaces));
      expect(asRecord(changes.lost)).toEqual(only(was.workspaces, is.workspaces));
      expect(asRecord(changes.teams.gained)).toEqual(only(is.teams, was.teams));
      expect(asRecord(changes.teams.lost)).toEqual(only(was.teams, is.teams));
    }),
    { numRuns: 500 },
  );
});

const uncertainPairs = (parents: string[], children: string[]) =>
  fc.array(
    fc.record({
      parent: fc.option(fc.constantFrom(...parents), { nil: undefined }),
      child: fc.option(fc.constantFrom(...children), { nil: undefined }),
    }),
    { maxLength: 2 },
  );
const uncertain: fc.Arbitrary<Uncertain> = fc.record({
  bindings: uncertainPairs(WORKSPACES, ENVIRONMENTS),
  assignments: uncertainPairs(ENVIRONMENTS, CONNECTIONS),
  memberships: uncertainPairs(WORKSPACES, TEAMS),
});

/** Everything that could come true at once: access only grows with edges. */
function withAll(after: Plain, { bindings, assignments, memberships }: Uncertain): Plain {
  const all = (given: Uncertain["bindings"], parents: string[], children: string[]): Pair[] =>
    given.flatMap(({ parent, child }) =>
      (parent === undefined ? parents : [parent]).flatMap((p) =>
        (child === undefined ? children : [child]).map((c): Pair => [p, c]),
      ),
    );
  return {
    bindings: [...after.bindings, ...all(bindings, WORKSPACES, ENVIRONMENTS)],
    assignments: [...after.assignments, ...all(assignments, ENVIRONMENTS, CONNECTIONS)],
    memberships: [...after.memberships, ...all(memberships, WORKSPACES, TEAMS)],
  };
}

test("what is uncertain can only keep: lost is what no completion of it keeps open, and gained needs none", () => {
  fc.assert(
    fc.property(plain, plain, uncertain, (before, after, open) => {
      const [was, is, most] = [everyAccess(before), everyAccess(after), everyAccess(withAll(after, open))];
      const changes = accessChanges(edgesOf(before), edgesOf(after), open);
      expect(asRecord(changes.gained)).toEqual(only(is.workspaces, was.workspaces));
      expect(Object.keys(asRecord(changes.lost)).sort()).toEqual(
        Object.keys(only(was.workspaces, most.workspaces)).sort(),
      );
      // A team is never said to have lost what it may keep.
      for (const key of Object.keys(asRecord(changes.teams.lost))) expect(key in most.teams).toBe(false);
      if (open.memberships.length === 0)
        expect(Object.keys(asRecord(changes.teams.lost)).sort()).toEqual(
          Object.keys(only(was.teams, most.teams)).sort(),
        );
    }),
    { numRuns: 500 },
  );
});

test.each([
  [{ unknown: 1, gained: 1, lost: 1 }, "unknown"],
  [{ unknown: 0, gained: 1, lost: 1 }, "broadened"],
  [{ unknown: 0, gained: 0, lost: 1 }, "narrowed"],
  [{ unknown: 0, gained: 0, lost: 0 }, "none"],
])("the verdict of %j is %s", (counts, verdict) => {
  expect(verdictOf(counts)).toBe(verdict);
});
