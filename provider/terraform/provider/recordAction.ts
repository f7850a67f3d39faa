import { ResourceError, referenceType, type State, unhandled, type Values } from "../../framework";
import { namedPair } from "../../run/edgeEnds";
import type { Note, PlanJournal } from "../../run/planJournal";
import type { PlannedEnd, RunState } from "../../run/runState";
import type { Resource } from "./declared";
import { snake } from "./names";
import type { Claim, PlanConflicts } from "./planConflicts";
import type { PlannedAction } from "./plannedAction";
import { type Attribution, toFields } from "./values";

/**
 * Sees to it that no object of the plan has two addresses. Edges have no names.
 * @throws ResourceError `exists` or `declared-twice`, see `PlanConflicts`
 */
export function claimNames(
  { lifecycle }: Resource,
  action: PlannedAction,
  conflicts: PlanConflicts,
  adoptAll: boolean,
): void {
  const { name: type, identity } = lifecycle.definition;
  const field = identity.at(-1);
  if (field === undefined) return;
  const claim = (values: Values): Claim => ({ type, field, name: String(values[field]) });
  switch (action.kind) {
    case "delete":
      conflicts.delete(claim(action.state), lifecycle.identities(action.state));
      break;
    case "adopt":
      conflicts.adopt(claim(action.inputs), action.id);
      break;
    case "create": {
      const key = lifecycle.targetIdentity(action.inputs);
      if (key !== undefined && !lifecycle.mayAdopt(action.inputs, adoptAll))
        conflicts.create(claim(action.inputs), key);
      break;
    }
    case "update":
    case "replace": {
      const { state, inputs } = action;
      conflicts.keep(claim(inputs), state.id);
      const key = lifecycle.targetIdentity(inputs, state);
      if (key !== undefined)
        conflicts.name(claim(inputs), key, { id: state.id, isNew: state[field] !== inputs[field] });
      break;
    }
    // The old object has claimed what the new one takes from it; what is released is nobody's.
    case "replaceCreate":
    case "release":
    case "noop":
      break;
    default:
      unhandled(action);
  }
}

/** Notes for the apply what an action does; gives the note that the engine hands to it. */
export function recordAction(
  resource: Resource,
  action: PlannedAction,
  journal: PlanJournal,
  run: RunState | undefined,
): Note {
  const { runType: type, definition } = resource.lifecycle;
  recordObject(resource, action, run);
  switch (action.kind) {
    case "noop":
      return {};
    case "delete":
      return journal.delete(type, action.state.id);
    case "release":
      return journal.release(type, action.state.id);
    case "replaceCreate":
      if (definition.ends) journal.replace(type, action.replaced.id);
      declareEdge(resource, action.planned, journal, run);
      return journal.create();
    case "create":
    case "adopt":
      declareEdge(resource, action.planned, journal, run);
      return journal.create();
    case "update":
    case "replace": {
      const edge = declareEdge(resource, action.planned, journal, run);
      if (edge !== undefined && edge === action.state.id) journal.keep(type, edge);
      return { ...replacing(action.state), ...recordChange(resource, action, journal, run) };
    }
    default:
      return unhandled(action);
  }
}

/** Lets the run know of what the plan makes and removes, for edges that give it by name. */
function recordObject({ lifecycle }: Resource, action: PlannedAction, run: RunState | undefined): void {
  const { runType: type, ends } = lifecycle;
  if (ends.length > 0) return;
  if (action.kind === "delete" || action.kind === "replace") run?.planRemoval(type, action.state.id);
  if (action.kind === "replaceCreate") run?.planRemoval(type, action.replaced.id);
  if (action.kind !== "create" && action.kind !== "replaceCreate") return;
  const name = lifecycle.label(action.inputs);
  if (name !== undefined) run?.planCreate(type, name, action.inputs);
}

const changesHands = ({ type: resource, field, name }: Claim, end: PlannedEnd) =>
  new ResourceError("exists", {
    resource,
    field,
    what: `"${name}" passes from one ${resource.toLowerCase()} (id ${end.id}) to another in this plan, and a ${end.resource} gives its ${snake(end.field)} in words, so that nobody knows which of the two comes first`,
    hint: `Nothing was changed. In that ${end.resource}, refer to the \`${field}\` of the ${resource.toLowerCase()}'s resource, or apply the new names first (-target).`,
  });

/** Gives the id of the edge, where it is known; else the pair is known by its names until the apply. */
function declareEdge(
  { lifecycle, attributes }: Resource,
  planned: Attribution,
  journal: PlanJournal,
  run: RunState | undefined,
): string | undefined {
  const values = toFields(attributes, planned);
  const edge = lifecycle.edgeId(values);
  if (edge === undefined) {
    const pair = run && namedPair(lifecycle.ends, values, run);
    if (pair === undefined) return undefined;
    journal.declare(lifecycle.runType, pair);
    run?.declare(lifecycle.runType, pair);
    return undefined;
  }
  journal.declare(lifecycle.runType, edge);
  run?.declare(lifecycle.runType, edge);
  return edge;
}

/** Any change may be the first half of a replacement: the engine then hands the note to the second half. */
const replacing = ({ id, adopted }: State): Note => ({
  replaces: id,
  ...(adopted === true ? { released: true } : {}),
});

function recordChange(
  { lifecycle }: Resource,
  { state, planned, inputs }: { state: State; planned: Attribution; inputs: Values },
  journal: PlanJournal,
  run: RunState | undefined,
): Note {
  const { runType: type, definition } = lifecycle;
  // The engine may come to what it named before, and delete that, first.
  for (const [name, { refersTo }] of Object.entries(definition.fields))
    if (refersTo !== undefined && state[name] && planned[snake(name)] !== state[name])
      journal.move(referenceType(type, name), `${state.id}/${String(state[name])}`);
  const field = definition.identity.at(-1);
  if (field === undefined) return planned.id === state.id ? {} : journal.move(type, state.id);
  const name = planned[snake(field)];
  if (name === state[field]) return {};
  if (typeof name !== "string") return journal.rename(type, state.id, undefined);
  run?.planRename(type, state.id, name);
  const key = lifecycle.targetIdentity(inputs, state);
  const end = key === undefined || journal.discarded ? undefined : run?.endTaken(type, key, state.id);
  if (!end) return journal.rename(type, state.id, name);
  // Nobody can apply this plan: no other one must be taken for it.
  journal.discard();
  throw changesHands({ type, field, name }, end);
}
