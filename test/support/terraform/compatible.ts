import { encodable } from "../../../provider/terraform/protocol/encodable";
import type { PathStep, RowType, ValueType } from "../../../provider/terraform/protocol/types";
import { canonicalText } from "./canonical";

export interface Difference {
  path: readonly PathStep[];
  problem: string;
  expected: unknown;
  received: unknown;
}

/**
 * Where a result is no completion of what was planned: every known part of the plan must be in the result as it is,
 * an unknown part may have become anything. Both values must fit the type.
 */
export function differences(
  type: ValueType | RowType,
  planned: unknown,
  result: unknown,
  unknown: unknown,
  path: readonly PathStep[],
): Difference[] {
  if (planned === unknown) return [];
  const differ = (problem: string): Difference[] => [{ path, problem, expected: planned, received: result }];
  if (planned === null && result === null) return [];
  if (planned === null) return differ("it was planned to be absent");
  if (result === null) return differ("it was planned to have a value");
  if (typeof type === "string") {
    const equal = canonical(type, planned, unknown) === canonical(type, result, unknown);
    return equal ? [] : differ("it is not what was planned");
  }
  switch (type[0]) {
    case "set":
      return compareSets(type[1], planned as unknown[], result as unknown[], unknown, path, differ);
    case "list":
      return compareLists(type[1], planned as unknown[], result as unknown[], unknown, path, differ);
    case "map":
      return compareMaps(type[1], planned as Members, result as Members, unknown, path);
    case "object":
      return Object.entries(type[1]).flatMap(([name, attribute]) =>
        differences(attribute, member(planned as Members, name), member(result as Members, name), unknown, [
          ...path,
          name,
        ]),
      );
    default:
      return type satisfies never;
  }
}

function compareLists(
  type: RowType,
  planned: readonly unknown[],
  result: readonly unknown[],
  unknown: unknown,
  path: readonly PathStep[],
  differ: (problem: string) => Difference[],
): Difference[] {
  if (planned.length !== result.length) return differ(`${planned.length} elements were planned, not ${result.length}`);
  return planned.flatMap((part, i) => differences(type, part, result[i], unknown, [...path, i]));
}

type Members = { readonly [key: string]: unknown };

function compareMaps(type: ValueType, planned: Members, result: Members, unknown: unknown, path: readonly PathStep[]) {
  const found = Object.keys(planned).flatMap((key) => {
    const inner = [...path, { key }];
    if (Object.hasOwn(result, key)) return differences(type, planned[key], result[key], unknown, inner);
    return [{ path: inner, problem: "it was planned but is missing", expected: planned[key], received: undefined }];
  });
  for (const key of Object.keys(result)) {
    if (Object.hasOwn(planned, key)) continue;
    found.push({ path: [...path, { key }], problem: "it was not planned", expected: undefined, received: result[key] });
  }
  return found;
}

/**
 * Elements of a set have no names, so each needs a partner on the other side. Planned elements with unknown parts may
 * fall together, never multiply.
 */
function compareSets(
  type: ValueType,
  planned: readonly unknown[],
  result: readonly unknown[],
  unknown: unknown,
  path: readonly PathStep[],
  differ: (problem: string) => Difference[],
): Difference[] {
  const fits = (before: unknown, after: unknown) => differences(type, before, after, unknown, path).length === 0;
  if (!planned.every((before) => result.some((after) => fits(before, after))))
    return differ("a planned element is missing");
  if (!result.every((after) => planned.some((before) => fits(before, after)))) {
    return differ("there is an element that was not planned");
  }
  return result.length > planned.length ? differ("there are more elements than planned") : [];
}

function member(of: Members, name: string): unknown {
  return Object.hasOwn(of, name) ? (of[name] ?? null) : null;
}

function canonical(type: ValueType, value: unknown, unknown: unknown): string {
  return canonicalText(encodable(type, value, unknown), unknown).text;
}
