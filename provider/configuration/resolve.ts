import * as z from "zod";
import { type Fields, id, optional, type Problem, ResourceError, validate } from "../framework";
import { mesheryctl } from "./mesheryctl";

const notBlank = z.string().refine((text) => text.trim() !== "", { error: "must not be empty" });

/** What a provider is configured with: the same words behind every front door. */
export const configurationFields = {
  url: optional(
    z.string().refine((text) => problemOfUrl(text) === undefined, {
      error: (issue) => problemOfUrl(String(issue.input)) ?? "",
    }),
    {
      description: "Where Meshery is, for instance `https://meshery.example.com`. Also by `MESHERY_URL`.",
      example: "https://meshery.example.com",
    },
  ),
  token: optional(notBlank, {
    description:
      "Token of a Meshery user. Prefer `MESHERY_TOKEN`: engines keep what they are given in plans and state. Not needed for the Local provider.",
    secret: true,
  }),
  mesheryProvider: optional(notBlank, {
    description:
      "The provider that signs the user in: `Meshery`, `Layer5`, `Local`, ... Also by `MESHERY_PROVIDER`. Left out it is asked of the server.",
    example: "Meshery",
  }),
  organizationId: optional(id("an organization"), {
    description: "Organization for resources that name none. Also by `MESHERY_ORGANIZATION_ID`.",
  }),
  timeout: optional(z.number().gt(0, { error: "must be more than 0 seconds" }), {
    description: "Seconds that one request may take; 30 where left out.",
    example: 30,
  }),
} satisfies Fields;

export type ConfigurationKey = keyof typeof configurationFields;
export interface ConfigurationValues {
  url?: string;
  token?: string;
  mesheryProvider?: string;
  organizationId?: string;
  /** Seconds. */
  timeout?: number;
}

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
  /** Values from stack configuration or from state: a token in MESHERY_TOKEN wins over theirs. */
  stack?: ConfigurationValues;
  stackOrigin?: string;
  env: NodeJS.ProcessEnv;
  /** Home directory where mesheryctl keeps its files; undefined to leave them alone. */
  home?: string | undefined;
}

export const ENVIRONMENT_VARIABLES = {
  url: "MESHERY_URL",
  token: "MESHERY_TOKEN",
  mesheryProvider: "MESHERY_PROVIDER",
  organizationId: "MESHERY_ORGANIZATION_ID",
} as const;

/** What is wrong with provider arguments, as far as they are known. */
export function validateConfiguration(values: Record<string, unknown>): Problem[] {
  return validate(
    { name: "provider", description: "", fields: configurationFields, read: async () => ({}) },
    "The provider",
    values,
  );
}

/**
 * Puts the configuration together: arguments, then stack configuration, then environment variables (but `MESHERY_TOKEN` before
 * a token of the stack, since engines configure refresh and destroy from what the last run stored), then what mesheryctl left.
 * @throws ResourceError `configuration` where there is no url, or a value cannot be right.
 */
export async function resolveConfiguration(sources: ConfigurationSources): Promise<Configuration> {
  const { explicit = {}, stack = {}, env } = sources;
  const values: ConfigurationValues = {};
  const origins: Configuration["origins"] = {};
  const take = <K extends ConfigurationKey>(key: K, value: ConfigurationValues[K] | undefined, origin: string) => {
    if (values[key] !== undefined || value === undefined || value === "") return;
    values[key] = value;
    origins[key] = origin;
  };
  const explicitOrigin = sources.explicitOrigin ?? "the provider's arguments";
  const stackOrigin = sources.stackOrigin ?? "the stack configuration";
  for (const key of Object.keys(configurationFields) as ConfigurationKey[]) {
    take(key, explicit[key], explicitOrigin);
    if (key !== "token") take(key, stack[key], stackOrigin);
    if (key !== "timeout")
      take(key, env[ENVIRONMENT_VARIABLES[key]], `the environment variable ${ENVIRONMENT_VARIABLES[key]}`);
    if (key === "token") take(key, stack[key], stackOrigin);
  }
  if (sources.home !== undefined && !env.CI && values.token === undefined) {
    const left = await mesheryctl(sources.home);
    // One set: a token that mesheryctl was given for one server is never sent to another.
    if (left && (values.url === undefined || originOf(values.url) === originOf(left.url))) {
      take("url", left.url, left.configFile);
      take("token", left.token, left.tokenFile);
      take("mesheryProvider", left.mesheryProvider, left.tokenFile);
    }
  }
  if (values.url === undefined) throw noUrl();
  const problem = validateConfiguration(values as Record<string, unknown>)[0];
  if (problem) {
    const origin = origins[problem.field as ConfigurationKey];
    throw new ResourceError("configuration", {
      resource: "provider",
      field: problem.field,
      what: problem.message.replace(/\.$/, ""),
      hint: origin ? `It came from ${origin}.` : "",
    });
  }
  return { ...values, url: values.url, origins };
}

const noUrl = () =>
  new ResourceError("configuration", {
    resource: "provider",
    field: "url",
    what: "no Meshery is named: url is missing",
    hint: "Give it as the provider's argument url, as MESHERY_URL, with `pulumi config set meshery:url https://meshery.example.com`, or sign in with `mesheryctl system login` (its files are used where CI is not set). There is no default. To try things out, `npx meshery-iac serve` starts an embedded one.",
  });

function problemOfUrl(text: string): string | undefined {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return "must be an address such as https://meshery.example.com";
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") return "must begin with http:// or https://";
  if (url.username || url.password)
    return "must not hold a user name or a password; give the token as token or MESHERY_TOKEN";
  if (url.search || url.hash) return "must not have a query or a fragment";
  return undefined;
}

function originOf(url: string): string | undefined {
  try {
    return new URL(url).origin;
  } catch {
    return undefined;
  }
}
