/**
 * Property values as they travel between engine, program and providers: plain JSON in which a secret, a resource
 * reference or an output value is an object with a signature key, and an unknown is one of seven sentinel strings.
 * The engine keeps state in this form too, so a secret stays marked wherever it goes.
 */
import { isDeepStrictEqual } from "node:util";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";

export type PropertyValue = null | boolean | number | string | PropertyValue[] | PropertyMap;
export interface PropertyMap {
  [key: string]: PropertyValue;
}

export const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const SECRET = "1b47061264138c4ac30d75fd1eb44270";
export const RESOURCE_REFERENCE = "5cf8f73096256a8f31e491e813e4eb8e";
export const OUTPUT_VALUE = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** The sentinel for an unknown string; also what Node programs send for any unknown. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** All seven sentinels: bool, number, string, array, asset, archive, object. */
export const UNKNOWNS: ReadonlySet<string> = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  UNKNOWN,
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

export function isMap(value: PropertyValue | undefined): value is PropertyMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isSecret(value: PropertyValue | undefined): value is PropertyMap {
  return isMap(value) && value[SIGNATURE] === SECRET;
}

export function isUnknown(value: PropertyValue | undefined): boolean {
  return typeof value === "string" && UNKNOWNS.has(value);
}

/** A value marked secret; one that is already marked stays as it is. */
export function secret(value: PropertyValue): PropertyValue {
  return isSecret(value) ? value : { [SIGNATURE]: SECRET, value };
}

/** Rebuilds a value from its leaves; `visit` sees every value first and answers `undefined` to go deeper. */
export function mapValue(
  value: PropertyValue,
  visit: (value: PropertyValue) => PropertyValue | undefined,
): PropertyValue {
  const visited = visit(value);
  if (visited !== undefined) return visited;
  if (Array.isArray(value)) return value.map((item) => mapValue(item, visit));
  if (isMap(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapValue(item, visit)]));
  }
  return value;
}

/** The value without any secret mark, at any depth. */
export function unwrapSecrets<T extends PropertyValue>(value: T): T {
  return mapValue(value, (item) => (isSecret(item) ? unwrapSecrets(item.value ?? null) : undefined)) as T;
}

export function contains(value: PropertyValue, test: (value: PropertyValue) => boolean): boolean {
  if (test(value)) return true;
  if (Array.isArray(value)) return value.some((item) => contains(item, test));
  return isMap(value) && Object.values(value).some((item) => contains(item, test));
}

export const containsUnknowns = (value: PropertyValue): boolean => contains(value, isUnknown);
export const containsSecrets = (value: PropertyValue): boolean => contains(value, isSecret);

/** Leaves out every unknown, in lists too: what the engine does where the receiver must not see one. */
export function dropUnknowns<T extends PropertyValue>(value: T): T {
  if (Array.isArray(value)) return value.filter((item) => !isUnknown(item)).map(dropUnknowns) as T;
  if (!isMap(value)) return value;
  const known = Object.entries(value).filter(([, item]) => !isUnknown(item));
  return Object.fromEntries(known.map(([key, item]) => [key, dropUnknowns(item)])) as T;
}

/** Output values become the plain value, a secret or an unknown: the engine's form for everything but components. */
export function downgradeOutputValues<T extends PropertyValue>(value: T): T {
  return mapValue(value, (item) => {
    if (!isMap(item) || item[SIGNATURE] !== OUTPUT_VALUE) return undefined;
    const plain = "value" in item ? downgradeOutputValues(item.value ?? null) : UNKNOWN;
    return item.secret === true ? secret(plain) : plain;
  }) as T;
}

/** What may be said to a provider, by what it accepted in its handshake. */
export interface Accepts {
  secrets: boolean;
  resources: boolean;
  unknowns: boolean;
}

/** Prepares properties for a receiver: what it does not accept is unwrapped, turned into an id, or left out. */
export function encode(properties: PropertyMap, accepts: Accepts): PropertyMap {
  let result = properties;
  if (!accepts.unknowns) result = dropUnknowns(result);
  if (!accepts.secrets) result = unwrapSecrets(result);
  if (!accepts.resources) {
    result = mapValue(result, (item) => {
      if (!isMap(item) || item[SIGNATURE] !== RESOURCE_REFERENCE) return undefined;
      return item.id ?? item.urn ?? null;
    }) as PropertyMap;
  }
  return result;
}

export function toStruct(properties: PropertyMap): Struct {
  return Struct.fromJavaScript(properties as Record<string, JavaScriptValue>);
}

/** A struct from the wire; `undefined` stays `undefined`, for the places where its absence means something. */
export function fromStruct(struct: Struct): PropertyMap;
export function fromStruct(struct: Struct | undefined): PropertyMap | undefined;
export function fromStruct(struct: Struct | undefined): PropertyMap | undefined {
  return struct?.toJavaScript() as PropertyMap | undefined;
}

/**
 * Marks results secret where a value of the same name that went in was secret: done for a provider that does not
 * accept secrets and so could not keep the marks itself. Changes `outputs` in place.
 */
export function annotateSecrets(outputs: PropertyMap | undefined, inputs: PropertyMap | undefined): void {
  if (outputs === undefined || inputs === undefined) return;
  for (const [key, input] of Object.entries(inputs)) {
    const output = outputs[key];
    if (output === undefined) continue;
    if (isMap(output) && isMap(input) && !isSecret(output) && !isSecret(input)) annotateSecrets(output, input);
    else if (!isSecret(output) && containsSecrets(input)) outputs[key] = secret(output);
  }
}

/** Equality as the engine sees it: in a map, null and absent are the same. */
export function equal(left: PropertyValue, right: PropertyValue): boolean {
  return isDeepStrictEqual(withoutNulls(left), withoutNulls(right));
}

/** Paths at which two property bags differ, and how; marks of secrecy do not count. */
export function differences(olds: PropertyMap, news: PropertyMap): Record<string, "add" | "delete" | "update"> {
  const found: Record<string, "add" | "delete" | "update"> = {};
  const visit = (path: string, before: PropertyValue, after: PropertyValue): void => {
    if (equal(before, after)) return;
    const keys = isMap(before) && isMap(after) ? [...Object.keys(before), ...Object.keys(after)] : undefined;
    if (keys && isMap(before) && isMap(after)) {
      const member = (key: string): string =>
        /[.[\]"]/.test(key) ? `${path}["${key}"]` : path ? `${path}.${key}` : key;
      for (const key of new Set(keys)) visit(member(key), before[key] ?? null, after[key] ?? null);
    } else if (Array.isArray(before) && Array.isArray(after)) {
      const length = Math.max(before.length, after.length);
      for (let at = 0; at < length; at += 1) visit(`${path}[${at}]`, before[at] ?? null, after[at] ?? null);
    } else found[path] = before === null ? "add" : after === null ? "delete" : "update";
  };
  visit("", unwrapSecrets(olds), unwrapSecrets(news));
  return found;
}

function withoutNulls(value: PropertyValue): PropertyValue {
  return mapValue(value, (item) => {
    if (!isMap(item)) return undefined;
    const present = Object.entries(item).filter(([, member]) => member !== null);
    return Object.fromEntries(present.map(([key, member]) => [key, withoutNulls(member)]));
  });
}
