import { type State, UNKNOWN, type Values } from "../../framework";
import { releaseNotice } from "../../resources/shared/planNotices";
import { type Note, readNote, writeNote } from "../../run/planJournal";
import type { DynamicValue, RequestOf } from "../protocol/codec";
import { attributePath } from "../protocol/diagnostics";
import { type Resource, resourceOf } from "./declared";
import { snake } from "./names";
import { type Known, type PlannedAction, plannedAction } from "./plannedAction";
import type { PlanRecords } from "./planRecords";
import { claimNames, recordAction } from "./recordAction";
import { reporting, type Warn } from "./reporting";
import type { Sessions } from "./session";
import { type Attribution, decodeValue, encodeValue, toFields } from "./values";

interface Planned {
  plannedState: DynamicValue | null | undefined;
  requiresReplace?: { steps?: { attributeName?: string | null }[] | null }[];
  plannedPrivate?: Uint8Array;
}

export function planResource(
  sessions: Sessions,
  { journal, conflicts }: PlanRecords,
  { typeName, priorState, proposedNewState, config, priorPrivate }: RequestOf<"PlanResourceChange">,
) {
  const resource = resourceOf(typeName);
  const { lifecycle, attributes } = resource;
  const prior = decodeValue(attributes, priorState);
  const written = decodeValue(attributes, config);
  const subject = lifecycle.inWords(toFields(attributes, prior ?? written ?? {}));
  return reporting<Planned>(attributes, subject, { plannedState: proposedNewState }, async (warn) => {
    const configured = await withEnds(sessions, resource, prior, written, journal.discarded ? () => undefined : warn);
    const isNew = prior === null && configured !== null;
    const known = isNew
      ? await knownOfNew(sessions, resource, toFields(attributes, configured), readNote(priorPrivate), warn)
      : {};
    const action = plannedAction(resource, prior, configured, { ...known, configured: sessions.derivedFrom });
    claimNames(resource, action, conflicts, sessions.adoptAll);
    // What a plan warned of need not be repeated while it is applied.
    const complete = await withOutputs(sessions, resource, action, warn, { notices: !journal.discarded });
    const notice = action.kind === "release" && releaseNotice(lifecycle.definition.name, action.state);
    if (notice) warn(notice);
    return encodeAction(resource, complete, recordAction(resource, complete, journal, sessions.run));
  });
}

/** The program's words with the ids of those ends of an edge that it gives by name: the plan shows them like any others. */
async function withEnds(
  sessions: Sessions,
  { lifecycle, attributes }: Resource,
  prior: Attribution | null,
  written: Attribution | null,
  warn: Warn,
): Promise<Attribution | null> {
  if (written === null || lifecycle.ends.length === 0) return written;
  const state = prior ? (toFields(attributes, prior) as State) : undefined;
  const { run } = sessions;
  const context = run && sessions.answers ? sessions.context(warn) : undefined;
  const { ids, notices } = await lifecycle.plannedEnds(context, toFields(attributes, written), state, run);
  for (const notice of notices) warn(notice);
  return { ...written, ...Object.fromEntries(Object.entries(ids).map(([field, id]) => [snake(field), id])) };
}

async function knownOfNew(
  sessions: Sessions,
  { lifecycle }: Resource,
  inputs: Values,
  { replaces, released = false }: Note,
  warn: Warn,
): Promise<Known> {
  const replaced = replaces === undefined ? undefined : { id: replaces, released };
  // What is replaced is deleted and cannot be adopted, unless it was adopted itself. Edges are taken over without being asked.
  const mayAdopt = !lifecycle.definition.ends && (replaced === undefined || released) && sessions.answers;
  const adoptable = mayAdopt ? await lifecycle.adoptable(sessions.context(warn), inputs) : undefined;
  return { replaced, adoptable };
}

/** The action with what Meshery knows of a new object before its create; warns of what exists already. */
async function withOutputs(
  sessions: Sessions,
  { lifecycle }: Resource,
  action: PlannedAction,
  warn: Warn,
  { notices }: { notices: boolean },
): Promise<PlannedAction> {
  if (!("planned" in action) || !sessions.answers) return action;
  const context = sessions.context(warn);
  if ("state" in action && action.planned.id === action.state.id) {
    if (notices && action.kind === "update")
      for (const notice of await lifecycle.changeNotices(context, action.state, action.inputs)) warn(notice);
    return action;
  }
  if (notices && action.kind !== "replaceCreate")
    for (const notice of await lifecycle.plannedNotices(context, action.inputs)) warn(notice);
  const outputs = Object.entries(await lifecycle.plannedOutputs(context, action.inputs));
  const filled = outputs.filter(([field]) => action.planned[snake(field)] === UNKNOWN);
  const planned = { ...action.planned, ...Object.fromEntries(filled.map(([field, value]) => [snake(field), value])) };
  return { ...action, planned };
}

const encodeAction = ({ attributes }: Resource, action: PlannedAction, note: Note): Planned => ({
  plannedState: encodeValue(attributes, "planned" in action ? action.planned : null),
  requiresReplace: action.kind === "replace" ? action.requiresReplace.map((name) => attributePath([name])) : [],
  plannedPrivate: writeNote(note),
});
