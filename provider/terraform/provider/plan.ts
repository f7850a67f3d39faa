import { UNKNOWN, type Values } from "../../framework";
import type { Lifecycle } from "../../run/lifecycle";
import { snake } from "./names";
import type { Attributes } from "./schema";
import { type Attribution, toFields } from "./values";

export interface Plan {
  planned: Attribution;
  /** Attributes whose change needs a new object. */
  replace: string[];
}

type Fields = Lifecycle["definition"]["fields"];

/**
 * What an apply will make of a configuration. Sends nothing. A value that means the same as what is there is planned as it is
 * there, so that spelling never shows; an end of an edge that changes moves the edge in place, because a replacement would
 * make every edit of an environment an outage.
 */
export function plan(
  lifecycle: Lifecycle,
  attributes: Attributes,
  prior: Attribution | null,
  config: Attribution,
): Plan {
  const { fields } = lifecycle.definition;
  const inputs = toFields(attributes, config);
  if (prior === null) return { planned: fresh(lifecycle, attributes, fields, inputs), replace: [] };

  const state = toFields(attributes, prior);
  // An input known only after apply may turn out the same: whether it replaces is decided when it is known.
  const differences = lifecycle.diff(state, inputs);
  const replace = differences
    .filter(({ field, change }) => change === "replace" && inputs[field] !== UNKNOWN)
    .map(({ field }) => snake(field));
  const changed = new Set(differences.map(({ field }) => field));
  const moved = differences.some(({ change }) => change === "end");
  const planned: Attribution = {};
  for (const [name, { field }] of attributes) {
    const declared = fields[field];
    if (declared === undefined || declared.role === "output") {
      if (replace.length > 0) planned[name] = UNKNOWN;
      else if (moved) planned[name] = field === "id" ? (lifecycle.edgeId(inputs) ?? UNKNOWN) : UNKNOWN;
      else planned[name] = (declared?.planned?.(state, inputs) ?? prior[name]) as unknown;
    } else if (config[name] !== null && config[name] !== undefined) {
      planned[name] = changed.has(field) || prior[name] === null ? config[name] : prior[name];
    } else {
      const stays = declared.role !== "flag" || declared.differs !== undefined;
      planned[name] = (stays ? prior[name] : null) ?? declared.defaultValue ?? null;
    }
  }
  return { planned, replace };
}

function fresh(lifecycle: Lifecycle, attributes: Attributes, fields: Fields, inputs: Values): Attribution {
  const planned: Attribution = {};
  for (const [name, { field }] of attributes) {
    const declared = fields[field];
    const written = inputs[field];
    if (written !== undefined) planned[name] = written;
    else if (field === "id") planned[name] = lifecycle.edgeId(inputs) ?? UNKNOWN;
    else if (declared?.role === "output" || declared?.role === "recorded") planned[name] = UNKNOWN;
    else planned[name] = declared?.defaultValue ?? null;
  }
  return planned;
}

/** The object after an apply: what was planned, word for word, and for the rest what came back. */
export function result(planned: Attribution, came: Attribution): Attribution {
  return Object.fromEntries(
    Object.entries(planned).map(([name, value]) => [name, value === UNKNOWN ? came[name] : value]),
  );
}
