import type { Era } from "../eras/era";

/** Name of the remote provider, as Meshery Server registers it by default. */
const remoteProvider = "Meshery";
export const isLocalProvider = (name: string): boolean => /^(local|none)$/i.test(name);

/** The providers that a server offers. */
export interface Providers {
  readonly remote: string;
  /** Name of the one without users, where it is offered. */
  readonly local?: string | undefined;
  /** The one for those who choose none. */
  readonly enforced?: string | undefined;
}

/**
 * @param enforced what the server was told to enforce, if anything: a remote provider is then the only one
 * @throws Error where the era knows no providers
 */
export function providersOf(era: Era, enforced: string | undefined): Providers {
  if (enforced === undefined) return { remote: remoteProvider, local: era.local?.name };
  if (!era.providers) throw new Error(`the API of ${era.name} has no providers, so none can be enforced`);
  if (!isLocalProvider(enforced)) return { remote: enforced, enforced };
  return { remote: remoteProvider, local: era.local?.name, enforced: era.local?.name };
}
