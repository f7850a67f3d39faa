import { type Problem, UNKNOWN, type Values } from "../../framework";
import { fromEngine, toEngineObject } from "../shared/values";

/** Property values as the protocol carries them: JSON, in which special values are objects with a signature. */
export type Properties = Record<string, unknown>;

/** The key that marks an object as a special value; what stands under it says which. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const RESOURCE_REFERENCE = "5cf8f73096256a8f31e491e813e4eb8e";
const OUTPUT_VALUE = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** Places of secret values; see `path`. */
export type Secrets = ReadonlySet<string>;
export const NO_SECRETS: Secrets = new Set();

export interface Decoded {
  /** Plain values: secrets unwrapped, references as ids, `UNKNOWN` for what is not known yet. */
  values: Values;
  secrets: Secrets;
  /** Values that no field can take, such as files; `values` holds `UNKNOWN` in their place. */
  problems: Problem[];
}

const path = (keys: readonly (string | number)[]): string => JSON.stringify(keys);

/** Reads properties as the engine sent them. Keys that begin with `__` are the engine's and other hosts' own and are left out. */
export function decode(properties: Properties | undefined): Decoded {
  const secrets = new Set<string>();
  const problems: Problem[] = [];
  const refuse = (keys: readonly (string | number)[], what: string): typeof UNKNOWN => {
    problems.push({ field: String(keys[0]), message: `${keys.join(".")} is ${what}, which cannot be used here.` });
    return UNKNOWN;
  };
  const special = (value: Properties, keys: readonly (string | number)[]): unknown => {
    switch (value[SIGNATURE]) {
      case SECRET:
        secrets.add(path(keys));
        return visit(value.value, keys);
      case OUTPUT_VALUE:
        if (value.secret === true) secrets.add(path(keys));
        return "value" in value ? visit(value.value, keys) : UNKNOWN;
      case RESOURCE_REFERENCE:
        if (typeof value.id !== "string") return refuse(keys, "a component, which has no id");
        return value.id === "" ? UNKNOWN : fromEngine(value.id);
      default:
        return refuse(keys, "a file, an archive or another special value");
    }
  };
  const visit = (value: unknown, keys: readonly (string | number)[]): unknown => {
    if (Array.isArray(value)) return value.map((item, index) => visit(item, [...keys, index]));
    if (typeof value !== "object" || value === null) return fromEngine(value);
    if (SIGNATURE in value) return special(value as Properties, keys);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, visit(item, [...keys, key])]));
  };
  const own = Object.entries(properties ?? {}).filter(([key]) => !key.startsWith("__"));
  return { values: Object.fromEntries(own.map(([key, value]) => [key, visit(value, [key])])), secrets, problems };
}

/** Values as the engine can take them, with those at `secrets` marked secret. Undefined is left out. */
export function encode(values: Values, secrets: Secrets = NO_SECRETS): Properties {
  const mark = (value: unknown, keys: readonly (string | number)[]): unknown => {
    if (secrets.has(path(keys))) return secret(value);
    if (Array.isArray(value)) return value.map((item, index) => mark(item, [...keys, index]));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mark(item, [...keys, key])]));
  };
  const plain = toEngineObject(values);
  return secrets.size === 0
    ? plain
    : Object.fromEntries(Object.entries(plain).map(([key, value]) => [key, mark(value, [key])]));
}

/** A value as it came, marked secret; one that is marked already stays as it is. */
export function secret(value: unknown): unknown {
  const marked =
    typeof value === "object" && value !== null && (value as Properties)[SIGNATURE] === SECRET ? value : undefined;
  return marked ?? { [SIGNATURE]: SECRET, value };
}

/** Secrets at whole fields, by name. */
export const secretFields = (names: readonly string[]): Secrets => new Set(names.map((name) => path([name])));

export const joined = (...all: readonly Secrets[]): Secrets => new Set(all.flatMap((secrets) => [...secrets]));

/** Those secrets that are in none of these fields. */
export const without = (secrets: Secrets, names: readonly string[]): Secrets =>
  new Set([...secrets].filter((place) => !names.includes(String((JSON.parse(place) as unknown[])[0]))));

/** The same places in other fields, which hold the values of these: what follows from a secret is one. */
export const alsoIn = (secrets: Secrets, names: readonly string[]): Secrets =>
  new Set(
    [...secrets].flatMap((place) => {
      const [, ...inside] = JSON.parse(place) as (string | number)[];
      return names.map((name) => path([name, ...inside]));
    }),
  );
