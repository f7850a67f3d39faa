/** What both toy providers share: requests to the world, and how two things differ. */
import type { Operation, ToyObject, ToyProperties, ToyRequest } from "./world";

export interface ToyConfig {
  url?: string | undefined;
  token?: string | undefined;
}

/** The world did what was asked, but not all of it. */
export class PartialError extends Error {
  constructor(
    readonly object: ToyObject,
    reason: string,
  ) {
    super(reason);
  }
}

/** @returns the object, or nothing when there is none. @throws PartialError, or Error with the world's message. */
export async function ask(
  config: ToyConfig,
  operation: Operation,
  request: ToyRequest,
): Promise<ToyObject | undefined> {
  if (!config.url) throw new Error("toy:url is not configured");
  const response = await fetch(`${config.url}/${operation}`, {
    method: "POST",
    headers: { "x-token": config.token ?? "" },
    body: JSON.stringify(request),
  });
  const body = (await response.json()) as ToyObject & { error?: string };
  if (response.status === 404) return undefined;
  if (response.status === 409) throw new PartialError(body, body.error ?? "partial");
  if (!response.ok) throw new Error(body.error ?? `status ${response.status}`);
  return body;
}

/** Keys the world keeps; `note` is written to state and never compared. */
const COMPARED = ["name", "zone", "size", "password", "friend"];

export interface ToyDifference {
  diffs: string[];
  replaces: string[];
}

/** `zone` cannot be changed in place. */
export function difference(olds: ToyProperties, news: ToyProperties): ToyDifference {
  const diffs = COMPARED.filter((key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key]));
  return { diffs, replaces: diffs.filter((key) => key === "zone") };
}
