import {
  type AnyLookup,
  type AnyResource,
  Lifecycle,
  Memory,
  ResourceError,
  type Siblings,
  type Warning,
} from "../core";
import { ApiError, type HttpExchange, Meshery, visible } from "../meshery";
import { Connection } from "./connection";
import { ConnectionAssignment } from "./connectionAssignment";
import type { MesheryContext } from "./context";
import { Environment } from "./environment";
import { lookups as lookupList } from "./lookups";
import type { Configuration } from "./provider";
import { Workspace } from "./workspace";
import { WorkspaceBinding } from "./workspaceBinding";

export { Connection, ConnectionAssignment, Environment, Workspace, WorkspaceBinding };
export type { MesheryContext } from "./context";
export { firstContact } from "./firstContact";
export { letGoNotice } from "./notices";
export * from "./provider";
export { IMPORT_IT, inWordsOf } from "./words";

/** Everything that can be declared. A new resource is a line here. */
export const resources: readonly AnyResource<Meshery>[] = [
  Environment,
  ConnectionAssignment,
  WorkspaceBinding,
  Workspace,
  Connection,
] as unknown as readonly AnyResource<Meshery>[];

/** Everything that can be asked. */
export const lookups: readonly AnyLookup<Meshery>[] = lookupList as unknown as readonly AnyLookup<Meshery>[];

/** Resources as front doors drive them, by name. */
export const lifecycles: ReadonlyMap<string, Lifecycle<Meshery>> = new Map(
  resources.map((definition) => [definition.name, new Lifecycle(definition)]),
);

/** A configured provider: one client and one memory for all its work. */
export interface Session {
  client: Meshery;
  configuration: Configuration;
  /** What a resource's functions get; `warn` belongs to the one operation. */
  context(warn: (warning: Warning) => void): MesheryContext;
}

/** `MESHERY_ADOPT=1`: take over, for one run, whatever has the name of what is to be created (after a lost state). */
export const adoptAll = (env: NodeJS.ProcessEnv): boolean => /^(1|true)$/i.test(env.MESHERY_ADOPT ?? "");

export interface SessionOptions {
  signal?: AbortSignal;
  userAgent?: string;
  env?: NodeJS.ProcessEnv;
  siblings?: Siblings | undefined;
  /** Told of every attempt of a request. */
  onExchange?: (exchange: HttpExchange) => void;
  /** Whether it is told bodies too. */
  logBodies?: boolean;
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
  });
  const memory = new Memory(options.siblings);
  return {
    client,
    configuration,
    context: (warn) => ({
      client,
      memory,
      adoptAll: adoptAll(options.env ?? {}),
      organizationId: configuration.organizationId,
      organizationOrigin: configuration.origins.organizationId,
      // Names in it are a server's.
      warn: ({ summary, detail }) => warn({ summary: visible(summary), detail: visible(detail) }),
      signal: options.signal,
    }),
  };
}

/** An error in the parts that engines show: a headline, a text, and the field at fault in camelCase. */
export function explain(error: unknown): {
  summary: string;
  detail: string;
  field?: string;
  code: string;
  /** Id by which the resource `of` can be imported, in place of `IMPORT_IT` in the text. */
  importing?: { of: string; id: string };
} {
  if (error instanceof ResourceError) {
    const { resource, what, hint, field, importId } = error.details;
    const cause = error.cause instanceof Error ? ` ${error.cause.message}` : "";
    return {
      summary: visible(`${resource}: ${what}`),
      detail: visible(`${hint}${cause}`.trim()),
      code: error.code,
      ...(field ? { field } : {}),
      ...(importId ? { importing: { of: resource, id: importId } } : {}),
    };
  }
  if (error instanceof ApiError) return { summary: error.what, detail: error.explanation, code: error.code };
  const message = error instanceof Error ? error.message : String(error);
  return {
    summary: "Unexpected failure in meshery-iac",
    detail: `${message}. Please report it with the steps that led here.`,
    code: "unexpected",
  };
}
