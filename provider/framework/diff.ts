import type { AnyResource, State, Values } from "./definition";
import { type Field, type Fields, isInput } from "./fields";
import { UNKNOWN } from "./unknown";
import { isMap } from "./values";

export interface Difference {
  field: string;
  change: "update" | "replace" | "end";
}

/**
 * What differs between what an engine remembers and what the program says now, from the declarations alone.
 * A field left out of the program is not managed and never differs; an unknown value may differ.
 * @param configured the provider's configuration, as far as fields follow from it
 */
export function differences(
  fields: Fields,
  state: Record<string, unknown>,
  inputs: Record<string, unknown>,
  configured: Record<string, unknown> = {},
): Difference[] {
  const wanted = { ...inputs, ...derivedValues(fields, inputs, configured, state) };
  return Object.entries(fields).flatMap(([name, field]) =>
    differs(field, state[name], wanted[name], state) ? [{ field: name, change: field.onChange ?? "update" }] : [],
  );
}

/** The values that follow from what a program writes; without those that are not managed. */
export function derivedValues(
  fields: Fields,
  inputs: Record<string, unknown>,
  configured: Record<string, unknown>,
  state: Record<string, unknown> | undefined,
): Record<string, unknown> {
  const values = Object.entries(fields).map(([name, { derived }]) => [name, derived?.(inputs, configured, state)]);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

/** Whether the program's value asks for something other than what is there. */
export function differs(field: Field, there: unknown, wanted: unknown, state: Record<string, unknown>): boolean {
  // What no state holds cannot be compared: its version says whether it changed.
  if ((field.role === "output" && !field.derived) || field.compare === "never" || field.writeOnly) return false;
  if (field.differs) return field.differs(state, wanted);
  if (field.defaultValue !== undefined) return (wanted ?? field.defaultValue) !== (there ?? field.defaultValue);
  if (wanted === undefined || wanted === null) return false;
  if (wanted === UNKNOWN) return true;
  return !sameValue(field, there, wanted);
}

/**
 * Equality in normal form: nothing, `""`, `{}` and no members are the same; of a map only the wanted keys count, unless it is
 * compared as a whole.
 */
export function sameValue(field: Pick<Field, "kind" | "compare">, there: unknown, wanted: unknown): boolean {
  if (field.compare === "json") return sameJson(there, wanted);
  switch (field.kind) {
    case "stringMap":
      return holds(there ?? {}, wanted ?? {}) && (field.compare !== "whole" || holds(wanted ?? {}, there ?? {}));
    case "stringSet":
      return sameMembers(there, wanted);
    case "string":
      return (there ?? "") === (wanted ?? "");
    case "boolean":
    case "number":
    case "rows":
      return there === wanted;
    default:
      return unhandled(field.kind);
  }
}

function sameMembers(there: unknown, wanted: unknown): boolean {
  const [a, b] = [there, wanted].map((value) => new Set(Array.isArray(value) ? value : []));
  return a!.size === b!.size && [...a!].every((member) => b!.has(member));
}

/** For the end of a `switch` over a closed set: a new member does not compile until it is handled. */
export function unhandled(value: never): never {
  throw new Error(`not handled: ${String(value)}`);
}

function sameJson(there: unknown, wanted: unknown): boolean {
  if (there === wanted) return true;
  const [a, b] = [parsed(there), parsed(wanted)];
  return b !== undefined && holds(a, b);
}

function parsed(text: unknown): unknown {
  if (text === undefined || text === null || text === "") return {};
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}

/** Whether `there` has all that `wanted` asks for: objects key by key, everything else exactly. */
export function holds(there: unknown, wanted: unknown): boolean {
  if (wanted === UNKNOWN) return false;
  if (Array.isArray(wanted)) {
    return Array.isArray(there) && there.length === wanted.length && wanted.every((item, i) => holds(there[i], item));
  }
  if (typeof wanted === "object" && wanted !== null) {
    if (typeof there !== "object" || there === null || Array.isArray(there)) return false;
    return Object.entries(wanted).every(
      ([key, value]) => Object.hasOwn(there, key) && holds(there[key as never], value),
    );
  }
  return there === wanted;
}

/** What a refresh shows of a live value: of maps and JSON only what was declared, so that foreign keys never show as drift. */
export function projected(field: Pick<Field, "kind" | "compare">, before: unknown, live: unknown): unknown {
  if (field.compare === "json") {
    const [was, is] = [parsed(before), parsed(live)];
    return is === undefined ? live : JSON.stringify(project(is, was));
  }
  switch (field.kind) {
    case "stringMap":
      return field.compare === "whole" ? live : project(live, before);
    case "string":
    case "stringSet":
    case "boolean":
    case "number":
    case "rows":
      return live;
    default:
      return unhandled(field.kind);
  }
}

function project(live: unknown, declared: unknown): unknown {
  if (!isMap(live) || !isMap(declared)) return live;
  const shared = Object.keys(declared).filter((key) => Object.hasOwn(live, key));
  return Object.fromEntries(shared.map((key) => [key, project(live[key], declared[key])]));
}

/**
 * A state after a refresh: what the server holds, in the words that stand in `state` where they mean the same. Fields that
 * `state` does not hold were left out of the program and stay out.
 */
export function refreshed(definition: Pick<AnyResource, "fields">, state: State, live: Values): State {
  const result: State = { ...state };
  for (const [name, field] of Object.entries(definition.fields)) {
    if (!(name in live)) continue;
    const before = state[name];
    if (isInput(field)) {
      if (before === undefined || before === null) continue;
      const { differs: _, ...comparable } = field;
      if (!differs(comparable, live[name], before, state)) continue;
    }
    result[name] = isInput(field) ? projected(field, before, live[name]) : live[name];
  }
  return result;
}
