import type { NamedRow } from "../../client";
import { type Context, type FieldKind, unhandled, type Values, type Warning } from "../../framework";
import type { ObjectType } from "./objectType";
import { changeable, changedFields, type ObjectRow } from "./wire";
import { KEPT_ON_REMOVAL } from "./wording";

/** Something of an object that an adoption brings to what the program says. */
export interface Change {
  field: string;
  /** Left out where values may be private. */
  values?: readonly [theirs: string, ours: string];
}

/** What an adoption would bring to what the program says; values of metadata may be private. */
export function changesOf(type: ObjectType, row: ObjectRow, inputs: Values): Change[] {
  const changes = changedFields(changeable(type.wired), row, inputs).map(
    ([name, { kind, compare, wire }]): Change =>
      showsValue(kind) && compare !== "json"
        ? { field: name, values: [String(row[name] ?? ""), String(inputs[name])] }
        : { field: wire.key },
  );
  return [...new Map(changes.map((change) => [change.field, change])).values()];
}

/** Whether a value of this kind is shown; the values of metadata may be private. */
function showsValue(kind: FieldKind): boolean {
  switch (kind) {
    case "string":
    case "boolean":
    case "number":
    case "stringSet":
      return true;
    case "stringMap":
    case "rows":
      return false;
    default:
      return unhandled(kind);
  }
}

/** What a plan says of a new object whose name others have already. */
export function nameNotices<Row extends NamedRow>(
  context: Context,
  resource: string,
  rows: readonly Row[],
  inputs: { name: string; adopt?: boolean | undefined },
  changes: (row: Row) => readonly Change[],
): Warning[] {
  const { run, adoptAll } = context;
  const holders = rows.filter(
    (row) =>
      !run.isManaged(resource, row.id) &&
      !run.isPendingDeletion(resource, row.id) &&
      run.nameAfterRun(resource, row.id, row.name) === inputs.name,
  );
  const [row] = holders;
  if (!row) return [];
  if (inputs.adopt !== true && !adoptAll) return [nameInUse(resource, holders, inputs.name)];
  return holders.length > 1 ? [] : [takenOver(resource, row, changes(row))];
}

const nameInUse = (resource: string, holders: readonly NamedRow[], name: string): Warning => ({
  summary: `${resource} "${name}" exists already`,
  detail: `The name is in use (id ${holders.map(({ id }) => id).join(", ")}). Unless this run gives it free, the apply stops there. To bring what exists under this program, import it, or set adopt = true.`,
});

function takenOver(resource: string, { id, name }: NamedRow, changes: readonly Change[]): Warning {
  const lines = changes.map(({ field, values }) =>
    values ? `${field}: ${JSON.stringify(values[0])} becomes ${JSON.stringify(values[1])}` : field,
  );
  return {
    summary: `${resource} "${name}" exists already and is adopted`,
    detail: `It has the id ${id}. ${lines.length === 0 ? "Nothing of it changes." : `What changes of it: ${lines.join("; ")}.`} A destroy releases it and does not delete it.`,
  };
}

/** What a plan says of an edge that is there already. */
export const edgeNotice = (resource: string, what: string): Warning => ({
  summary: `${resource}: ${what} already`,
  detail: `It becomes this program's: taking it out of the program, or a destroy, revokes it, whoever made it. ${KEPT_ON_REMOVAL}`,
});

/** What a plan says of an edge's end that nobody has. */
export const missingEndNotice = (resource: string, word: string, id: string): Warning => ({
  summary: `${resource}: this token sees no ${word} with the id ${id}`,
  detail: `Where this run makes it, all is well; else the apply stops there, before it changes anything of this ${resource}. Take ids from a resource or a lookup rather than pasting them.`,
});

/** What a plan says of the removal of an object that was adopted. */
export function releaseNotice(resource: string, state: Record<string, unknown>): Warning | undefined {
  if (state.adopted !== true) return undefined;
  return {
    summary: `${resource} "${String(state.name)}" is released, not deleted`,
    detail: `It existed before this program adopted it (id ${String(state.id)}). To have it deleted, apply adopt = false before the destroy.`,
  };
}
