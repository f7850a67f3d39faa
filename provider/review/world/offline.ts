import { isMap, type Values } from "../../framework";
import type { ObjectType } from "../../resources/shared/objectType";
import { type End, namesKept, type Relation } from "../../resources/shared/relation";
import type { RelationKey } from "../access/access";
import { camel, endFields, type Kind, relations, setFields } from "../catalog";
import { isObject, isSet, type LookupResult, type Plan, type PlannedChange } from "../plans/plan";
import { emptyWorld, put, textOf, type World } from "./world";

/** What the plans themselves tell of what is there: their state before, and what their data sources read. */
export function offlineWorld(plans: readonly Plan[]): World {
  const world = emptyWorld("offline");
  for (const { lookups } of plans) for (const lookup of lookups) takeLookup(world, lookup);
  for (const { changes } of plans) for (const change of changes) takeChange(world, change);
  return world;
}

function takeChange(world: World, change: PlannedChange): void {
  const { before } = change;
  if (!before) return;
  if (isObject(change)) {
    const id = textOf(before.id);
    if (id !== undefined) put(world, change.declared.kind, id, before);
    return;
  }
  const { relation, key } = change.declared;
  const parent = takeEnd(world, relation.parent, before);
  if (parent === undefined) return;
  if (isSet(change)) {
    const children = before[setFields(relation.child).ids];
    for (const child of Array.isArray(children) ? children : []) {
      if (typeof child !== "string") continue;
      put(world, relation.child.word as Kind, child, {}, true);
      world.edges[key].add(parent, child);
    }
    return;
  }
  const child = takeEnd(world, relation.child, before);
  if (child !== undefined) world.edges[key].add(parent, child);
}

/** The object at an end of an edge, with the names that the edge keeps of it. */
function takeEnd(world: World, end: End, values: Values): string | undefined {
  const { kind, id } = endFields(end);
  const key = textOf(values[id]);
  if (key === undefined) return undefined;
  const kept = namesKept(end).map(({ field, of }) => [of, values[field]] as const);
  const organizationId = end.type.inOrganization ? values.organizationId : undefined;
  const said = [...kept, ["organizationId", organizationId] as const].filter(([, value]) => typeof value === "string");
  put(world, kind, key, Object.fromEntries(said), true);
  return key;
}

function takeLookup(world: World, { shape, values }: LookupResult): void {
  const id = textOf(values.id);
  if (shape.kind && id !== undefined) {
    put(world, shape.kind, id, plain(values));
    for (const [key, relation] of entries(relations())) related(world, key, relation, shape.kind, id, values);
    return;
  }
  for (const [key, relation] of entries(relations())) pairs(world, key, relation, values);
}

const entries = (all: Partial<Record<RelationKey, Relation>>) => Object.entries(all) as [RelationKey, Relation][];

const plain = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => !Array.isArray(value)));

/** The rows at the other end of a relation, which a lookup of one object has under the name of their list. */
function related(
  world: World,
  key: RelationKey,
  { parent, child }: Relation,
  kind: Kind,
  id: string,
  values: Values,
): void {
  const take = (other: ObjectType, add: (otherId: string) => void) => {
    const rows = values[other.rows];
    if (!Array.isArray(rows)) return;
    world.whole.add(`${key} ${id}`);
    for (const row of rows) {
      if (!isMap(row) || typeof row.id !== "string") continue;
      put(world, other.word as Kind, row.id, row);
      add(row.id);
    }
  };
  if (parent.word === kind) take(child.type, (other) => world.edges[key].add(id, other));
  if (child.word === kind) take(parent.type, (other) => world.edges[key].add(other, id));
}

/** All pairs of a relation, as a lookup of all objects has them: rows that name both ends. */
function pairs(world: World, key: RelationKey, { parent, child }: Relation, values: Values): void {
  const [up, down] = [endFields(parent), endFields(child)];
  for (const rows of Object.values(values)) {
    if (!Array.isArray(rows)) continue;
    for (const row of rows) {
      if (!isMap(row)) continue;
      const edge = Object.fromEntries(Object.entries(row).map(([field, value]) => [camel(field), value]));
      if (typeof edge[up.id] !== "string" || typeof edge[down.id] !== "string") continue;
      takeEnd(world, parent, edge);
      takeEnd(world, child, edge);
      world.edges[key].add(edge[up.id] as string, edge[down.id] as string);
    }
  }
}
