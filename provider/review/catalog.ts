import type { AnyResource } from "../framework";
import { lookups, resources } from "../resources";
import { dataSourceType, dynamicType, resourceToken, resourceType, snake } from "../resources/shared/engineTypes";
import type { ObjectType } from "../resources/shared/objectType";
import { type End, namesKept, type Relation, relationNamed, relationsOf } from "../resources/shared/relation";
import type { RelationKey } from "./access/access";

/** The objects that access is about. */
export const KINDS = ["workspace", "environment", "connection", "team"] as const;
export type Kind = (typeof KINDS)[number];

/** The relations that access follows from, by their names. */
const RELATIONS: Record<string, RelationKey> = {
  "workspace-environment": "bindings",
  "environment-connection": "assignments",
  "workspace-team": "memberships",
};

/** A resource of an object. */
export interface ObjectResource {
  shape: "object";
  name: string;
  kind: Kind;
}

/** A resource of one pair. */
export interface EdgeResource {
  shape: "edge";
  name: string;
  relation: Relation;
  key: RelationKey;
}

/** A resource of all children of one parent. */
export interface SetResource {
  shape: "set";
  name: string;
  relation: Relation;
  key: RelationKey;
}

export type Declared = ObjectResource | EdgeResource | SetResource | { shape: "other"; name: string };

/** The whole set of one parent is named after the resource of one pair. */
const setOf = (relation: Relation): SetResource => ({
  shape: "set",
  name: `${relation.resource}sExclusive`,
  relation,
  key: RELATIONS[relation.name]!,
});

const isKind = (word: string): word is Kind => (KINDS as readonly string[]).includes(word);

function relationOf(key: RelationKey): Relation | undefined {
  const name = Object.keys(RELATIONS).find((candidate) => RELATIONS[candidate] === key)!;
  return relationsOf(key === "assignments" ? "Environment" : "Workspace", "parent").find(
    (relation) => relation.name === name,
  );
}

/** The relations that are declared, by what access calls them. */
export const relations = (): Partial<Record<RelationKey, Relation>> =>
  Object.fromEntries(
    Object.values(RELATIONS).flatMap((key) => {
      const relation = relationOf(key);
      return relation ? [[key, relation]] : [];
    }),
  );

function described({ name, relation }: AnyResource): Declared {
  const pairOf = (found: Relation) => ({ relation: found, key: RELATIONS[found.name] });
  const set = Object.values(relations())
    .map(setOf)
    .find((one) => one.name === name);
  if (set) return set;
  if (relation !== undefined) {
    const { key, ...rest } = pairOf(relationNamed(relation));
    return key === undefined ? { shape: "other", name } : { shape: "edge", name, key, ...rest };
  }
  const kind = name.toLowerCase();
  return isKind(kind) ? { shape: "object", name, kind } : { shape: "other", name };
}

/** What a relation has of resources, whether or not they are all declared. */
const pairAndSet = (relation: Relation): Declared[] => [
  { shape: "edge", name: relation.resource, relation, key: RELATIONS[relation.name]! },
  setOf(relation),
];

let byEngineType: Map<string, Declared> | undefined;

/** What a resource's type in a plan of any engine stands for; undefined where it is none of ours. */
export function declaredAs(engineType: string): Declared | undefined {
  byEngineType ??= new Map(
    [...Object.values(relations()).flatMap(pairAndSet), ...resources.map(described)].flatMap((one) =>
      [resourceType, resourceToken, dynamicType].map((typeOf) => [typeOf(one.name), one] as const),
    ),
  );
  return byEngineType.get(engineType);
}

/** What a data source reads: one object, or rows of pairs. */
export interface LookupShape {
  name: string;
  /** Of one object. */
  kind?: Kind;
  fields: readonly string[];
}

const byDataSource = new Map(
  lookups.map(({ name, fields }): [string, LookupShape] => {
    const kind = name.replace(/^get/, "").toLowerCase();
    return [dataSourceType(name), { name, fields: Object.keys(fields), ...(isKind(kind) && { kind }) }];
  }),
);

export const lookupOf = (dataSource: string): LookupShape | undefined => byDataSource.get(dataSource);

export const isTerraformType = (type: string): boolean => type.startsWith("meshery_");
export const isPulumiType = (type: string): boolean =>
  type.startsWith(resourceToken("")) || type.startsWith(dynamicType(""));

/** The fields of a resource or lookup as a plan of Terraform spells them, by our names. */
export function camelValues(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([field, value]) => [camel(field), value]));
}

export const camel = (field: string): string => field.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
export { snake };

/** How an edge gives one of its ends. */
export interface EndFields {
  kind: Kind;
  id: string;
  name: string;
  /** What narrows a name: the kind of a connection. */
  qualifiers: { field: string; of: string }[];
}

export const endFields = (end: End): EndFields => ({
  kind: end.word as Kind,
  id: end.field,
  name: end.name,
  qualifiers: namesKept(end).filter(({ field }) => field !== end.name),
});

/** The fields of a set: the ids of all children, or their names. */
export const setFields = (end: End): { ids: string; names: string } => ({
  ids: `${end.field}s`,
  names: `${end.name}s`,
});

/** The type of the objects of a kind, where a relation has it. */
export function typeOf(kind: Kind): ObjectType | undefined {
  for (const relation of Object.values(relations()))
    for (const end of [relation.parent, relation.child]) if (end.word === kind) return end.type;
  return undefined;
}
