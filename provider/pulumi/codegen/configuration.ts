import { CONFIGURATION_KEYS, type ConfigurationKey, configurationField } from "../../configuration";
import { stackKey } from "../shared/configuration";
import { comment, indented, inputType } from "./typescript";

/** The arguments of `MesheryProvider`, and the keys of the configuration as programs know them. */
export function providerArguments(): string {
  const secrets = CONFIGURATION_KEYS.filter((key) => configurationField(key).secret);
  return `
/** Which Meshery to talk to, and as whom. */
export interface MesheryProviderArgs {
${CONFIGURATION_KEYS.map(argument).join("\n")}
}

/** The keys of the configuration. */
export const CONFIGURATION_KEYS = ${JSON.stringify(CONFIGURATION_KEYS)} as const;
export type ConfigurationKey = (typeof CONFIGURATION_KEYS)[number];

/** Those whose values are secret. */
export const SECRET_KEYS: readonly ConfigurationKey[] = ${JSON.stringify(secrets)};`;
}

const argument = (key: ConfigurationKey): string =>
  `${indented(comment(described(key)))}\n  ${key}?: ${inputType(configurationField(key))};`;

function described(key: ConfigurationKey): string {
  const { purpose, environment, environmentBeforeStack, otherwise, secret, remark } = configurationField(key);
  const places = environmentBeforeStack ? [environment, stackKey(key)] : [stackKey(key), environment];
  const lookedUp = [...places.filter((place) => place !== undefined).map((place) => `\`${place}\``), otherwise];
  const warning = `Always kept as a secret. Prefer \`${environment}\`: the engine keeps what it is given here, encrypted, in its state.`;
  const parts = [purpose, secret && warning, remark, `Left out: ${lookedUp.filter(Boolean).join(", else ")}.`];
  return parts.filter(Boolean).join(" ");
}
