import type { AnyLookup, Context, Fields, Values } from "../../framework";
import {
  byIdOrName,
  filterFields,
  type OutputOptions,
  organizationInput,
  outputFields,
  outputNames,
  plainTexts,
  rowsField,
  textOutput,
} from "./lookupFields";
import { listAll, listAllWith, matchOne } from "./lookupMatch";
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
  computed?: Readonly<Record<string, { description: string; of(outputs: Values): string }>>;
  /** Of several rows that match, exactly one for which this holds is taken. */
  isInUse?(row: ObjectRow): boolean;
  /** Left out, none is needed where there is only one. */
  needs?: readonly string[];
}

export interface AllOptions extends Options {
  /** The pairs of relations, with the columns of each. */
  pairs?: Readonly<Record<string, Related>>;
}

/** The one object of an id or an exact name: `getEnvironment`. */
export function lookupOne(type: ObjectType, options: OneOptions): AnyLookup {
  const { description, related = {}, computed = {}, filters = [], needs = ["name", "id"] } = options;
  const name = `get${type.name}`;
  const relatedFields = Object.entries(related).map(([field, one]) => [field, rowsField(one.columns, one.description)]);
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
  { filters = [], related = {}, computed = {}, isInUse, descriptions: _, ...options }: OneOptions,
  context: Context,
  inputs: Values,
): Promise<Values> {
  const organizationId = await organizationOf(type, context, lookup, inputs);
  const criteria = Object.fromEntries(["id", "name", ...filters].map((field) => [field, inputs[field]]));
  const asked = Object.values(criteria).some((value) => value !== undefined);
  if (!asked && options.needs?.length === 0) criteria.id = await organizationFor(context, lookup, undefined);
  const match = { lookup, type, criteria, organizationId, isInUse, shown: (one: ObjectRow) => inWords(one, filters) };
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
  const { description, filters = [], pairs = {} } = options;
  const name = `get${type.name}s`;
  const columns = ["id", "name", ...plainTexts(type)];
  const pairFields = Object.entries(pairs).map(([field, one]) => [field, rowsField(one.columns, one.description)]);
  return {
    name,
    description,
    fields: {
      ...filterFields(type, filters),
      ...organizationInput(type),
      [type.rows]: rowsField(columns, `The ${type.word}s, by name.`),
      ...(Object.fromEntries(pairFields) as Fields),
    },
    read: (context, inputs) =>
      explained(type, context.client, name, readAll(type, name, columns, options, context, inputs)),
  };
}

async function readAll(
  type: ObjectType,
  lookup: string,
  columns: readonly string[],
  { filters = [], pairs = {} }: AllOptions,
  context: Context,
  inputs: Values,
): Promise<Values> {
  const organizationId = await organizationOf(type, context, lookup, inputs);
  const rows = await listAll(context, type, { organizationId });
  const matching = rows.filter((row) =>
    filters.every((filter) => inputs[filter] === undefined || row[filter] === inputs[filter]),
  );
  const found = await Promise.all(
    Object.entries(pairs).map(async ([field, one]) => ({
      field,
      ...(await pairsOf(one, context, organizationId ?? "")),
    })),
  );
  // What was deleted while its pairs were read is not there any more.
  const isThere = ({ id }: ObjectRow) => found.every(({ parent, ids }) => parent !== type.name || ids.has(id));
  return {
    ...inputs,
    ...(organizationId !== undefined && { organizationId }),
    [type.rows]: matching.filter(isThere).map((row) => pick(row, columns)),
    ...Object.fromEntries(found.map(({ field, rows: all }) => [field, all])),
  };
}

/** All pairs of a relation, by the names of their parents, and which parents those are. */
async function pairsOf({ relation: name, columns }: Related, context: Context, organizationId: string) {
  const relation = relationNamed(name);
  const { parent, child } = relation;
  const parents = await listAllWith(context, parent.type, organizationId, (row) =>
    listChildren(context, name, organizationId, row.id),
  );
  const pairs = parents.flatMap(({ row, held }) =>
    held.map((one) =>
      pick(
        { [parent.field]: row.id, [child.field]: one.id, ...namesOf(relation, { parent: row, child: one }) },
        columns,
      ),
    ),
  );
  return { parent: parent.type.name, ids: new Set(parents.map(({ row }) => row.id)), rows: pairs };
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

/** The parents that hold it. No endpoint lists them: each has to be asked. */
const parentsOf = (type: ObjectType, related: RelatedRows, context: Context, row: ObjectRow, organizationId = "") =>
  relatedRows(type, related, "child", async (relation) => {
    const parents = await listAllWith(context, relation.parent.type, organizationId, (parent) =>
      relation.held(context, organizationId, parent.id).read("cached"),
    );
    return parents.filter(({ held }) => held.has(row.id)).map((parent) => parent.row);
  });

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
