import { copied, type Edges, RELATION_KEYS, type RelationKey } from "../access/access";
import { endFields, type Kind, setFields } from "../catalog";
import { type EdgeChange, isEdge, isSet, type Plan, type PlannedChange, type SetChange } from "../plans/plan";
import { textOf, type World } from "../world/world";
import { Ends, type Found } from "./ends";
import { type Cause, causeOf, type Direction, type Outcome, pairKey, push } from "./outcome";

interface Pair {
  relation: RelationKey;
  parent: string;
  child: string;
}

/** What one plan does to the pairs. Removing what it also declares removes nothing. */
interface Effect {
  adds: Map<string, { pair: Pair; causes: Cause[] }>;
  removes: Map<string, { pair: Pair; causes: Cause[] }>;
  declares: Set<string>;
}

/** Brings the edges from before the plans to after them. Objects have been brought there already. */
export function takeEdges(plans: readonly Plan[], world: World, outcome: Outcome): void {
  const ends = new Ends(plans, world, outcome);
  const effects = plans.map((plan) => {
    const effect: Effect = { adds: new Map(), removes: new Map(), declares: new Set() };
    for (const change of plan.changes) {
      if (isEdge(change)) takeEdge(change, ends, effect, outcome);
      if (isSet(change)) takeSet(change, ends, effect, world.edges, outcome);
    }
    for (const key of effect.declares) effect.removes.delete(key);
    return effect;
  });
  for (const [index, effect] of effects.entries())
    apply(
      effect,
      effects.filter((_, other) => other !== index),
      outcome,
    );
  for (const key of outcome.gone.keys()) for (const relation of RELATION_KEYS) outcome.edges[relation].deleteKey(key);
}

export const afterWorld = ({ objects, edges }: World) => ({ objects: new Map(objects), edges: copied(edges) });

function apply(
  { adds, removes }: Effect,
  others: readonly Effect[],
  { edges, uncertain, unknown, added, removed }: Outcome,
): void {
  for (const [key, { pair, causes }] of removes) {
    edges[pair.relation].delete(pair.parent, pair.child);
    for (const cause of causes) push(removed, key, cause);
  }
  for (const [key, { pair, causes }] of adds) {
    for (const cause of causes) push(added, key, cause);
    const other = others.find((effect) => effect.removes.has(key))?.removes.get(key);
    if (!other) {
      edges[pair.relation].add(pair.parent, pair.child);
      continue;
    }
    uncertain[pair.relation].push(pair);
    const removing = other.causes[0]!.place;
    unknown.push({
      place: causes[0]!.place,
      direction: "either",
      known: {},
      reason: `${removing.stack} removes at ${removing.address} what this adds: which is applied last decides`,
      advice:
        "Apply the removal first, or take the edge over without a removal (`removed` with `destroy = false`, `retainOnDelete`).",
    });
  }
}

function takeEdge(change: EdgeChange, ends: Ends, effect: Effect, outcome: Outcome): void {
  const { relation, key } = change.declared;
  const { action, before, deferred } = change;
  const pairOf = (parent: string, child: string): Pair => ({ relation: key, parent, child });
  const [up, down] = [endFields(relation.parent), endFields(relation.child)];
  const [oldParent, oldChild] = [textOf(before?.[up.id]), textOf(before?.[down.id])];
  const old = oldParent !== undefined && oldChild !== undefined ? pairOf(oldParent, oldChild) : undefined;
  const leaves = action === "update" || action === "delete" || action === "replace" || action === "forget";
  const stays = leaves && (change.keeps !== undefined || action === "forget");
  const after =
    action === "delete" || action === "forget" ? undefined : [ends.after(change, up), ends.after(change, down)];
  const next = after && bothOf(after, pairOf);
  if (old && stays) keep(old, change, outcome);
  if (old && leaves && !stays && !(next && same(old, next))) {
    if (deferred) unsure(change, [{ key: old.parent }, { key: old.child }], "loss", outcome);
    else put(effect.removes, old, change);
  }
  if (!after) return;
  if (!next || (deferred && action !== "none")) {
    unsure(change, after, old ? "either" : "gain", outcome);
    return;
  }
  declare(effect, next, change, outcome);
  if (action !== "none" && !(old && same(old, next) && action === "update")) put(effect.adds, next, change);
}

function takeSet(change: SetChange, ends: Ends, effect: Effect, now: Edges, outcome: Outcome): void {
  const { relation, key } = change.declared;
  const { action, before, deferred } = change;
  const pairOf = (parent: string, child: string): Pair => ({ relation: key, parent, child });
  const up = endFields(relation.parent);
  const oldParent = textOf(before?.[up.id]);
  const old =
    oldParent === undefined
      ? []
      : listedBefore(change, oldParent, now, outcome).map((child) => pairOf(oldParent, child));
  if (action === "forget" || change.keeps) for (const pair of old) keep(pair, change, outcome);
  else if (action === "delete" || action === "replace") for (const pair of old) put(effect.removes, pair, change);
  if (action === "delete" || action === "forget") return;
  const parent = ends.after(change, up);
  const children = ends.children(change);
  if (!("key" in parent) || deferred) {
    unsure(change, [parent, ...children], "either", outcome);
    return;
  }
  const [known, open] = [children.filter((one) => "key" in one), children.filter((one) => !("key" in one))];
  for (const { key: child } of known) {
    const pair = pairOf(parent.key, child);
    declare(effect, pair, change, outcome);
    if (action !== "none" && !now[key].has(parent.key, child)) put(effect.adds, pair, change);
  }
  if (action !== "none")
    for (const child of now[key].childrenOf(parent.key)) put(effect.removes, pairOf(parent.key, child), change);
  if (open.length > 0) unsure(change, [parent, ...open], "either", outcome);
}

/** The children that a set listed: by id, or by the names that they had. */
function listedBefore({ before, declared }: SetChange, parent: string, now: Edges, { objects }: Outcome): string[] {
  const { ids, names } = setFields(declared.relation.child);
  const listed = texts(before?.[ids]);
  const named = new Set(texts(before?.[names]));
  const byName = [...now[declared.key].childrenOf(parent)].filter((child) => named.has(objects.get(child)?.name ?? ""));
  return [...new Set([...listed, ...byName])];
}

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];

const same = (a: Pair, b: Pair): boolean => a.parent === b.parent && a.child === b.child;

function bothOf([parent, child]: Found[], pairOf: (parent: string, child: string) => Pair): Pair | undefined {
  return parent && child && "key" in parent && "key" in child ? pairOf(parent.key, child.key) : undefined;
}

function put(map: Effect["adds"], pair: Pair, change: PlannedChange): void {
  const key = pairKey(pair.relation, pair.parent, pair.child);
  const known = map.get(key);
  if (known) known.causes.push(causeOf(change));
  else map.set(key, { pair, causes: [causeOf(change)] });
}

function declare(effect: Effect, pair: Pair, { place }: PlannedChange, outcome: Outcome): void {
  const key = pairKey(pair.relation, pair.parent, pair.child);
  effect.declares.add(key);
  outcome.declared.set(key, place);
}

function keep(pair: Pair, change: PlannedChange, { kept }: Outcome): void {
  const reason = change.keeps ?? "forgotten";
  kept.set(pairKey(pair.relation, pair.parent, pair.child), { reason, cause: causeOf(change) });
}

/** An edge of which an end is not known, or that is put off: it may come to be any that fits. */
function unsure(change: EdgeChange | SetChange, found: Found[], direction: Direction, outcome: Outcome): void {
  const { relation, key } = change.declared;
  const [parent, ...children] = found;
  const keyOf = (one: Found | undefined) => (one && "key" in one ? one.key : undefined);
  for (const child of children.length > 0 ? children : [undefined])
    outcome.uncertain[key].push({ parent: keyOf(parent), child: keyOf(child) });
  const known: Partial<Record<Kind, string>> = {};
  const only = children.length === 1 ? keyOf(children[0]) : undefined;
  if (keyOf(parent) !== undefined) known[relation.parent.word as Kind] = keyOf(parent)!;
  if (only !== undefined) known[relation.child.word as Kind] = only;
  const why = found.find((one) => !("key" in one));
  outcome.unknown.push({
    place: change.place,
    direction,
    known,
    reason: why && "reason" in why ? why.reason : "the engine puts it off to a later plan",
    advice: why && "reason" in why ? why.advice : "Review the plan that comes after this apply as well.",
  });
}
