import * as z from "zod";
import { type Field, type FieldOptions, type Fields, type InputsOf, id, optional, textMap } from "../framework";

interface SettingOptions extends Omit<FieldOptions, "description"> {
  /** What it is; sentences. */
  purpose: string;
  /** The environment variable that gives it where the program and the stack's configuration do not. */
  environment?: string;
  /** The environment variable wins over stack configuration and state, which may hold a stale value. Arguments win over both. */
  environmentBeforeStack?: boolean;
  /** What happens where nothing gives it; the end of a sentence. */
  otherwise?: string;
  /** What else there is to know; sentences. */
  remark?: string;
}

/** A field of the configuration, and where it is looked up. */
export type ConfigurationField<S extends z.ZodType = z.ZodType> = Field<S, "optional"> & SettingOptions;

const setting = <S extends z.ZodType>(schema: S, options: SettingOptions): ConfigurationField<S> => ({
  ...optional(schema, { ...options, description: described(options) }),
  ...options,
});

function described({ purpose, environment, secret, otherwise, remark }: SettingOptions): string {
  const variable = secret
    ? `Prefer \`${environment}\`: engines keep what they are given in plans and state.`
    : `Also by \`${environment}\`.`;
  return [purpose, environment && variable, otherwise && `Left out ${otherwise}.`, remark].filter(Boolean).join(" ");
}

const notBlank = z.string().refine((text) => text.trim() !== "", { error: "must not be empty" });

/** What a provider is configured with: the same words behind every front door. */
export const configurationFields = {
  url: setting(
    z.string().refine((text) => problemOfUrl(text) === undefined, {
      error: (issue) => problemOfUrl(String(issue.input)) ?? "",
    }),
    {
      purpose: "Where Meshery is, for instance `https://meshery.example.com`.",
      environment: "MESHERY_URL",
      example: "https://meshery.example.com",
    },
  ),
  token: setting(notBlank, {
    purpose: "Token of a Meshery user.",
    environment: "MESHERY_TOKEN",
    environmentBeforeStack: true,
    remark: "Not needed for the Local provider.",
    secret: true,
  }),
  mesheryProvider: setting(notBlank, {
    purpose: "The provider that signs the user in: `Meshery`, `Layer5`, `Local`, ...",
    environment: "MESHERY_PROVIDER",
    otherwise: "it is asked of the server",
    example: "Meshery",
  }),
  organizationId: setting(id("an organization"), {
    purpose: "Organization for resources that name none.",
    environment: "MESHERY_ORGANIZATION_ID",
  }),
  timeout: setting(z.number().gt(0, { error: "must be more than 0 seconds" }), {
    purpose: "Seconds that one request may take; 30 where left out.",
    example: 30,
  }),
  defaultTags: setting(textMap, {
    purpose:
      "Tags for everything that has tags, beside what it says itself; its own win. What has no `tags` of its own gets them too, and all its tags are then managed.",
    example: { team: "platform" },
  }),
} satisfies Fields;

export type ConfigurationKey = keyof typeof configurationFields;
export type ConfigurationValues = InputsOf<typeof configurationFields>;

/** The keys, in the order of their declaration. */
export const CONFIGURATION_KEYS = Object.keys(configurationFields) as ConfigurationKey[];

export const configurationField = (key: ConfigurationKey): ConfigurationField => configurationFields[key];

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
