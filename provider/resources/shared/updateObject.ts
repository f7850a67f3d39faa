import { type CachedList, type Freshness, segment, type Written } from "../../client";
import { type Context, defined, ResourceError, type Values } from "../../framework";
import { giveName } from "./nameConflicts";
import type { ObjectType } from "./objectType";
import { SENT_AGAIN, sendAndConfirm } from "./sendAndConfirm";
import {
  bodyOf,
  changeable,
  changedFields,
  declarable,
  EMPTY_MARKER,
  hiddenValues,
  type ObjectRow,
  unconfirmedFields,
  type WiredFields,
} from "./wire";

/** Something that is to be brought to what a program says. */
export interface Update {
  type: ObjectType;
  organizationId: string;
  /** What the server has. */
  row: ObjectRow;
  /** By field; what is left out stays as it is. */
  wanted: Values & { name: string };
  /** Whether it is sent although nothing that the server shows differs: something that it does not show has changed. */
  resend?: boolean;
  /** Who has the wanted name. */
  namesakes(freshness: Freshness): Promise<readonly ObjectRow[]>;
}

/** The server did what it was asked, but for an empty text. */
const KEEPS_TEXT = Symbol("the old text stays");

/** Sends the whole object where something differs, and looks until the list shows it. */
export async function updateObject(context: Context, update: Update): Promise<void> {
  const { type, organizationId, row, wanted, resend = false } = update;
  const fields = changeable(type.wired);
  if (changedFields(fields, row, wanted).length === 0 && !resend) return;
  requireClearable(type, row, wanted);
  requireHiddenTexts(type, row, wanted);
  const { id } = row;
  const list = type.list(context.client, organizationId);
  // What keeps its name is not renamed: an edge that gives it by name is planned as before.
  if (wanted.name !== row.name) context.run.announceRename(type.name, id, wanted.name);
  const others = async (freshness: Freshness) => (await update.namesakes(freshness)).filter((other) => other.id !== id);
  const empty = emptyTexts(fields, row, wanted);
  const contested = wanted.name !== row.name && (await others("cached")).length > 0;
  const put = (name: string, emptyText?: string) =>
    sendAndConfirm(context, {
      send: () => send(context, update, list, { ...wanted, name }, valuesOf(empty, emptyText)),
      stated: (answer: Written<ObjectRow>) => (answer.row ? true : undefined),
      seen: async ({ answer, failure }) => {
        // No list shows what was sent: a failed write is sent again by the next run.
        if (resend && failure) return undefined;
        if (emptyText === undefined && keepsText(empty, answer?.other)) return KEEPS_TEXT;
        const live = (await list.read("now")).get(id);
        return live && unconfirmedFields(fields, live, { ...wanted, name }).length === 0 ? true : undefined;
      },
      freed: contested ? async () => (await others("now")).length === 0 : undefined,
      ifUnknown: SENT_AGAIN,
    });
  let sent = await giveName({ id, name: row.name, wanted: wanted.name, contested }, (name) => put(name));
  // Some servers ignore an empty text, others refuse it.
  const kept = sent.failure ? sent.failure.code === "refused" && !contested : sent.unread === undefined;
  if (sent.effect !== true && kept && empty.length > 0) sent = await put(wanted.name, EMPTY_MARKER);
  if (sent.effect !== true) throw sent.failure ?? sent.unread ?? unconfirmed(type, row);
}

function send(
  { client }: Context,
  { type, organizationId, row }: Update,
  list: CachedList<ObjectRow>,
  wanted: Values,
  markers: Values,
): Promise<Written<ObjectRow>> {
  const organization = type.inOrganization ? { organizationId } : {};
  const values = { ...wanted, ...keptValues(type, row) };
  const body = bodyOf(type.wired, { ...values, ...markers, ...organization }, row);
  const below = segment(row.id);
  const path = type.idInQuery ? type.path(organizationId) : `${type.path(organizationId)}/${below}`;
  if (type.idInQuery) body.id = row.id;
  const secrets = hiddenValues(type.wired, wanted);
  // Texts that the program leaves out are sent as they are.
  const unchanged = type.wired.flatMap(([name, { wire }]) => (wire.leftOutIs === undefined ? [] : [[name, row[name]]]));
  const sent = { ...Object.fromEntries(unchanged), ...defined(values), ...organization };
  return client.write(list, { method: "PUT", path, body, secrets }, (answer) => statement(type, answer, sent, row.id));
}

/** What no update changes stays as the server has it, whatever the program says by now. */
const keptValues = ({ wired }: ObjectType, row: ObjectRow): Values =>
  Object.fromEntries(
    wired.flatMap(([name, { onChange, writeOnly }]) =>
      onChange === "replace" && !writeOnly ? [[name, row[name]]] : [],
    ),
  );

/** What the answer to a write states: some servers answer with zeros, or with another spelling. */
export function statement(type: ObjectType, answer: unknown, sent: Values, id?: string): Written<ObjectRow> {
  const row = type.inAnswer(answer);
  const named = (field: string) =>
    field === "organizationId" || sent[field] === undefined || row?.[field] === sent[field];
  if (!row || (id !== undefined && row.id !== id) || !type.identity.every(named)) return {};
  if (!type.answerStatesRow) return id === undefined ? { id: row.id } : {};
  const { organizationId } = row;
  const ofAnother =
    organizationId !== undefined && sent.organizationId !== undefined && organizationId !== sent.organizationId;
  const states = !ofAnother && unconfirmedFields(declarable(type.wired), row, sent).length === 0;
  return states ? { id: row.id, row } : { id: row.id, other: row };
}

/** The texts that are to be empty, by the program or as they are, and that some servers keep or refuse. */
const emptyTexts = (fields: WiredFields, row: ObjectRow, wanted: Values): string[] =>
  fields.flatMap(([name, { wire }]) =>
    wire.clearedBy === "marker" && (wanted[name] ?? row[name] ?? "") === "" ? [name] : [],
  );

const valuesOf = (names: readonly string[], value: string | undefined): Values =>
  value === undefined ? {} : Object.fromEntries(names.map((name) => [name, value]));

/** Whether an answer says already that an emptied text stayed as it was. */
const keepsText = (names: readonly string[], stated: ObjectRow | undefined): boolean =>
  stated !== undefined && names.some((name) => (stated[name] ?? "") !== "");

/** @throws ResourceError `invalid-input` where a text is to be emptied that no server empties */
function requireClearable({ name: resource, wired }: ObjectType, row: ObjectRow, wanted: Values): void {
  const stays = wired.find(([name, { wire }]) => wire.clearedBy === "never" && wanted[name] === "" && row[name] !== "");
  if (!stays) return;
  const [field] = stays;
  throw new ResourceError("invalid-input", {
    resource,
    field,
    what: `the ${field} of "${row.name}" (${row.id}) cannot be cleared: servers keep ${row[field] === undefined ? "the old one" : `"${String(row[field])}"`} where none is sent`,
    hint: `Nothing was sent. Write another ${field}, leave it out (it is then not managed), or replace the ${resource.toLowerCase()}.`,
  });
}

/** @throws ResourceError `invalid-input` where a change would lose what no server has to show */
function requireHiddenTexts({ name: resource, wired }: ObjectType, row: ObjectRow, wanted: Values): void {
  const missing = wired.find(([name, { wire }]) => wire.forgottenWhereLeftOut && wanted[name] === undefined);
  if (!missing) return;
  const [field] = missing;
  throw new ResourceError("invalid-input", {
    resource,
    field,
    what: `"${row.name}" (${row.id}) cannot be changed without its ${field}: some servers forget the ${field} where a change does not send it along`,
    hint: `Nothing was sent. Write its ${field} in the program.`,
  });
}

const unconfirmed = ({ name: resource }: ObjectType, { name, id }: ObjectRow) =>
  new ResourceError("unconfirmed", {
    resource,
    what: `the server accepted the change of "${name}" (${id}) but still shows the old values`,
    hint: "Run again: what is still missing is sent once more.",
  });
