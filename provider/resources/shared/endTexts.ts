import { type Context, ResourceError, type Values, type Warning } from "../../framework";
import { capitalized, type End, namesKept, type Relation } from "./relation";
import type { ObjectRow } from "./wire";

/** An end of an edge that a program gives by name: a name means whoever has it when the run ends. */
export interface NamedEnd {
  relation: Relation;
  end: End;
  context: Context;
  organizationId: string;
  /** What the program says of the object, by column: its name, and the kind of a connection. */
  wanted: Values;
  /** Id of the object there, where the edge exists already. */
  recorded: string | undefined;
  /** Whether the program calls it as the state does. */
  isSameName: boolean;
}

const called = ({ wanted }: NamedEnd): string => inColumns(wanted);

const inColumns = (values: Values): string =>
  Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([column, value]) => (column === "name" ? JSON.stringify(value) : `${column} ${JSON.stringify(value)}`))
    .join(", ");

/** A row with what tells it from others of its name. */
const shown = (named: NamedEnd, row: ObjectRow): string => {
  const columns = namesKept(named.end).flatMap(({ of }) => (of === "name" ? [] : [of]));
  const status = typeof row.status === "string" && row.status !== "" ? ["status"] : [];
  const said = [...columns, ...status].map((column) => `${column} ${JSON.stringify(row[column] ?? "")}`);
  return said.length === 0 ? row.id : `${row.id} (${said.join(", ")})`;
};

export function ambiguousEnd(named: NamedEnd, rows: readonly ObjectRow[]): ResourceError {
  const { end, relation } = named;
  const narrower = namesKept(end).filter(({ of }) => named.wanted[of] === undefined);
  const better = [...narrower.map(({ field }) => field), end.field].join(", or ");
  return new ResourceError("ambiguous", {
    resource: relation.resource,
    field: end.name,
    what: `${rows.length} ${end.word}s are named ${called(named)}: ${rows.map((row) => shown(named, row)).join("; ")}`,
    hint: `Say which one: give ${better}.`,
  });
}

export const contradiction = (named: NamedEnd, row: ObjectRow): ResourceError =>
  new ResourceError("invalid-input", {
    resource: named.relation.resource,
    field: named.end.field,
    what: `${named.end.field} and ${named.end.name} do not mean the same ${named.end.word}: ${row.id} is ${inColumns(ownColumns(named, row))}, not ${called(named)}`,
    hint: `Keep one of the two. ${named.end.name} follows whoever has the name; ${named.end.field} stays with one ${named.end.word}, whatever it is called.`,
  });

/** What the plan took for the name's bearer is called otherwise by now. */
export const endIsRenamed = (named: NamedEnd, row: ObjectRow): ResourceError =>
  new ResourceError("invalid-input", {
    resource: named.relation.resource,
    field: named.end.name,
    what: `${named.end.word} ${row.id} is not named ${called(named)} (any more): it is ${inColumns(ownColumns(named, row))}`,
    hint: "Nothing was changed. If it was renamed since the plan was made, plan again; if the program gives an id and a name, keep one of the two.",
  });

const ownColumns = (named: NamedEnd, row: ObjectRow): Values =>
  Object.fromEntries(
    namesKept(named.end).flatMap(({ of }, i) => (i === 0 || named.wanted[of] !== undefined ? [[of, row[of]]] : [])),
  );

export const nobodysName = (named: NamedEnd): ResourceError =>
  new ResourceError("missing", {
    resource: named.relation.resource,
    field: named.end.name,
    what: `${where(named)} no ${named.end.word} named ${called(named)}`,
    hint: `Nothing of this ${named.relation.resource} was changed. Check ${named.end.name}: names must be exact, and what is visible depends on the token's user. ${IN_ORDER}`,
  });

const where = ({ end, organizationId }: NamedEnd): string =>
  end.type.inOrganization ? `organization ${organizationId} has` : "this token sees";

const IN_ORDER = "If this program makes it, refer to that resource's `name`, so that it is made first.";

/** What a plan says of a name that nobody has. */
export const notBorneNotice = (named: NamedEnd): Warning => ({
  summary: `${named.relation.resource}: ${where(named)} no ${named.end.word} named ${called(named)}`,
  detail: `Where this run makes it, all is well; else the apply stops there, before it changes anything of this ${named.relation.resource}. ${IN_ORDER}`,
});

/** What a plan says where exactly one of several is in use. */
export const takenNotice = (named: NamedEnd, taken: ObjectRow, rows: readonly ObjectRow[]): Warning => ({
  summary: `${named.relation.resource}: ${rows.length} ${named.end.word}s are named ${called(named)}; ${taken.id} was taken`,
  detail: `It is the only one in use. The others: ${rows
    .filter(({ id }) => id !== taken.id)
    .map((row) => shown(named, row))
    .join("; ")}. To take another, give ${named.end.field}.`,
});

/** What a plan says of an edge whose object was renamed by somebody. */
export const renamedNotice = (named: NamedEnd, row: ObjectRow): Warning => ({
  summary: `${named.relation.resource}: ${named.end.word} ${called(named)} is now named ${inColumns(ownColumns(named, row))}`,
  detail: `${capitalized(named.end.word)} ${row.id} was renamed by somebody else, and nobody has the old name. The ${named.relation.resource} stays with it. Write the new name into ${named.end.name}, or give the ${named.end.word} its old name back.`,
});
