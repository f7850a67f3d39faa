import type { AnyLookup, AnyResource, Field } from "../../../framework";
import { lookups, resources } from "../../../resources";
import { isComputed, isManaged, isRequired } from "../../shared/fields";
import { type Arguments, type ExampleValue, Reference, type Step } from "./model";

type AnyDefinition = AnyResource;

/** A program that declares the resource, and whatever it refers to. */
export function exampleOfResource(definition: AnyDefinition): Step[] {
  const steps: Step[] = [];
  const inputs: Arguments = {};
  for (const [key, field] of Object.entries(definition.fields)) {
    const isEnd = definition.ends?.some(({ id }) => id === key) ?? false;
    const other = isEnd || isRequired(field) ? referredTo(key) : undefined;
    if (other) {
      const step = referenceStep(other);
      steps.push(step);
      inputs[key] = new Reference(step, "id");
    } else if (isShown(field)) inputs[key] = field.example as ExampleValue;
  }
  const variable = lowerFirst(definition.name);
  const label = inputs[definition.identity.at(-1) ?? ""];
  const name = typeof label === "string" ? label : "example";
  return [...steps, { kind: "resource", variable, resource: definition.name, name, inputs }];
}

/** A program that asks the lookup. */
export function exampleOfLookup({ name, fields }: AnyLookup): Step[] {
  const word = name.replace(/^get/, "");
  const known = resource(word) ?? resource(word.replace(/s$/, ""));
  const inputs: Arguments = {};
  // What people call it by comes first.
  const identity = known ? known.identity.filter((key) => !isComputed(known.fields[key]!)) : ["name"];
  for (const key of [...identity].reverse()) {
    const example = known?.fields[key]?.example;
    if (key in fields) inputs[key] = typeof example === "string" ? example : `my-${lowerFirst(word)}`;
  }
  const rows = Object.keys(fields).find((key) => fields[key]!.kind === "rows");
  const output = rows === undefined || "id" in fields ? "id" : rows;
  return [{ kind: "lookup", variable: `this${word}`, lookup: name, inputs, output }];
}

/** Whether a field belongs into an example: what must be written, and what says something by itself. */
const isShown = (field: Field) => field.example !== undefined && isManaged(field) && field.compare === undefined;

/** `environmentId` refers to an Environment. */
function referredTo(key: string): string | undefined {
  const [, word] = /^(\w+)Id$/.exec(key) ?? [];
  return word ? word[0]!.toUpperCase() + word.slice(1) : undefined;
}

/** Environments are declared; what else there is, the program usually finds there. */
function referenceStep(name: string): Step {
  const lookup = lookups.find((one) => one.name === `get${name}`);
  if (name !== "Environment" && lookup) return { ...exampleOfLookup(lookup)[0]!, variable: lowerFirst(name) };
  const definition = resource(name);
  if (!definition) throw new Error(`there is neither a resource ${name} nor a lookup of it`);
  return exampleOfResource(definition).at(-1)!;
}

const resource = (name: string): AnyDefinition | undefined =>
  resources.find((definition) => definition.name === name) as AnyDefinition | undefined;
const lowerFirst = (word: string): string => word.charAt(0).toLowerCase() + word.slice(1);
