import { type Problem, ResourceError, type Values, validate } from "../framework";
import {
  CONFIGURATION_KEYS,
  type ConfigurationKey,
  type ConfigurationValues,
  configurationField,
  configurationFields,
} from "./fields";
import { mesheryctl } from "./mesheryctl";

/** A configuration ready to use, and where each value came from, in words for people. */
export interface Configuration extends ConfigurationValues {
  url: string;
  origins: Partial<Record<ConfigurationKey, string>>;
}

export interface ConfigurationSources {
  /** Provider arguments in the program. */
  explicit?: ConfigurationValues;
  /** Words for errors: "the provider block", "the MesheryProvider". */
  explicitOrigin?: string;
  /** Values from stack configuration or from state, which may be stale. */
  stack?: ConfigurationValues;
  stackOrigin?: string;
  env: NodeJS.ProcessEnv;
  /** Home directory where mesheryctl keeps its files; undefined to leave them alone. */
  home?: string | undefined;
}

/** What is wrong with provider arguments, as far as they are known. */
export function validateConfiguration(values: Values): Problem[] {
  return validate(
    { name: "provider", description: "", fields: configurationFields, read: async () => ({}) },
    "The provider",
    values,
  );
}

/** A value of the configuration that cannot be right, as an error; `origin` says where it came from, in words. */
export const configurationError = ({ field, message }: Problem, origin: string | undefined): ResourceError =>
  new ResourceError("configuration", {
    resource: "provider",
    field,
    what: message.replace(/\.$/, ""),
    hint: origin ? `It came from ${origin}.` : "",
  });

/**
 * Puts the configuration together: arguments, then stack configuration, then environment variables (for the token the other way
 * round, since engines configure refresh and destroy from what the last run stored), then what mesheryctl left.
 * @throws ResourceError `configuration` where there is no url, or a value cannot be right.
 */
export async function resolveConfiguration(sources: ConfigurationSources): Promise<Configuration> {
  const found: Found = { values: {}, origins: {} };
  for (const key of CONFIGURATION_KEYS)
    for (const [value, origin] of candidates(key, sources)) take(found, key, value, origin);
  if (sources.home !== undefined && !sources.env.CI) await takeFromMesheryctl(found, sources.home);
  const { origins } = found;
  const values = found.values as ConfigurationValues;
  if (values.url === undefined) throw noUrl();
  const problem = validateConfiguration(found.values)[0];
  if (problem) throw configurationError(problem, origins[problem.field as ConfigurationKey]);
  return { ...values, url: values.url, origins };
}

interface Found {
  values: Values;
  origins: Configuration["origins"];
}

/** The first value that is there counts. */
function take({ values, origins }: Found, key: ConfigurationKey, value: unknown, origin: string): void {
  if (values[key] !== undefined || value === undefined || value === "") return;
  values[key] = value;
  origins[key] = origin;
}

/** What may give a value, with the words for it; the first one that does wins. */
function candidates(
  key: ConfigurationKey,
  sources: ConfigurationSources,
): (readonly [value: unknown, origin: string])[] {
  const { environment, environmentBeforeStack } = configurationField(key);
  const explicit = [sources.explicit?.[key], sources.explicitOrigin ?? "the provider's arguments"] as const;
  const stack = [sources.stack?.[key], sources.stackOrigin ?? "the stack configuration"] as const;
  if (environment === undefined) return [explicit, stack];
  const variable = [sources.env[environment], `the environment variable ${environment}`] as const;
  return environmentBeforeStack ? [explicit, variable, stack] : [explicit, stack, variable];
}

/** One set: a token that mesheryctl was given for one server is never sent to another. */
async function takeFromMesheryctl(found: Found, home: string): Promise<void> {
  const { url, token } = found.values as ConfigurationValues;
  const left = token === undefined ? await mesheryctl(home) : undefined;
  if (!left || (url !== undefined && originOf(url) !== originOf(left.url))) return;
  take(found, "url", left.url, left.configFile);
  take(found, "token", left.token, left.tokenFile);
  take(found, "mesheryProvider", left.mesheryProvider, left.tokenFile);
}

const noUrl = () =>
  new ResourceError("configuration", {
    resource: "provider",
    field: "url",
    isMissing: true,
    what: "no Meshery is named: url is missing",
    hint: "Give it as the provider's argument url, as MESHERY_URL, with `pulumi config set meshery:url https://meshery.example.com`, or sign in with `mesheryctl system login` (its files are used where CI is not set). There is no default. To try things out, `npx meshery-iac serve` starts an embedded one.",
  });

/** Scheme, host and port of an address; undefined where it is none. */
export function originOf(url: string): string | undefined {
  try {
    return new URL(url).origin;
  } catch {
    return undefined;
  }
}
