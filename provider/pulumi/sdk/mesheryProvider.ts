import * as pulumi from "@pulumi/pulumi";
import { noteConfiguration, stackValue } from "./stackConfiguration";

/** Which Meshery to talk to, and as whom. */
export interface MesheryProviderArgs {
  /** Where Meshery is, for instance `https://meshery.example.com`. Left out: `meshery:url`, else `MESHERY_URL`. */
  url?: pulumi.Input<string>;
  /**
   * Token of a Meshery user; always kept as a secret. Left out: `MESHERY_TOKEN`, else `meshery:token`. Prefer `MESHERY_TOKEN`: the
   * engine keeps what it is given here, encrypted, in its state.
   */
  token?: pulumi.Input<string>;
  /**
   * The provider that signs the user in: `Meshery`, `Layer5`, `Local`, ... Left out: `meshery:mesheryProvider`, else
   * `MESHERY_PROVIDER`, else it is asked of the server.
   */
  mesheryProvider?: pulumi.Input<string>;
  /** Organization for resources that name none. Left out: `meshery:organizationId`, else `MESHERY_ORGANIZATION_ID`. */
  organizationId?: pulumi.Input<string>;
  /** Seconds that one request may take; 30 where left out. */
  timeout?: pulumi.Input<number>;
}

const KEYS = ["url", "token", "mesheryProvider", "organizationId", "timeout"] as const;

/** Arguments of a provider, each by its key; `arguments` lists those that were written in the program. */
export type ProviderSettings = Record<string, unknown> & { arguments: string };

const settingsOf = new WeakMap<pulumi.ProviderResource, pulumi.Output<ProviderSettings>>();

/** What a provider was given, for lookups; not marked as secret, so that what is looked up is none either. */
export const providerSettings = (provider: pulumi.ProviderResource): pulumi.Output<ProviderSettings> | undefined =>
  settingsOf.get(provider);

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
    const given = KEYS.filter((key) => args[key] !== undefined);
    const settings: Record<string, unknown> = { arguments: given.join(",") };
    for (const key of KEYS) settings[key] = args[key] ?? stackValue(key);
    if (settings.token !== undefined) settings.token = pulumi.secret(settings.token);
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
