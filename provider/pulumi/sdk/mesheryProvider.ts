import * as pulumi from "@pulumi/pulumi";
import { CONFIGURATION_KEYS, type MesheryProviderArgs, SECRET_KEYS } from "./generated/configuration";
import { noteConfiguration, stackValue } from "./stackConfiguration";

/** Arguments of a provider, each by its key; `arguments` lists those that were written in the program. */
export type ProviderSettings = Record<string, unknown> & { arguments: string };

const settingsOf = new WeakMap<pulumi.ProviderResource, pulumi.Output<ProviderSettings>>();

/** What a provider was given, for lookups; not marked as secret, so that what is looked up is none either. */
export const providerSettings = (provider: pulumi.ProviderResource): pulumi.Output<ProviderSettings> | undefined =>
  settingsOf.get(provider);

/** Configuration has maps as JSON texts, wherever it comes from. */
const asConfiguration = (value: pulumi.Input<unknown>): unknown =>
  typeof value === "object"
    ? pulumi.output(value).apply((known) => (typeof known === "object" ? JSON.stringify(known) : known))
    : value;

/**
 * A Meshery of its own for some of a program's resources: several servers, or several users of one, in one program. Pass it per
 * resource, `new Environment("prod", {...}, { provider })`, and to lookups.
 *
 * Pulumi runs all dynamic providers of a program as one package: passed to a component by `providers: [...]` it would also be
 * used for dynamic resources of other packages inside.
 */
export class MesheryProvider extends pulumi.ProviderResource {
  /** Settings that are left out are taken from the stack's configuration (`meshery:url`, ...), then from the environment. */
  constructor(name: string, args: MesheryProviderArgs = {}, opts?: pulumi.ResourceOptions) {
    noteConfiguration();
    const given = CONFIGURATION_KEYS.filter((key) => args[key] !== undefined);
    const settings: Record<string, unknown> = { arguments: given.join(",") };
    for (const key of CONFIGURATION_KEYS)
      settings[key] = args[key] === undefined ? stackValue(key) : asConfiguration(args[key]);
    for (const key of SECRET_KEYS) if (settings[key] !== undefined) settings[key] = pulumi.secret(settings[key]);
    super(
      "pulumi-nodejs",
      name,
      Object.fromEntries(
        Object.entries(settings)
          .filter(([, value]) => value !== undefined)
          .map(([key, value]) => [`meshery:${key}`, value as pulumi.Input<unknown>]),
      ),
      opts,
    );
    settingsOf.set(this, pulumi.unsecret(pulumi.output(settings)) as unknown as pulumi.Output<ProviderSettings>);
  }
}
