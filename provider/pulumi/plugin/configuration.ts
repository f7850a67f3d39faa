import {
  CONFIGURATION_KEYS,
  type Configuration,
  type ConfigurationKey,
  type ConfigurationValues,
  configurationField,
  homeFolder,
  originOf,
  resolveConfiguration,
  validateConfiguration,
} from "../../configuration";
import { holdsUnknown, type Problem, type Values } from "../../framework";
import { configurationValues } from "../shared/configuration";
import { decode, type Properties, secret } from "./codec";

/** Arguments of a provider that are the engine's own. */
const ENGINES_OWN = new Set(["version", "pluginDownloadURL"]);

const read = (values: Values) => (key: ConfigurationKey) => values[key];
const isSetting = (name: string): name is ConfigurationKey => (CONFIGURATION_KEYS as string[]).includes(name);

export interface CheckedConfiguration {
  /** What came in, with what is secret marked so: the engine then stores it encrypted. Never a value from the environment. */
  inputs: Properties;
  failures: Problem[];
  /** Settings that nobody reads. */
  unread: string[];
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== "";
const marked = (name: string, value: unknown): unknown =>
  isSetting(name) && configurationField(name).secret && isGiven(value) ? secret(value) : value;

/** Validates the provider's arguments or stack configuration, which may be texts where other types are declared. */
export function checkConfiguration(news: Properties): CheckedConfiguration {
  const { values, problems } = decode(news);
  const parsed = configurationValues(read(values));
  return {
    inputs: Object.fromEntries(Object.entries(news).map(([name, value]) => [name, marked(name, value)])),
    failures: [...problems, ...parsed.problems, ...validateConfiguration({ ...parsed.values })],
    unread: Object.keys(values).filter((name) => !isSetting(name) && !ENGINES_OWN.has(name)),
  };
}

/** The settings that differ. Unknown ones count: the provider that comes of them may be another. */
export function changedSettings(olds: Properties, news: Properties): string[] {
  const [before, after] = [decode(olds).values, decode(news).values];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => holdsUnknown(after[name]) || JSON.stringify(before[name] ?? null) !== JSON.stringify(after[name] ?? null),
  );
}

export interface ConfigureOptions {
  /** Name of the provider resource; undefined where the engine does not say. */
  name: string | undefined;
  /** Whether these arguments were checked in this run: otherwise they are what the last run left in the state. */
  ofProgram: boolean;
  env: NodeJS.ProcessEnv;
}

/**
 * The configuration to work with. Arguments that a program gives to a provider of its own outrank the environment; of stack
 * configuration and of what the last run left, the token does not, since that one may be stale. A token left in the state for
 * another server than `MESHERY_URL` stays with its server, though: `MESHERY_TOKEN` is not sent there.
 * @throws ResourceError `configuration`
 */
export async function configurationOf(
  args: Properties,
  { name, ofProgram, env }: ConfigureOptions,
): Promise<Configuration> {
  const { values } = configurationValues(read(decode(args).values));
  const explicit = name !== undefined && !/^default(_|$)/.test(name);
  const sources = { env, home: homeFolder() };
  if (explicit && (ofProgram || ofAnotherServer(values, env))) {
    return resolveConfiguration({ ...sources, explicit: values, explicitOrigin: `the arguments of provider ${name}` });
  }
  return resolveConfiguration({
    ...sources,
    stack: values,
    stackOrigin: ofProgram
      ? "the stack configuration (pulumi config)"
      : "the state, where the last `pulumi up` left it",
  });
}

function ofAnotherServer({ url }: ConfigurationValues, env: NodeJS.ProcessEnv): boolean {
  const variable = env[configurationField("url").environment!];
  if (url === undefined || !variable) return false;
  const origin = originOf(url);
  return origin === undefined || origin !== originOf(variable);
}
