import {
  type AnyResource,
  type Difference,
  type Field,
  type Fields,
  holdsUnknown,
  isInput,
  isMap,
  type State,
  sameValue,
  unhandled,
  type Values,
} from "../../framework";
import { isComputed } from "../shared/fields";
import { replacing } from "../shared/resource";

export type ChangeKind = "add" | "delete" | "update";

/** One place that differs. */
export interface DetailedChange {
  change: ChangeKind;
  replace: boolean;
  /** Whether old and new inputs are to be shown against each other, rather than the old state against the new inputs. */
  inputs: boolean;
}

export interface Diff {
  /** Fields that differ. */
  fields: string[];
  /** Those of them that need a new object. */
  replaces: string[];
  /** By property path: `name`, `metadata.owner`, `metadata["a.b"]`. */
  detailed: Map<string, DetailedChange>;
  deleteBeforeReplace: boolean;
}

interface Compared {
  /** The old state: what the server or the provider filled in stands only there, and so does what the last refresh found. */
  state: State;
  oldInputs: Values;
  inputs: Values;
}

/** What an update would change, as the engine shows it. */
export function describeDiff(
  { fields, identity }: AnyResource,
  differences: readonly Difference[],
  compared: Compared,
): Diff {
  const replaces = replacing(differences);
  const changed = differences.map(({ field }) => field);
  return {
    fields: changed,
    replaces,
    detailed: new Map(
      differences.flatMap(({ field, change }) => detailed(field, fields[field]!, compared, change !== "update")),
    ),
    // A replacement that the user asks for (replaceOnChanges) keeps the identity, which only one object can have.
    deleteBeforeReplace:
      identity.length > 0 && replaces.length === 0 && !identity.some((name) => changed.includes(name)),
  };
}

/** The places at which one field differs. */
function detailed(name: string, field: Field, compared: Compared, replace: boolean): [string, DetailedChange][] {
  const before = compared.oldInputs[name] ?? undefined;
  const after = compared.inputs[name] ?? undefined;
  const there = compared.state[name];
  const members = membersOf(field, { there, before, after });
  if (members) return members.map(([path, change]) => [name + path, { ...change, replace }]);
  // Where the program did not write it before, the state alone says what it is.
  if (before === undefined && isComputed(field)) return [[name, { change: "update", replace, inputs: false }]];
  const change = before === undefined ? "add" : after === undefined ? "delete" : "update";
  return [[name, { change, replace, inputs: true }]];
}

type MemberChange = [path: string, change: Pick<DetailedChange, "change" | "inputs">];
interface Versions {
  there: unknown;
  before: unknown;
  after: unknown;
}

/** What differs inside a value that has members; undefined where it has none, or they are not known yet. */
function membersOf(field: Field, { there, before, after }: Versions): MemberChange[] | undefined {
  switch (field.kind) {
    case "stringMap":
      return isMap(there) && isMap(after) ? changedKeys(field, there, isMap(before) ? before : {}, after) : undefined;
    case "stringSet":
      return isKnownSet(there) && isKnownSet(after) ? changedMembers(there, after) : undefined;
    case "string":
    case "boolean":
    case "number":
    case "rows":
      return undefined;
    default:
      return unhandled(field.kind);
  }
}

function changedKeys({ compare }: Field, there: Values, before: Values, after: Values): MemberChange[] {
  const has = (values: Values, key: string) => Object.hasOwn(values, key);
  const changed = Object.keys(after).filter(
    (key) => has(there, key) !== has(after, key) || !sameValue({ kind: "string" }, there[key], after[key]),
  );
  const written = changed.map((key): MemberChange => {
    const change = has(there, key) ? "update" : "add";
    return [segment(key), { change, inputs: has(before, key) || change === "add" }];
  });
  const gone = compare === "whole" ? Object.keys(there).filter((key) => !has(after, key)) : [];
  return [
    ...written,
    ...gone.map((key): MemberChange => [segment(key), { change: "delete", inputs: has(before, key) }]),
  ];
}

/** What leaves a set is shown at its old place, what enters it at its new one; both at one place are an update of it. */
function changedMembers(there: readonly unknown[], after: readonly unknown[]): MemberChange[] {
  const [left, entered] = [
    there.map((member) => !after.includes(member)),
    after.map((member) => !there.includes(member)),
  ];
  return [...Array(Math.max(there.length, after.length)).keys()].flatMap((at): MemberChange[] => {
    if (!left[at] && !entered[at]) return [];
    const change = !left[at] ? "add" : !entered[at] ? "delete" : "update";
    return [[`[${at}]`, { change, inputs: false }]];
  });
}

const segment = (key: string): string => (/^[A-Za-z_][\w-]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`);

const isKnownSet = (value: unknown): value is unknown[] => Array.isArray(value) && !holdsUnknown(value);

/** The values of a resource's own fields, inputs and outputs; what other versions or hosts kept beside them is left out. */
export const fieldsOf = (fields: Fields, values: Values): Values =>
  Object.fromEntries(Object.keys(fields).flatMap((name) => (name in values ? [[name, values[name]]] : [])));

export const inputsOf = (fields: Fields, values: Values): Values =>
  Object.fromEntries(Object.entries(fieldsOf(fields, values)).filter(([name]) => isInput(fields[name]!)));
