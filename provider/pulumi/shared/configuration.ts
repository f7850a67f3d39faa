import {
  CONFIGURATION_KEYS,
  type ConfigurationKey,
  type ConfigurationValues,
  configurationField,
} from "../../configuration";
import { attempt, type FieldKind, holdsUnknown, isMap, type Problem, unhandled } from "../../framework";

/** `url` as it is written in stack configuration: `meshery:url`. */
export const stackKey = (key: ConfigurationKey): string => `meshery:${key}`;

/**
 * The provider's configuration from what Pulumi hands over: stack configuration is all text, arguments of a provider resource
 * may have their types or be text again. Values left out, empty, or not known yet are left out.
 * @param read the value of one key, as it came
 * @returns the values that could be read, and what is wrong with the others; never throws
 */
export function configurationValues(read: (key: ConfigurationKey) => unknown): {
  values: ConfigurationValues;
  problems: Problem[];
} {
  const values: Record<string, unknown> = {};
  const problems: Problem[] = [];
  for (const key of CONFIGURATION_KEYS) {
    const raw = read(key);
    if (raw === undefined || raw === null || raw === "" || holdsUnknown(raw)) continue;
    const { kind } = configurationField(key);
    const value = parsed(kind, raw);
    if (value !== undefined) values[key] = value;
    else problems.push({ field: key, message: `${key} must be ${FORMS[kind]}.` });
  }
  return { values: values as ConfigurationValues, problems };
}

const FORMS: Record<FieldKind, string> = {
  string: "a string",
  number: "a number",
  boolean: "a boolean",
  stringMap: 'an object with texts, such as {"team":"platform"}',
  stringSet: "a list of texts",
  rows: "a list of objects",
};

/** A value of its type, or as text; undefined where it is neither. */
function parsed(kind: FieldKind, raw: unknown): unknown {
  switch (kind) {
    case "string":
      return typeof raw === "string" ? raw : undefined;
    case "number":
      if (typeof raw === "number") return raw;
      return typeof raw === "string" ? parsedNumber(raw) : undefined;
    case "boolean":
      if (typeof raw === "boolean") return raw;
      return raw === "true" ? true : raw === "false" ? false : undefined;
    case "stringMap":
      return parsedMap(raw);
    case "stringSet":
    case "rows":
      throw new Error(`no value of the configuration can be a ${kind}: it would have no form as text`);
    default:
      return unhandled(kind);
  }
}

/** Stack configuration has maps as the JSON text of an object. */
function parsedMap(raw: unknown): Record<string, string> | undefined {
  const value = typeof raw === "string" ? attempt((): unknown => JSON.parse(raw)) : raw;
  if (!isMap(value) || Object.values(value).some((text) => typeof text !== "string")) return undefined;
  return value as Record<string, string>;
}

function parsedNumber(text: string): number | undefined {
  const value = Number(text);
  return text.trim() === "" || Number.isNaN(value) ? undefined : value;
}

/**
 * Beside the values a `MesheryProvider` says which of them are its own arguments, as a list separated by commas; the others it
 * took from stack configuration. It matters for the token: one in the arguments belongs to that server alone, one in stack
 * configuration or in state may be stale and gives way to `MESHERY_TOKEN`.
 */
export const ARGUMENTS_KEY = "meshery:arguments";
