import {
  type AnyResource,
  type Difference,
  type Field,
  type Fields,
  isInput,
  type State,
  sameValue,
  type Values,
} from "../../framework";
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
export function describeDiff({ fields }: AnyResource, differences: readonly Difference[], compared: Compared): Diff {
  const replaces = replacing(differences);
  const changed = differences.map(({ field }) => field);
  return {
    fields: changed,
    replaces,
    detailed: new Map(
      differences.flatMap(({ field, change }) => detailed(field, fields[field]!, compared, change !== "update")),
    ),
    // A replacement that the user asks for (replaceOnChanges) keeps the identity, which only one object can have.
    deleteBeforeReplace: "name" in fields && replaces.length === 0 && !changed.includes("name"),
  };
}

function detailed(
  name: string,
  field: Field,
  { state, oldInputs, inputs }: Compared,
  replace: boolean,
): [string, DetailedChange][] {
  const [before, after] = [oldInputs[name] ?? undefined, inputs[name] ?? undefined];
  if (field.kind === "stringMap" && isMap(state[name]) && isMap(after)) {
    const there: Values = state[name];
    return Object.keys(after)
      .filter((key) => !sameValue({ kind: "string" }, there[key], after[key]))
      .map((key) => {
        const written = isMap(before) && key in before;
        const change = key in there ? "update" : "add";
        return [name + segment(key), { change, replace, inputs: written || change === "add" }];
      });
  }
  // Where the program did not write it before, the state alone says what it is.
  if (before === undefined && field.role === "recorded") return [[name, { change: "update", replace, inputs: false }]];
  const change = before === undefined ? "add" : after === undefined ? "delete" : "update";
  return [[name, { change, replace, inputs: true }]];
}

const segment = (key: string): string => (/^[A-Za-z_][\w-]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`);

const isMap = (value: unknown): value is Values => typeof value === "object" && value !== null && !Array.isArray(value);

/** The values of a resource's own fields, inputs and outputs; what other versions or hosts kept beside them is left out. */
export const fieldsOf = (fields: Fields, values: Values): Values =>
  Object.fromEntries(Object.keys(fields).flatMap((name) => (name in values ? [[name, values[name]]] : [])));

export const inputsOf = (fields: Fields, values: Values): Values =>
  Object.fromEntries(Object.entries(fieldsOf(fields, values)).filter(([name]) => isInput(fields[name]!)));
