import { type Difference, derivedValues, UNKNOWN, type Values } from "../../framework";
import type { Lifecycle } from "../../run/lifecycle";
import type { Resource } from "./declared";
import type { Attribute, Attributes } from "./schema";
import { type Attribution, toFields } from "./values";

type Field = Lifecycle["definition"]["fields"][string];

/** A new object as a plan shows it: what is written, and unknown what only a create can show. */
export function newObject({ lifecycle, attributes }: Resource, inputs: Values, configured: Values): Attribution {
  const { fields } = lifecycle.definition;
  const derived = derivedValues(fields, inputs, configured, undefined);
  return mapAttributes(attributes, ({ field }) => {
    const declared = fields[field];
    if (inputs[field] !== undefined) return inputs[field];
    if (derived[field] !== undefined) return derived[field];
    if (field === "id") return lifecycle.edgeId(inputs) ?? UNKNOWN;
    if (declared?.role === "output" || declared?.role === "recorded") return UNKNOWN;
    return declared?.defaultValue ?? null;
  });
}

/**
 * An object after a change, as a plan shows it. A value that means the same as what is there is planned as it is there, so that
 * spelling never shows; an end of an edge that changes moves the edge in place, because a replacement would make every edit of an
 * environment an outage.
 */
export function changedObject(
  { lifecycle, attributes }: Resource,
  prior: Attribution,
  config: Attribution,
  differences: readonly Difference[],
  configured: Values,
): Attribution {
  const [state, inputs] = [toFields(attributes, prior), toFields(attributes, config)];
  const derived = derivedValues(lifecycle.definition.fields, inputs, configured, state);
  const changed = new Set(differences.map(({ field }) => field));
  const moved = lifecycle.ends.filter(({ id }) => changed.has(id));
  const names = new Set(moved.flatMap((end) => end.names));
  return mapAttributes(attributes, ({ field }, name) => {
    const declared = lifecycle.definition.fields[field];
    if (names.has(field) && inputs[field] === undefined) return UNKNOWN;
    if (declared !== undefined && declared.role !== "output")
      return changedInput(declared, prior[name], config[name], changed.has(field));
    if (moved.length > 0) return field === "id" ? (lifecycle.edgeId(inputs) ?? UNKNOWN) : UNKNOWN;
    if (changed.has(field)) return derived[field];
    return declared?.planned?.(state, inputs) ?? prior[name];
  });
}

function changedInput(field: Field, prior: unknown, written: unknown, changed: boolean): unknown {
  if (written !== null && written !== undefined) return changed || prior === null ? written : prior;
  const isKept = field.role !== "flag" || field.differs !== undefined;
  return (isKept ? prior : null) ?? field.defaultValue ?? null;
}

/** What takes the place of an object: nothing that the provider reports of the old one is known of it. */
export function replacement({ lifecycle, attributes }: Resource, changed: Attribution): Attribution {
  const { fields } = lifecycle.definition;
  return mapAttributes(attributes, ({ field }, name) => {
    const declared = fields[field];
    return declared === undefined || declared.role === "output" ? UNKNOWN : changed[name];
  });
}

/** The object after an apply: what was planned, word for word, and for the rest what came back. */
export function appliedObject(planned: Attribution, came: Attribution): Attribution {
  return Object.fromEntries(
    Object.entries(planned).map(([name, value]) => [name, value === UNKNOWN ? came[name] : value]),
  );
}

/** A write-only value is in no plan. */
const mapAttributes = (attributes: Attributes, planned: (attribute: Attribute, name: string) => unknown): Attribution =>
  Object.fromEntries(
    [...attributes].map(([name, attribute]) => [name, attribute.writeOnly ? null : planned(attribute, name)]),
  );
