import * as z from "zod";
import { type AnyLookup, type Context, type Fields, optional, type Values } from "../../framework";
import {
  byIdOrName,
  choiceFilter,
  columnKinds,
  filterFields,
  listFields,
  type OutputOptions,
  organizationInput,
  outputFields,
  outputNames,
  rowsField,
  textColumns,
  textOutput,
} from "./lookupFields";
import { inOrder, isAsked, listAll, listAllWith, matchOne } from "./lookupMatch";
import { explained, type ObjectType } from "./objectType";
import { organizationFor } from "./organization";
import { namesOf, type Relation, relationNamed } from "./relation";
import { type ObjectRow, shownValues } from "./wire";

/** Objects on the other side of a relation: the connections of an environment, the workspaces that it is bound to. */
export interface Related {
  relation: string;
  description: string;
  /** The fields of each. */
  columns: readonly string[];
}

interface Options extends OutputOptions {
  description: string;
}

export interface OneOptions extends Options {
  related?: Readonly<Record<string, Related>>;
  /** Outputs that follow from others. */
  computed?: Readonly<Record<string, Computed>>;
  /** Left out, none is needed where there is only one. */
  needs?: readonly string[];
}

/** An output of a few values that follows from others. */
export interface Computed {
  description: string;
  choices: readonly string[];
  of(outputs: Values): string;
}

export interface AllOptions extends Options {
  /** The pairs of relations, with the columns of each. */
  pairs?: Readonly<Record<string, Related>>;
  /** Columns that follow from others and from the pairs of each row, and can be filtered by. */
  computed?: Readonly<Record<string, Computed>>;
  /** In which relation the filter `assigned` looks whether a row is held, and what holds it, in texts for people. */
  assignedIn?: { relation: string; word: string };
}

/** The one object of an id or an exact name: `getEnvironment`. */
export function lookupOne(type: ObjectType, options: OneOptions): AnyLookup {
  const { description, related = {}, computed = {}, filters = [], needs = ["name", "id"] } = options;
  const name = `get${type.name}`;
  const relatedFields = Object.entries(related).map(([field, one]) => [
    field,
    rowsField(textColumns(one.columns), one.description),
  ]);
  const computedFields = Object.entries(computed).map(([field, one]) => [field, textOutput(one.description)]);
  return {
    name,
    description,
    fields: {
      ...byIdOrName(type.word),
      ...filterFields(type, filters),
      ...organizationInput(type),
      ...outputFields(type, options),
      ...(Object.fromEntries([...computedFields, ...relatedFields]) as Fields),
    },
    ...(needs.length > 0 && { check: (inputs: Values) => needsOne(inputs, needs) }),
    read: (context, inputs) => explained(type, context.client, name, readOne(type, name, options, context, inputs)),
  };
}

async function readOne(
  type: ObjectType,
  lookup: string,
  { filters = [], related = {}, computed = {}, descriptions: _, ...options }: OneOptions,
  context: Context,
  inputs: Values,
): Promise<Values> {
  const organizationId = await organizationOf(type, context, lookup, inputs);
  const criteria = Object.fromEntries(["id", "name", ...filters].map((field) => [field, inputs[field]]));
  const asked = Object.values(criteria).some((value) => value !== undefined);
  if (!asked && options.needs?.length === 0) criteria.id = await organizationFor(context, lookup, undefined);
  const match = { lookup, type, criteria, organizationId, shown: (one: ObjectRow) => inWords(one, filters) };
  const { row, held } = await matchOne(context, match, (found) =>
    childrenOf(type, related, context, found, organizationId),
  );
  const parents = await parentsOf(type, related, context, row, organizationId);
  const outputs: Values = {
    ...pick(row, ["id", "name", ...filters, ...outputNames(type, filters)]),
    ...shownValues(type.wired, row),
    ...(organizationId !== undefined && { organizationId }),
    ...held,
    ...parents,
  };
  for (const [field, { of }] of Object.entries(computed)) outputs[field] = of(outputs);
  return outputs;
}

/** Everything of a type: `getEnvironments`. */
export function lookupAll(type: ObjectType, options: AllOptions): AnyLookup {
  const { description, filters = [], pairs = {}, computed = {}, assignedIn } = options;
  const name = `get${type.name}s`;
  const columns = { ...textColumns(["id", "name"]), ...columnKinds(type), ...textColumns(Object.keys(computed)) };
  const texts = Object.keys(columns).filter((column) => columns[column] === "string");
  const pairFields = Object.entries(pairs).map(([field, one]) => [
    field,
    rowsField(textColumns(one.columns), one.description),
  ]);
  const choices = Object.entries(computed).map(([field, one]) => [field, choiceFilter(type, field, one.choices)]);
  return {
    name,
    description,
    fields: {
      ...filterFields(type, filters),
      ...(Object.fromEntries(choices) as Fields),
      ...(assignedIn !== undefined && { assigned: assignedFilter(type, assignedIn.word) }),
      ...listFields(type, texts),
      ...organizationInput(type),
      [type.rows]: rowsField(columns, `The ${type.word}s, by name.`),
      ...(Object.fromEntries(pairFields) as Fields),
    },
    read: (context, inputs) =>
      explained(type, context.client, name, readAll(type, name, Object.keys(columns), options, context, inputs)),
  };
}

const assignedFilter = ({ word }: ObjectType, holder: string) =>
  optional(z.boolean(), {
    description: `\`false\`: only ${word}s that are in no ${holder} of the provider's organization; \`true\`: only those that are in one.`,
    example: false,
  });

async function readAll(
  type: ObjectType,
  lookup: string,
  columns: readonly string[],
  { filters = [], pairs = {}, computed = {}, assignedIn }: AllOptions,
  context: Context,
  inputs: Values,
): Promise<Values> {
  const organizationId = await organizationOf(type, context, lookup, inputs);
  const rows = await listAll(context, type, { organizationId });
  const found = await Promise.all(
    Object.entries(pairs).map(async ([field, one]) => ({
      field,
      ...(await pairsOf(one, context, organizationId ?? "")),
    })),
  );
  // What was deleted while its pairs were read is not there any more.
  const isThere = ({ id }: ObjectRow) =>
    found.every(({ parent, ids }) => parent.type.name !== type.name || ids.has(id));
  const complete = rows.filter(isThere).map((row) => {
    const held = found.map(({ field, parent, rows: all }) => [
      field,
      all.filter((pair) => pair[parent.field] === row.id),
    ]);
    const known: Values = { ...row, ...Object.fromEntries(held) };
    return { ...row, ...Object.fromEntries(Object.entries(computed).map(([field, { of }]) => [field, of(known)])) };
  });
  const asked = [...filters, ...Object.keys(computed)];
  const matching = complete.filter((row) => isAsked(type, asked, row, inputs));
  const listed =
    assignedIn === undefined || typeof inputs.assigned !== "boolean"
      ? matching
      : await assignedOnly(context, lookup, relationNamed(assignedIn.relation), matching, inputs.assigned);
  return {
    ...inputs,
    ...(organizationId !== undefined && { organizationId }),
    [type.rows]: inOrder(listed, inputs.orderBy).map((row) => pick(row, columns)),
    ...Object.fromEntries(
      found.map(({ field, rows: all }) => [field, all.map((pair) => pick(pair, pairs[field]!.columns))]),
    ),
  };
}

/** The rows that something of the organization holds, or those that nothing does. */
async function assignedOnly(
  context: Context,
  lookup: string,
  relation: Relation,
  rows: ObjectRow[],
  assigned: boolean,
): Promise<ObjectRow[]> {
  const organizationId = await organizationFor(context, lookup, undefined);
  const parents = await listAllWith(context, relation.parent.type, organizationId, (parent) =>
    relation.held(context, organizationId, parent.id).read("cached"),
  );
  return rows.filter(({ id }) => parents.some(({ held }) => held.has(id)) === assigned);
}

/** All pairs of a relation, by the names of their parents, and which parents those are. */
async function pairsOf({ relation: name }: Related, context: Context, organizationId: string) {
  const relation = relationNamed(name);
  const { parent, child } = relation;
  const parents = await listAllWith(context, parent.type, organizationId, (row) =>
    listChildren(context, name, organizationId, row.id),
  );
  const pairs = parents.flatMap(({ row, held }) =>
    held.map(
      (one): Values => ({
        [parent.field]: row.id,
        [child.field]: one.id,
        ...namesOf(relation, { parent: row, child: one }),
      }),
    ),
  );
  return { parent, ids: new Set(parents.map(({ row }) => row.id)), rows: pairs };
}

async function listChildren(context: Context, name: string, organizationId: string, parentId: string) {
  const relation = relationNamed(name);
  const held = await relation.heldIfKnown(context, organizationId, parentId, "cached");
  return listAll(context, relation.child.type, { organizationId: undefined, rows: held.values() });
}

type RelatedRows = Readonly<Record<string, Related>>;

/** The children that an object holds, of each relation that is asked for. */
const childrenOf = (type: ObjectType, related: RelatedRows, context: Context, row: ObjectRow, organizationId = "") =>
  relatedRows(type, related, "parent", ({ name }) => listChildren(context, name, organizationId, row.id));

/** The parents that hold an object. No endpoint lists them: each has to be asked. */
export async function holdersOf(
  relation: Relation,
  context: Context,
  organizationId: string,
  id: string,
): Promise<ObjectRow[]> {
  const parents = await listAllWith(context, relation.parent.type, organizationId, (parent) =>
    relation.held(context, organizationId, parent.id).read("cached"),
  );
  return parents.filter(({ held }) => held.has(id)).map(({ row }) => row);
}

const parentsOf = (type: ObjectType, related: RelatedRows, context: Context, row: ObjectRow, organizationId = "") =>
  relatedRows(type, related, "child", (relation) => holdersOf(relation, context, organizationId, row.id));

/** What `read` finds in each of the relations in which objects of this type are at this end. */
async function relatedRows(
  type: ObjectType,
  related: RelatedRows,
  end: "parent" | "child",
  read: (relation: Relation) => Promise<ObjectRow[]>,
): Promise<Values> {
  const wanted = Object.entries(related).flatMap(([field, { relation: name, columns }]) => {
    const relation = relationNamed(name);
    return relation[end].type.name === type.name ? [{ field, columns, relation }] : [];
  });
  const found = await Promise.all(
    wanted.map(async ({ field, columns, relation }) => [
      field,
      (await read(relation)).map((row) => pick(row, columns)),
    ]),
  );
  return Object.fromEntries(found) as Values;
}

const pick = (values: Values, columns: readonly string[]): Values =>
  Object.fromEntries(columns.map((column) => [column, values[column]]));

const organizationOf = async (type: ObjectType, context: Context, lookup: string, inputs: Values) =>
  type.inOrganization ? organizationFor(context, lookup, inputs.organizationId as string | undefined) : undefined;

function inWords(row: ObjectRow, filters: readonly string[]): string {
  if (filters.length === 0) return `${row.name} (${row.id})`;
  const shown = ["kind", "status"].filter((filter) => filters.includes(filter));
  return `${row.id} (${[row.name, ...shown.map((filter) => String(row[filter] || `no ${filter}`))].join(", ")})`;
}

const needsOne = (inputs: Values, keys: readonly string[]) =>
  keys.some((key) => inputs[key] !== undefined) ? [] : [{ field: keys[0]!, message: `Give ${keys.join(" or ")}.` }];
