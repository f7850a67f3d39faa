import type { ApiError } from "../errors";
import { listIn } from "../lists/page";
import { isObject } from "../models";

export const PROVIDERS = "/api/providers";
const ORGANIZATIONS = "/api/identity/orgs";

/** A provider that signs users in, as a server offers it. */
export interface OfferedProvider {
  name: string;
  remote: boolean;
}

/** The answer to `GET /api/providers`: an object keyed by name. Undefined where it is something else. */
export function offeredProviders(body: unknown): OfferedProvider[] | undefined {
  if (!isObject(body)) return undefined;
  const entries = Object.entries(body);
  const described = (value: unknown) => isObject(value) && Object.keys(value).some((key) => /^provider/i.test(key));
  if (!entries.every(([, value]) => described(value))) return undefined;
  return entries.map(([key, value]) => {
    const row = value as Record<string, unknown>;
    const name = [row.providerName, row.provider_name, key].find((x): x is string => typeof x === "string" && x !== "");
    const url = row.providerUrl ?? row.provider_url;
    const local = isLocal(name ?? key) || row.providerType === "local" || row.provider_type === "local";
    return { name: name ?? key, remote: !local && (url === undefined || url !== "") };
  });
}

/** The provider of a server that knows one user only; `None` is its old name. */
export const isLocal = (name: string): boolean => /^(local|none)$/i.test(name);

/** Whether an answer may come from something that is no Meshery at all. */
export const mayNotBeMeshery = ({ code, details }: ApiError): boolean =>
  details.unlikeMeshery === true ||
  code === "no-route" ||
  (code === "not-found" && details.path.startsWith(ORGANIZATIONS));

/** Whether what answers here is a Meshery API: servers list their providers, Meshery Cloud at least the user's organizations. */
export async function isMeshery(ask: (path: string) => Promise<unknown>): Promise<boolean> {
  const offered = offeredProviders(await ask(PROVIDERS));
  if (offered && offered.length > 0) return true;
  return listIn(await ask(ORGANIZATIONS), "organizations") !== undefined;
}
