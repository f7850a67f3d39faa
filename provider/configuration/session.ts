import { type HttpExchange, type Limits, Meshery, type Timing, visible } from "../client";
import type { Context, Values, Warning } from "../framework";
import type { Peers } from "../run/runState";
import { RunState } from "../run/runState";
import type { ConfigurationValues } from "./fields";
import type { Configuration } from "./resolve";

declare module "../framework/context" {
  interface Context {
    client: Meshery;
    /** The organization of the provider's configuration, used where a resource names none. */
    organizationId?: string | undefined;
    /** Where that came from, in words for an error message. */
    organizationOrigin?: string | undefined;
  }
}

/** What fields of resources follow from; see `FieldOptions.derived`. */
export const derivedFrom = ({ defaultTags }: ConfigurationValues): Values => ({ defaultTags });

/** A configured provider: one client and one memory for all its work. */
export interface Session {
  client: Meshery;
  configuration: Configuration;
  /** What a resource's functions get; `warn` belongs to the one operation. */
  context(warn: (warning: Warning) => void): Context;
}

/** `MESHERY_ADOPT=1`: take over, for one run, whatever has the name of what is to be created (after a lost state). */
export const adoptAll = (env: NodeJS.ProcessEnv): boolean => /^(1|true)$/i.test(env.MESHERY_ADOPT ?? "");

export interface SessionOptions {
  signal?: AbortSignal;
  userAgent?: string;
  env?: NodeJS.ProcessEnv;
  peers?: Peers | undefined;
  /** Called for every attempt of a request. */
  onExchange?: (exchange: HttpExchange) => void;
  /** Whether it gets bodies too. */
  logBodies?: boolean;
  /** Other limits of lists than those of a run. */
  limits?: Partial<Limits> | undefined;
  /** Other waits than production's. */
  timing?: Partial<Timing> | undefined;
}

/** Opens a session on a resolved configuration. Sends nothing. */
export function openSession(configuration: Configuration, options: SessionOptions = {}): Session {
  const client = new Meshery({
    url: configuration.url,
    token: configuration.token,
    origins: configuration.origins,
    mesheryProvider: configuration.mesheryProvider,
    timeout: configuration.timeout === undefined ? undefined : configuration.timeout * 1000,
    signal: options.signal,
    userAgent: options.userAgent,
    onExchange: options.onExchange,
    bodies: options.logBodies,
    timing: options.timing,
    limits: options.limits,
  });
  const run = new RunState(options.peers);
  return {
    client,
    configuration,
    context: (warn) => ({
      client,
      run,
      adoptAll: adoptAll(options.env ?? {}),
      organizationId: configuration.organizationId,
      organizationOrigin: configuration.origins.organizationId,
      configured: derivedFrom(configuration),
      // Names in it are a server's.
      warn: ({ summary, detail }) => warn({ summary: visible(summary), detail: visible(detail) }),
      signal: options.signal,
    }),
  };
}
