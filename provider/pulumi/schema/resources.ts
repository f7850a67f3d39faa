import { type AnyResource, type Field, isInput } from "../../framework";
import { isAlwaysSet, isRequired } from "../shared/fields";
import { importSection, resourceExamples } from "./documentation";
import { propertySpec } from "./properties";
import type { PropertySpecs, ResourceSpec, TypeSpecs } from "./spec";
import { dynamicType } from "./tokens";

type AnyDefinition = AnyResource;

/** A resource as Pulumi's tools know it. */
export function resourceSpec(definition: AnyDefinition, types: TypeSpecs): ResourceSpec {
  const { name, description, fields } = definition;
  const entries = Object.entries(fields);
  const specs = (wanted: (field: Field) => boolean, mark: (field: Field) => object): PropertySpecs =>
    Object.fromEntries(
      entries
        .filter(([, field]) => wanted(field))
        .map(([key, field]) => [
          key,
          { ...propertySpec(name, key, field, types), ...(replaces(field) ? mark(field) : {}) },
        ]),
    );
  return {
    description: [description, resourceExamples(definition), importSection(definition)].join("\n\n"),
    properties: specs(
      () => true,
      () => ({ replaceOnChanges: true }),
    ),
    required: entries.filter(([, field]) => isAlwaysSet(field)).map(([key]) => key),
    inputProperties: specs(isInput, () => ({ willReplaceOnChanges: true })),
    requiredInputs: entries.filter(([, field]) => isRequired(field)).map(([key]) => key),
    // Programs that move from the dynamic providers keep what they have made.
    aliases: [{ type: dynamicType(name) }],
  };
}

const replaces = ({ onChange }: Field) => onChange === "replace" || onChange === "end";
