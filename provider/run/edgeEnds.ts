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

/** Whether a program names the object at an end as the state does; what it leaves out of the name does not matter. */
const isNamedAs = (end: EdgeEnd, inputs: Values, state: Values): boolean =>
  end.names.every((field) => {
    const wanted = inputs[field] ?? undefined;
    return wanted === undefined || sameValue({ kind: "string" }, state[field], wanted);
  });

/** Whether this run gives the recorded object at an end the name by which the program calls it. */
function takesName(end: EdgeEnd, inputs: Values, state: Values, run: RunState): boolean {
  const [field] = end.names;
  const [id, name] = [state[end.id], inputs[field]];
  if (typeof id !== "string" || typeof name !== "string") return false;
  return run.plannedName(end.resource, id, "") === name && isNamedAs(end, inputs, { ...state, [field]: name });
}

/**
 * The inputs with the recorded ids of the ends that the program names as before, or by a name that this run gives to the recorded
 * object. Sends nothing.
 */
export function withRecordedEnds(ends: readonly EdgeEnd[], state: Values, inputs: Values, run?: RunState): Values {
  const kept = ends.filter(
    (end) => isByName(end, inputs) && (isNamedAs(end, inputs, state) || (run && takesName(end, inputs, state, run))),
  );
  return { ...inputs, ...Object.fromEntries(kept.map(({ id }) => [id, state[id]])) };
}

/**
 * The ids of the ends that a program gives by name, where Meshery cannot be asked: the state is believed, but for an object that the
 * plan removes. `UNKNOWN` else.
 */
export function endsByState(
  ends: readonly EdgeEnd[],
  inputs: Values,
  state: Values | undefined,
  run: RunState | undefined,
): Values {
  const byName = ends.filter((end) => isByName(end, inputs));
  const known = state && run ? withRecordedEnds(byName, state, inputs, run) : inputs;
  const ids = byName.map(({ resource, id }): [string, unknown] => {
    const recorded = known[id];
    const isStaying = typeof recorded === "string" && !run?.isRemovalPlanned(resource, recorded);
    return [id, isStaying ? recorded : UNKNOWN];
  });
  return Object.fromEntries(ids);
}

/** Whether values say what an edge joins, in ids or in names. */
export const areGiven = (ends: readonly EdgeEnd[], values: Values): boolean =>
  ends.length > 0 && ends.every(({ id, names: [name] }) => typeof (values[id] ?? values[name]) === "string");
