/** Property paths of resource options: `tags`, `spec.ports[0].name`, `labels["a.b"]`, and `*` for any element. */
import { isMap, type PropertyMap, type PropertyValue } from "./values";

export type PathElement = string | number;
export type PropertyPath = PathElement[];

/** @throws Error when the text is no path. */
export function parsePath(text: string): PropertyPath {
  const path: PropertyPath = [];
  const token = /\.?([^.[\]"]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|\[\*\]/y;
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    if (match === null) throw new Error(`not a property path: ${text}`);
    const [all, key, index, quoted] = match;
    if (key !== undefined) path.push(key);
    else if (index !== undefined) path.push(Number(index));
    else if (quoted !== undefined) path.push(quoted.replace(/\\(.)/g, "$1"));
    else if (all === "[*]") path.push("*");
  }
  return path;
}

/** Whether `path` names `other` or something that holds it. */
export function pathContains(path: PropertyPath, other: PropertyPath): boolean {
  return path.length <= other.length && path.every((element, at) => element === "*" || element === other[at]);
}

/**
 * Sets what `path` names in `target` back to what `source` has there; removes it where the source has none.
 *
 * @returns whether the path exists as far as its parent in both.
 */
export function resetPath(path: PropertyPath, source: PropertyMap, target: PropertyMap): boolean {
  return resetAt(path, source, target);
}

function resetAt(path: PropertyPath, source: PropertyValue | undefined, target: PropertyValue | undefined): boolean {
  const [head, ...rest] = path;
  if (head === undefined) return true;
  if (head === "*") {
    const keys = isMap(source) ? Object.keys(source) : Array.isArray(source) ? [...source.keys()] : undefined;
    return keys?.every((key) => resetAt([key, ...rest], source, target)) ?? false;
  }
  if (isMap(source) && isMap(target) && typeof head === "string") {
    if (rest.length > 0) return resetAt(rest, source[head], target[head]);
    const value = source[head];
    if (value === undefined) delete target[head];
    else target[head] = value;
    return true;
  }
  if (Array.isArray(source) && Array.isArray(target) && typeof head === "number") {
    if (head >= source.length || head >= target.length) return false;
    if (rest.length > 0) return resetAt(rest, source[head], target[head]);
    target[head] = source[head] ?? null;
    return true;
  }
  return source === undefined && target === undefined;
}
