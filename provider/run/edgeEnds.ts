import { type EdgeEnd, sameValue, UNKNOWN, type Values } from "../framework";
import { identityKey, type RunState } from "./runState";

/** The id of an edge between these ends; undefined where the id of one is not known. */
export function edgeIdOf(ends: readonly EdgeEnd[] | undefined, values: Values): string | undefined {
  const ids = ends?.map(({ id }) => values[id]);
  return ids?.every((id): id is string => typeof id === "string") ? ids.join("/") : undefined;
}

/**
 * The key of a pair by the names of its ends, for as long as the plan does not know both ids; undefined where a name is not known.
 * An end that this run renames counts under its new name.
 */
export function namedPair(ends: readonly EdgeEnd[], values: Values, run: RunState): string | undefined {
  const names = ends.map(({ resource, id, names: [field] }) => {
    const name = values[field];
    const ofEnd = values[id];
    if (typeof name !== "string" || name === "") return undefined;
    return typeof ofEnd === "string" ? run.plannedName(resource, ofEnd, name) : name;
  });
  return names.every((name) => name !== undefined) ? identityKey(names) : undefined;
}

/** Whether a program gives an end by its name alone. */
export const isByName = ({ id, names: [name] }: EdgeEnd, inputs: Values): boolean =>
  (inputs[id] ?? undefined) === undefined && (inputs[name] ?? undefined) !== undefined;

/**
 * Whether the recorded object at an end is the one that the program names, as far as this run knows: it stays, and has that name when
 * the run ends. What a program leaves out of the name does not matter.
 */
function isStaying(end: EdgeEnd, inputs: Values, state: Values, run: RunState | undefined): boolean {
  const id = state[end.id];
  if (typeof id === "string" && run?.isRemovalPlanned(end.resource, id)) return false;
  const [field] = end.names;
  const name =
    typeof id === "string" && run ? run.plannedName(end.resource, id, String(state[field] ?? "")) : state[field];
  const named = { ...state, [field]: name };
  return end.names.every((one) => {
    const wanted = inputs[one] ?? undefined;
    return wanted === undefined || sameValue({ kind: "string" }, named[one], wanted);
  });
}

/**
 * The inputs with the recorded ids of the ends that the program names as before, or by a name that this run gives to the recorded
 * object. Sends nothing.
 */
export function withRecordedEnds(ends: readonly EdgeEnd[], state: Values, inputs: Values, run?: RunState): Values {
  const kept = ends.filter((end) => isByName(end, inputs) && isStaying(end, inputs, state, run));
  return { ...inputs, ...Object.fromEntries(kept.map(({ id }) => [id, state[id]])) };
}

/**
 * The ids of the ends that a program gives by name, where Meshery cannot be asked: the state is believed, but for an object that the
 * plan removes or gives another name. `UNKNOWN` else.
 */
export function endsByState(
  ends: readonly EdgeEnd[],
  inputs: Values,
  state: Values | undefined,
  run: RunState | undefined,
): Values {
  const byName = ends.filter((end) => isByName(end, inputs));
  const known = state && run ? withRecordedEnds(byName, state, inputs, run) : inputs;
  return Object.fromEntries(byName.map(({ id }) => [id, known[id] ?? UNKNOWN]));
}

/** Whether values say what an edge joins, in ids or in names. */
export const areGiven = (ends: readonly EdgeEnd[], values: Values): boolean =>
  ends.length > 0 && ends.every(({ id, names: [name] }) => typeof (values[id] ?? values[name]) === "string");
