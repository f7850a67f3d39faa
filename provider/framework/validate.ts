import type { AnyLookup, AnyResource, EdgeEnd, Values } from "./definition";
import type { Problem } from "./errors";
import { type Fields, isInput } from "./fields";
import { holdsUnknown } from "./unknown";

/**
 * Checks what a program wrote. Values that hold an unknown are skipped: they are checked once known.
 * `null` and undefined mean "left out".
 */
function validateFields(fields: Fields, inputs: Record<string, unknown>, kind: string): Problem[] {
  const problems: Problem[] = [];
  for (const [name, value] of Object.entries(inputs)) {
    if (value === undefined || value === null || name in fields) continue;
    problems.push({
      field: name,
      message: `${kind} has no field "${name}". It has: ${inputNames(fields).join(", ")}.`,
    });
  }
  for (const [name, field] of Object.entries(fields)) {
    const value = inputs[name];
    const leftOut = value === undefined || value === null;
    if (!isInput(field)) {
      if (!leftOut && !holdsUnknown(value)) {
        problems.push({ field: name, message: `${name} is set by the provider and cannot be written.` });
      }
      continue;
    }
    if (leftOut) {
      if (field.role === "required")
        problems.push({ field: name, message: `${name} is required: ${field.description}` });
      continue;
    }
    if (holdsUnknown(value)) continue;
    const result = field.schema.safeParse(value);
    const issue = result.error?.issues[0];
    if (issue) problems.push({ field: name, message: `${[name, ...issue.path].join(".")} ${sentence(issue.message)}` });
  }
  return problems;
}

const inputNames = (fields: Fields) => Object.keys(fields).filter((name) => isInput(fields[name]!));

/** zod's own messages ("Invalid input: expected string, received number") read on after the field's name. */
function sentence(message: string): string {
  const plain = message
    .replace(/^Invalid input: /, "is not right: ")
    .replace(
      /^Invalid option: expected one of (.*)$/,
      (_, options: string) => `must be one of ${options.replaceAll("|", ", ")}`,
    );
  return /[.!?]$/.test(plain) ? plain : `${plain}.`;
}

/** Each end of an edge is given, by id or by name. */
function missingEnds(ends: readonly EdgeEnd[], inputs: Values): Problem[] {
  const isLeftOut = (field: string) => (inputs[field] ?? undefined) === undefined;
  return ends.flatMap(({ id, names: [name] }) => {
    if (!isLeftOut(id)) return [];
    if (isLeftOut(name)) return [{ field: id, message: `${id} or ${name} is required.` }];
    const isBlank = typeof inputs[name] === "string" && inputs[name].trim() === "";
    return isBlank ? [{ field: name, message: `${name} must not be empty.` }] : [];
  });
}

/** Problems of a resource's or a lookup's inputs; rules across fields run only where all that is written is known. */
export function validate(definition: AnyResource | AnyLookup, kind: string, inputs: Values): Problem[] {
  const ends = "ends" in definition ? definition.ends : undefined;
  const problems = [...validateFields(definition.fields, inputs, kind), ...missingEnds(ends ?? [], inputs)];
  if (problems.length > 0 || !definition.check || Object.values(inputs).some(holdsUnknown)) return problems;
  return definition.check(Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, value ?? undefined])));
}
