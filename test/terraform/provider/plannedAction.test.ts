import fc, { type Arbitrary } from "fast-check";
import { holdsUnknown, UNKNOWN } from "../../../provider/framework";
import type { Resource } from "../../../provider/terraform/provider/declared";
import { type Known, plannedAction } from "../../../provider/terraform/provider/plannedAction";
import { appliedObject } from "../../../provider/terraform/provider/plannedState";
import type { Attribution } from "../../../provider/terraform/provider/values";
import { rulesOf } from "../../support/terraform/checkedHandlers";
import { checkApply, checkPlan } from "../../support/terraform/consistency";
import { link, thing } from "./toys";

const whole = ({ attributes }: Resource, some: Attribution): Attribution =>
  Object.fromEntries([...attributes.keys()].map((name) => [name, some[name] ?? null]));
const config = (some: Attribution) => whole(thing, { name: "a", kind: "big", ...some });
const state = (some: Attribution = {}) =>
  config({ id: "1", organization_id: "o", adopt: false, adopted: false, owner: "me", ...some });
const plan = (prior: Attribution | null, configured: Attribution | null, known?: Known) =>
  plannedAction(thing, prior, configured, known);

describe("an object", () => {
  test("that is new is created: what is not written and only Meshery knows is unknown", () => {
    expect(plan(null, config({ description: "" }))).toMatchObject({
      kind: "create",
      planned: {
        id: UNKNOWN,
        name: "a",
        description: "",
        size: null,
        organization_id: UNKNOWN,
        adopt: false,
        adopted: UNKNOWN,
      },
    });
  });

  test("that a create takes over is adopted, and its id is known", () => {
    expect(plan(null, config({ adopt: true }), { adoptable: "7" })).toMatchObject({
      kind: "adopt",
      id: "7",
      planned: { id: "7", adopted: true, owner: UNKNOWN },
    });
  });

  test("that changes is updated in place, and one that does not is planned as it is", () => {
    expect(plan(state(), config({ name: "b" }))).toMatchObject({ kind: "update", planned: { ...state(), name: "b" } });
    expect(plan(state(), config({}))).toMatchObject({ kind: "update", planned: state() });
  });

  test("keeps the spelling of what means the same, and what is left out", () => {
    const prior = state({ description: "here", labels: { a: "1", b: "2" } });
    expect(plan(prior, config({ labels: { a: "1" } }))).toMatchObject({ kind: "update", planned: prior });
  });

  test("whose kind changes is replaced: nothing the provider told of the old one is known of the new one", () => {
    const changed = { ...state(), kind: "small", id: UNKNOWN, adopted: UNKNOWN, owner: UNKNOWN };
    expect(plan(state(), config({ kind: "small" }))).toMatchObject({
      kind: "replace",
      requiresReplace: ["kind"],
      planned: changed,
    });
  });

  test("whose kind is not known yet may stay what it is", () => {
    expect(plan(state(), config({ kind: UNKNOWN }))).toMatchObject({
      kind: "update",
      planned: { id: "1", kind: UNKNOWN },
    });
  });

  test("that takes the place of another is created for it; where that was adopted, another may be adopted", () => {
    const replaced = { id: "1", released: true };
    expect(plan(null, config({}), { replaced })).toMatchObject({
      kind: "replaceCreate",
      replaced,
      planned: { id: UNKNOWN },
    });
    expect(plan(null, config({}), { replaced, adoptable: "7" })).toMatchObject({
      kind: "replaceCreate",
      planned: { id: "7", adopted: true },
    });
  });

  test("that leaves the program is deleted, and released where it was adopted", () => {
    expect(plan(state(), null)).toMatchObject({ kind: "delete", state: { id: "1", organizationId: "o" } });
    expect(plan(state({ adopted: true }), null)).toMatchObject({ kind: "release", state: { id: "1" } });
    expect(plan(null, null)).toEqual({ kind: "noop" });
  });
});

describe("an edge", () => {
  const ends = (from: unknown, to: unknown) => whole(link, { from_id: from, to_id: to });
  const recorded = { ...ends("a", "b"), id: "a/b", from_name: "A" };

  test("has an id as soon as its ends are known", () => {
    expect(plannedAction(link, null, ends("a", "b"))).toMatchObject({ kind: "create", planned: { id: "a/b" } });
    expect(plannedAction(link, null, ends("a", UNKNOWN))).toMatchObject({ kind: "create", planned: { id: UNKNOWN } });
  });

  test("moves in place, and its names are read again", () => {
    expect(plannedAction(link, recorded, ends("a", "c"))).toMatchObject({
      kind: "update",
      planned: { id: "a/c", to_id: "c", from_name: UNKNOWN },
    });
    expect(plannedAction(link, recorded, ends("a", UNKNOWN))).toMatchObject({
      kind: "update",
      planned: { id: UNKNOWN },
    });
    expect(plannedAction(link, recorded, ends("a", "b"))).toMatchObject({ kind: "update", planned: recorded });
  });
});

// What holds of every plan.

const values: Record<string, Arbitrary<unknown>> = {
  name: fc.constantFrom("a", "b"),
  kind: fc.constantFrom("big", "small"),
  description: fc.constantFrom("", "text", null),
  organization_id: fc.constantFrom("o", "p", null),
  size: fc.constantFrom(0, 1, null),
  labels: fc.constantFrom({}, { x: "1" }, { x: "2", y: "" }, null),
  password: fc.constantFrom("s3cret", "other s3cret", null),
  password_version: fc.constantFrom(1, 2, null),
  adopt: fc.constantFrom(true, false, null),
};
const known: Arbitrary<Attribution> = fc.record(values).map((some) => whole(thing, some));
const maybeUnknown: Arbitrary<Attribution> = fc
  .tuple(known, fc.subarray(Object.keys(values)))
  .map(([some, open]) => ({ ...some, ...Object.fromEntries(open.map((name) => [name, UNKNOWN])) }));
const there: Arbitrary<Attribution> = fc.tuple(known, fc.boolean()).map(([some, adopted]) => ({
  ...some,
  password: null,
  adopt: some.adopt ?? false,
  organization_id: some.organization_id ?? "o",
  id: "1",
  owner: "me",
  adopted,
}));
const context: Arbitrary<Known> = fc.record(
  {
    replaced: fc.record({ id: fc.constant("1"), released: fc.boolean() }),
    adoptable: fc.constant("7"),
  },
  { requiredKeys: [] },
);

/** What an apply answers where a plan left something open. */
const answers: Attribution = { id: "2", organization_id: "o", owner: "you", adopted: false, adopt: false };
const rules = rulesOf(thing.attributes);

test("engines take every plan, and the same configuration then plans nothing more", () => {
  fc.assert(
    fc.property(fc.option(there), maybeUnknown, known, context, (prior, before, after, what) => {
      // An engine knows at the apply what it did not know at the plan.
      const resolved = Object.fromEntries(
        Object.entries(before).map(([name, value]) => [name, value === UNKNOWN ? after[name] : value]),
      );
      const action = plannedAction(thing, prior, before, prior ? {} : what);
      if (!("planned" in action)) throw new Error(`a configured object is not to ${action.kind}`);
      const { planned } = action;
      const requiresReplace = action.kind === "replace" ? action.requiresReplace.map((name) => [name]) : [];
      expect(checkPlan(rules, { prior, config: before, planned, requiresReplace }, UNKNOWN)).toEqual([]);
      expect(planned.password).toBeNull();

      const result = appliedObject(planned, whole(thing, { ...answers, ...definedOf(resolved), password: null }));
      expect(checkApply(rules, { planned, result }, UNKNOWN)).toEqual([]);
      expect(holdsUnknown(result)).toBe(false);
      expect(plannedAction(thing, result, resolved)).toMatchObject({ kind: "update", planned: result });
    }),
  );
});

test("an object is replaced exactly where a known value of a field that needs a new one changes", () => {
  fc.assert(
    fc.property(there, maybeUnknown, (prior, configured) => {
      const changed = ["kind", "organization_id"].filter(
        (name) => ![null, UNKNOWN, prior[name]].includes(configured[name] as string),
      );
      const action = plan(prior, configured);
      expect(action.kind).toBe(changed.length > 0 ? "replace" : "update");
      if (action.kind === "replace") expect([...action.requiresReplace].sort()).toEqual(changed);
    }),
  );
});

const definedOf = (some: Attribution): Attribution =>
  Object.fromEntries(Object.entries(some).filter(([, value]) => value !== null));
