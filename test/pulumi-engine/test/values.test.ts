import { aliasUrns } from "../src/aliases";
import { deletionOrder } from "../src/graph";
import { parsePath, pathContains, resetPath } from "../src/propertyPath";
import type { ResourceState } from "../src/state";
import { annotateSecrets, differences, dropUnknowns, encode, equal, secret, UNKNOWN, UNKNOWNS } from "../src/values";

describe("values", () => {
  test("every sentinel is an unknown, and is left out at any depth", () => {
    for (const unknown of UNKNOWNS) {
      expect(dropUnknowns({ a: unknown, b: [1, unknown], c: { d: unknown } })).toEqual({ b: [1], c: {} });
    }
  });

  test("secrets are unwrapped for a receiver that does not accept them, and marked again by name", () => {
    const inputs = { token: secret("hush"), nested: { key: secret(1) }, plain: "x" };
    const sent = encode(inputs, { secrets: false, resources: false, unknowns: true });
    expect(sent).toEqual({ token: "hush", nested: { key: 1 }, plain: "x" });
    annotateSecrets(sent, inputs);
    expect(sent).toEqual(inputs);
  });

  test("null and absent are equal in a map, not in a list", () => {
    expect(equal({ a: null }, {})).toBe(true);
    expect(equal([null], [])).toBe(false);
  });

  test("differences are told by path", () => {
    const olds = { same: 1, gone: 1, deep: { a: 1, "b.c": 1 }, list: [1, 2] };
    const news = { same: secret(1), new: 1, deep: { a: 2, "b.c": 2 }, list: [1, 3, 4] };
    expect(differences(olds, news)).toEqual({
      gone: "delete",
      new: "add",
      "deep.a": "update",
      'deep["b.c"]': "update",
      "list[1]": "update",
      "list[2]": "add",
    });
    expect(differences({ a: "known" }, { a: UNKNOWN })).toEqual({ a: "update" });
  });
});

describe("property paths", () => {
  test("are read and compared", () => {
    expect(parsePath('spec.ports[0]["a.b"].*')).toEqual(["spec", "ports", 0, "a.b", "*"]);
    expect(pathContains(parsePath("spec"), parsePath("spec.ports[0]"))).toBe(true);
    expect(pathContains(parsePath("*"), parsePath("spec"))).toBe(true);
    expect(pathContains(parsePath("spec.ports"), parsePath("spec"))).toBe(false);
  });

  test("put back what was, and say where they cannot", () => {
    const target = { a: { b: 2, c: 3 }, list: [1, 2] };
    expect(resetPath(parsePath("a.b"), { a: { b: 1 } }, target)).toBe(true);
    expect(resetPath(parsePath("a.c"), { a: { b: 1 } }, target)).toBe(true);
    expect(resetPath(parsePath("list[5]"), { list: [1] }, target)).toBe(false);
    expect(target).toEqual({ a: { b: 1 }, list: [1, 2] });
  });
});

describe("aliases", () => {
  const takenOver = new Map([["urn:pulumi:s::p::my:Group::new", "urn:pulumi:s::p::my:Group::old"]]);
  const context = { stack: "s", project: "p", takenOver };

  test("name what was different, and follow the parent's", () => {
    const child = { name: "new-child", type: "my:Thing", parent: "urn:pulumi:s::p::my:Group::new" };
    expect(aliasUrns(child, [{ type: "my:Item" }], context)).toEqual([
      "urn:pulumi:s::p::my:Group$my:Item::new-child",
      "urn:pulumi:s::p::my:Group$my:Thing::old-child",
      "urn:pulumi:s::p::my:Group$my:Item::old-child",
    ]);
  });

  test("may say that there was no parent", () => {
    const child = { name: "child", type: "my:Thing", parent: "urn:pulumi:s::p::my:Group::other" };
    expect(aliasUrns(child, [{ noParent: true }], context)).toEqual(["urn:pulumi:s::p::my:Thing::child"]);
  });
});

describe("the order of deletions", () => {
  const state = (name: string, dependencies: string[], more: Partial<ResourceState> = {}): ResourceState => ({
    urn: `urn:pulumi:s::p::t::${name}`,
    type: "t",
    custom: true,
    inputs: {},
    outputs: {},
    dependencies: dependencies.map((dependency) => `urn:pulumi:s::p::t::${dependency}`),
    ...more,
  });

  test("dependents go first, children before their parents, the rest together", () => {
    const base = state("base", []);
    const left = state("left", ["base"]);
    const right = state("right", ["base"]);
    const child = state("child", [], { parent: left.urn });
    const all = [base, left, right, child];
    const groups = deletionOrder(all, all).map((group) => group.map(({ urn }) => urn.split("::").at(-1)).sort());
    expect(groups).toEqual([["child"], ["left", "right"], ["base"]]);
  });
});
