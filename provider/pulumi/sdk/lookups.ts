import * as pulumi from "@pulumi/pulumi";
import { CONFIGURATION_KEYS } from "./generated/configuration";
import { providerSettings } from "./mesheryProvider";
import { runError } from "./runError";
import { noteConfiguration, stackValue } from "./stackConfiguration";

/** Options of a lookup. */
export interface LookupOptions {
  /** A `MesheryProvider` to ask; left out: the program's configuration. */
  provider?: pulumi.ProviderResource;
}

type Settings = Record<string, unknown>;

/**
 * Asks a lookup by its name.
 * @throws pulumi.RunError with what was not found or is ambiguous, and what to do
 */
export async function lookUp<Result>(name: string, args: object, opts: LookupOptions = {}): Promise<Result> {
  return ask(name, { ...args }, await known(settings(opts), name));
}

/** The same for arguments that are outputs; unknown in a preview as long as one of them is. */
export function lookUpOutput<Result>(name: string, args: object, opts: LookupOptions = {}): pulumi.Output<Result> {
  return pulumi
    .all([pulumi.output({ ...args } as Settings), settings(opts)])
    .apply(([inputs, given]) => ask<Result>(name, inputs as Settings, given)) as pulumi.Output<Result>;
}

function settings({ provider }: LookupOptions): pulumi.Output<Settings> {
  noteConfiguration();
  if (!provider) {
    return pulumi.output(Object.fromEntries(CONFIGURATION_KEYS.map((key) => [key, stackValue(key)])));
  }
  const given = providerSettings(provider);
  if (given) return given;
  throw runError("The option provider of a lookup must be a MesheryProvider of this package.");
}

/** An output's value as a promise. Outputs have no public way to it, since it may be unknown in a preview. */
async function known<T>(output: pulumi.Output<T>, name: string): Promise<T> {
  const { isKnown, promise } = output as unknown as { isKnown: Promise<boolean>; promise(): Promise<T> };
  if (await isKnown) return promise.call(output);
  throw runError(
    `${name}: the provider's settings are not known before the update. Use ${name}Output, which waits for them.`,
  );
}

async function ask<Result>(name: string, args: Settings, given: Settings): Promise<Result> {
  // The core is loaded with the first lookup: programs that only declare resources do without it.
  const { answer } = require("./runtime") as typeof import("./runtime");
  try {
    return (await answer(name, args, given, ({ summary, detail }) => {
      void pulumi.log.warn(`${name}: ${summary}. ${detail}`);
    })) as Result;
  } catch (error) {
    throw runError((error as Error).message);
  }
}
