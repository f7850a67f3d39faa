import {
  CONFIGURATION_KEYS,
  type ConfigurationKey,
  type ConfigurationValues,
  configurationField,
} from "../../configuration";
import { holdsUnknown, type Problem } from "../../framework";

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
    const value = kind === "number" && typeof raw === "string" ? parsedNumber(raw) : raw;
    if (typeof value === kind) values[key] = value;
    else problems.push({ field: key, message: `${key} must be a ${kind}.` });
  }
  return { values: values as ConfigurationValues, problems };
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
