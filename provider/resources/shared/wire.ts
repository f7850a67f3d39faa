import { idIn, isObject, type Json, type NamedRow, pick, snake, textIn } from "../../client/models";
import { type Field, type Fields, isInput, sameValue, type Values } from "../../framework";
import { MARKER, parseTaggedText } from "./tagLine";

declare module "../../framework/fields" {
  interface FieldOptions {
    /** How it stands in what servers send and are sent. */
    wire?: Wire;
  }
}

/** What a list states of an object: its fields by their names, and what else its type reads (see `ObjectType.columns`). */
export interface ObjectRow extends NamedRow {
  /** Undefined where it belongs to none, or the server does not say. */
  organizationId?: string | undefined;
  /** Id of the user who owns it; empty where the server does not say. */
  owner?: string;
  [field: string]: unknown;
}

/** What one write is about. */
export interface Sending {
  field: string;
  /** What the server has; undefined where the object is new. */
  row: ObjectRow | undefined;
  /** What is to be sent so far. */
  body: Json;
}

/** How a field stands on the wire. Made by the functions below. */
export interface Wire {
  /** Its key in camelCase; older servers know it by the same in snake_case. */
  key: string;
  /** The value that a row holds. */
  read(row: Json): unknown;
  /** The value to send; undefined leaves the key out. A field without this is never sent. */
  write?(value: unknown, sending: Sending): unknown;
  /** Whether what a server holds is what was asked for; left out: equality in normal form. */
  same?(there: unknown, wanted: unknown, row: Values): boolean;
  /** What a lookup tells of a row; left out: what was read. */
  shown?(row: ObjectRow): unknown;
  /** What a refresh shows of it beside this state; left out: what was read. */
  live?(value: unknown, state: Values): unknown;
  /** The value that a program would write for a row that it imports; left out: what was read. `configured` is the provider's. */
  imported?(value: unknown, row: ObjectRow, configured: Values): unknown;
  /**
   * What an empty text takes, where sending it is not enough: `marker` puts a marker in its place on servers that keep the old
   * text, `never` says that no server clears it.
   */
  clearedBy?: "marker" | "never";
  /** What a new object has where the program says nothing; undefined where that is up to the server. */
  leftOutIs?: string;
  /** Sent with a new object only, and moved by the server afterwards. */
  onlyAtCreation?: boolean;
  /** Some servers forget it where a change does not send it along: nothing is sent without it. */
  forgottenWhereLeftOut?: boolean;
  /** Some servers keep it and leave its key out of what they answer: what a row does not say is unknown, not a difference. */
  notOnEveryServer?: boolean;
}

/**
 * The marker alone stands for an empty text on servers that cannot clear one: some apply only fields that are not empty, others
 * leave empty ones out on the way to their provider.
 */
export const EMPTY_MARKER = MARKER;

/**
 * A text. Servers overwrite what is left out with nothing, so it is sent with every write; with `leftOut: "kept"` only where the
 * program says it, since servers keep it. Only such a one can be `notOnEveryServer`: else a write would empty what no row shows.
 */
export function text(
  key: string,
  options: { clearedBy?: Wire["clearedBy"]; onlyAtCreation?: boolean } & (
    | { leftOut?: never; notOnEveryServer?: never }
    | { leftOut: "kept"; notOnEveryServer?: boolean }
  ) = {},
): Wire {
  const { leftOut, clearedBy, onlyAtCreation = false, notOnEveryServer = false } = options;
  return {
    key,
    read: (row) => {
      if (notOnEveryServer && ![key, snake(key)].some((name) => Object.hasOwn(row, name))) return undefined;
      const value = textIn(row, key);
      return clearedBy === "marker" ? parseTaggedText(value).text : value;
    },
    write: (value, { row, field }) => {
      if (row === undefined) return value ?? "";
      if (onlyAtCreation) return undefined;
      return value ?? (leftOut === "kept" ? undefined : row[field]);
    },
    ...(clearedBy === "never" && { imported: (value: unknown) => value || undefined }),
    ...(clearedBy && { clearedBy }),
    ...(leftOut === undefined && !onlyAtCreation && { leftOutIs: "" }),
    ...(onlyAtCreation && { onlyAtCreation }),
    ...(notOnEveryServer && { notOnEveryServer }),
  };
}

/** An id of another object, sent with every write. `others` are further keys under which servers report it. */
export const reference = (key: string, ...others: readonly string[]): Wire => ({
  key,
  read: (row) => idIn(row, key, ...others),
  write: (value, { row, field }) => value ?? row?.[field],
});

/** The same of an object that may have none: empty where a row has none. No server takes one away where none is sent. */
export const optionalReference = (key: string): Wire => ({
  key,
  read: (row) => idIn(row, key) ?? "",
  write: (value, { row, field }) => value || row?.[field] || undefined,
  imported: (value) => value || undefined,
});

/** Texts that are sent and never read, whether a server shows them or not; for a write-only field. */
export const hiddenTexts = (key: string): Wire => ({
  key,
  read: () => undefined,
  write: (value) => value,
  forgottenWhereLeftOut: true,
});

/** An id that servers report and nobody sends; empty where a row has none. */
export const reportedId = (key: string, ...others: readonly string[]): Wire => ({
  key,
  read: (row) => idIn(row, key, ...others) ?? "",
});

const objectIn = (row: Json, key: string): Json => {
  const value = pick(row, key);
  return isObject(value) ? value : {};
};

/**
 * The texts of an object of which another field (`whole`) holds all as JSON text. Servers replace the whole object, so what is
 * there and not declared is sent along.
 */
export const texts = (key: string, whole: string): Wire => ({
  key,
  read: (row) =>
    Object.fromEntries(
      Object.entries(objectIn(row, key)).map(([name, value]) => [
        name,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
  write: (value, { row, body }) => ({
    ...((body[key] ?? parsed(row?.[whole])) as Json),
    ...(value as Json | undefined),
  }),
  shown: (row) => Object.fromEntries(textsOf(row[whole])),
  imported: (_, row) => notEmpty(textsOf(row[whole])),
});

/** All of an object, as JSON text; see `texts`. */
export const jsonText = (key: string): Wire => ({
  key,
  read: (row) => JSON.stringify(objectIn(row, key)),
  write: (value, { row, field, body }) => merged(body[key] ?? parsed(row?.[field]), parsed(value)),
  imported: (value) => {
    const nested = notEmpty(Object.entries(parsed(value)).filter(([, member]) => typeof member !== "string"));
    return nested && JSON.stringify(nested);
  },
});

const textsOf = (json: unknown) => Object.entries(parsed(json)).filter(([, member]) => typeof member === "string");

const notEmpty = (entries: [string, unknown][]) => (entries.length > 0 ? Object.fromEntries(entries) : undefined);

const parsed = (json: unknown): Json => (json ? (JSON.parse(String(json)) as Json) : {});

const merged = (there: unknown, wanted: unknown): unknown =>
  isObject(there) && isObject(wanted)
    ? {
        ...there,
        ...Object.fromEntries(Object.entries(wanted).map(([key, value]) => [key, merged(there[key], value)])),
      }
    : wanted;

/** A field that is sent or read, by its name. */
export type WiredFields = readonly (readonly [name: string, field: Field & { wire: Wire }])[];

/**
 * The fields of a declaration that stand on the wire.
 * @throws Error where a field that a program writes has none: it would never reach the server, and no plan would show it
 */
export function wiredFields(resource: string, fields: Fields): WiredFields {
  const versions = new Set(Object.values(fields).map(({ versionField }) => versionField));
  for (const [name, field] of Object.entries(fields)) {
    if (isInput(field) && field.role !== "flag" && !field.wire && !versions.has(name))
      throw new Error(`${name} of ${resource} has no \`wire\`: nothing says how a server gets it`);
    if (field.writeOnly && fields[field.versionField ?? ""] === undefined)
      throw new Error(`${name} of ${resource} has no version field: nothing says when it is to be sent again`);
  }
  return Object.entries(fields).filter(
    (entry): entry is [string, Field & { wire: Wire }] => entry[1].wire !== undefined,
  );
}

/** A row with the values of these fields. */
export function rowOf(
  wired: WiredFields,
  columns: Readonly<Record<string, (row: Json) => unknown>>,
  row: Json,
): ObjectRow {
  const result: ObjectRow = { id: textIn(row, "id"), name: textIn(row, "name") };
  for (const [name, { wire }] of wired) result[name] = wire.read(row);
  for (const [name, read] of Object.entries(columns)) result[name] = read(row);
  return result;
}

/** The fields that hold what a program says of an object: neither recorded at creation nor told by the server alone. */
export const declarable = (wired: WiredFields): WiredFields =>
  wired.filter(
    ([, { role, derived, wire }]) =>
      (role === "required" || role === "optional" || derived) && wire.write && !wire.onlyAtCreation,
  );

/** Those of them that an object can be brought to; a change of another makes a new object. */
export const changeable = (wired: WiredFields): WiredFields =>
  declarable(wired).filter(([, { onChange }]) => onChange !== "replace");

/** What a lookup tells otherwise than it was read. */
export const shownValues = (wired: WiredFields, row: ObjectRow): Values =>
  Object.fromEntries(wired.flatMap(([name, { wire }]) => (wire.shown ? [[name, wire.shown(row)]] : [])));

/** Whether a value on the server is what was meant, as far as a server keeps what it is sent. */
export const isSame = (field: Field & { wire: Wire }, there: unknown, wanted: unknown, row: Values): boolean =>
  field.wire.same ? field.wire.same(there, wanted ?? "", row) : sameValue(field, there, wanted);

/** Whether a row says nothing of a field: one that is never shown, or not by this server. */
export const isHidden = ([name, { writeOnly, wire }]: WiredFields[number], row: Values): boolean =>
  writeOnly === true || (wire.notOnEveryServer === true && row[name] === undefined);

/**
 * The fields whose declared value differs from the row's, to the letter: what there is to send. One that is left out, or that the
 * row does not show, never does.
 */
export const changedFields = (wired: WiredFields, row: Values, inputs: Values): WiredFields =>
  wired.filter(
    ([name, field]) =>
      !isHidden([name, field], row) && inputs[name] !== undefined && !sameValue(field, row[name], inputs[name]),
  );

/** Those of them that cannot come from what was sent: nothing shows that the server has it. */
export const unconfirmedFields = (wired: WiredFields, row: Values, sent: Values): WiredFields =>
  changedFields(wired, row, sent).filter(([name, field]) => !isSame(field, row[name], sent[name], row));

/** The texts among these values that no message may repeat. */
export const hiddenValues = (wired: WiredFields, values: Values): string[] =>
  wired.flatMap(([name, { writeOnly }]) => {
    const value = writeOnly ? values[name] : undefined;
    return (isObject(value) ? Object.values(value) : [value]).filter(
      (text): text is string => typeof text === "string",
    );
  });

/** What is sent of a new object (`row` undefined) or of a change, in the spellings of all versions. */
export function bodyOf(wired: WiredFields, values: Values, row?: ObjectRow): Json {
  const body: Json = {};
  for (const [name, { wire }] of wired) {
    const sent = wire.write?.(values[name], { field: name, row, body });
    if (sent !== undefined) body[wire.key] = sent;
  }
  for (const key of Object.keys(body)) {
    const old = snake(key);
    if (old !== key) body[old] = body[key];
  }
  return body;
}
