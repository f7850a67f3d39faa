import { type State, UNKNOWN } from "../../framework";
import type { Note, PlanJournal } from "../../run/planJournal";
import type { RunState } from "../../run/runState";
import type { Resource } from "./declared";
import type { PlanConflicts } from "./planConflicts";
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
  const { name: type, ends } = lifecycle.definition;
  if (ends) return;
  switch (action.kind) {
    case "delete":
      conflicts.delete(type, lifecycle.meanings(action.state), String(action.state.name));
      break;
    case "adopt":
      conflicts.adopt(type, action.id, String(action.inputs.name));
      break;
    case "create": {
      const key = lifecycle.nameKey(action.inputs);
      if (key !== undefined && lifecycle.wish(action.inputs, adoptAll) === undefined)
        conflicts.create(type, key, String(action.inputs.name));
      break;
    }
    case "update":
    case "replace": {
      const { state, inputs } = action;
      const name = String(inputs.name);
      conflicts.keep(type, state.id, name);
      const key = lifecycle.nameKey({ ...inputs, organizationId: state.organizationId });
      if (key !== undefined) conflicts.name(type, key, name, { id: state.id, isNew: state.name !== name });
      break;
    }
    // The old object has claimed what the new one takes from it; what is released is nobody's.
    case "replaceCreate":
    case "release":
    case "noop":
      break;
    default:
      action satisfies never;
  }
}

/** Notes for the apply what an action does; gives the note that the engine hands to it. */
export function recordAction(
  resource: Resource,
  action: PlannedAction,
  journal: PlanJournal,
  run: RunState | undefined,
): Note {
  const { name: type, ends } = resource.lifecycle.definition;
  switch (action.kind) {
    case "noop":
      return {};
    case "delete":
      return journal.delete(type, action.state.id);
    case "release":
      return journal.release(type, action.state.id);
    case "replaceCreate":
      if (ends) journal.replace(type, action.replaced.id);
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
      return action satisfies never;
  }
}

/** Gives the id of the edge, where it is known. */
function declareEdge(
  { lifecycle, attributes }: Resource,
  planned: Attribution,
  journal: PlanJournal,
  run: RunState | undefined,
): string | undefined {
  const edge = lifecycle.edgeId(toFields(attributes, planned));
  if (edge === undefined) return undefined;
  journal.declare(lifecycle.definition.name, edge);
  run?.declare(lifecycle.definition.name, edge);
  return edge;
}

/** Any change may be the first half of a replacement: the engine then hands the note to the second half. */
const replacing = ({ id, adopted }: State): Note => ({
  replaces: id,
  ...(adopted === true ? { released: true } : {}),
});

function recordChange(
  { lifecycle }: Resource,
  { state, planned }: { state: State; planned: Attribution },
  journal: PlanJournal,
  run: RunState | undefined,
): Note {
  const { name: type, ends } = lifecycle.definition;
  if (ends) return planned.id === state.id ? {} : journal.move(type, state.id);
  if (planned.name === state.name) return {};
  if (planned.name === UNKNOWN) return journal.rename(type, state.id, undefined);
  run?.planRename(type, state.id, String(planned.name));
  return journal.rename(type, state.id, String(planned.name));
}
