import { type AnyLookup, isInput } from "../../framework";
import { comesFilled, isRequired } from "../shared/fields";
import { functionExamples } from "./documentation";
import { capitalized, propertySpec } from "./properties";
import type { FunctionSpec, PropertySpecs, TypeSpecs } from "./spec";

/** A lookup as Pulumi's tools know it. */
export function functionSpec(lookup: AnyLookup, types: TypeSpecs): FunctionSpec {
  const { name, description, fields } = lookup;
  const entries = Object.entries(fields);
  const specs = (wanted: typeof entries): PropertySpecs =>
    Object.fromEntries(wanted.map(([key, field]) => [key, propertySpec(capitalized(name), key, field, types)]));
  const inputs = entries.filter(([, field]) => isInput(field));
  const required = inputs.filter(([, field]) => isRequired(field)).map(([key]) => key);
  return {
    description: [description, functionExamples(lookup)].join("\n\n"),
    inputs: { type: "object", properties: specs(inputs), ...(required.length > 0 ? { required } : {}) },
    outputs: {
      type: "object",
      properties: specs(entries),
      required: entries.filter(([key]) => comesFilled(lookup, key)).map(([key]) => key),
    },
  };
}
