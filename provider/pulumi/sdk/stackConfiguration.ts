import * as pulumi from "@pulumi/pulumi";
import { PLAIN_TOKEN } from "../shared/plainToken";
import type { ConfigurationKey } from "./generated/configuration";

const stack = () => new pulumi.Config("meshery");

/** One value of the stack's configuration, as text. */
export const stackValue = (key: ConfigurationKey): string | undefined => stack().get(key);

let noted = false;

/** Warns, once per program, of a token that stands in the stack's configuration as plain text. */
export function noteConfiguration(): void {
  if (noted) return;
  noted = true;
  if (stackValue("token") === undefined || isSecret("meshery:token")) return;
  void pulumi.log.warn(PLAIN_TOKEN);
}

/** The public API only reads values; whether one is secret the SDK knows too. Where it does not say, nothing is warned about. */
function isSecret(key: string): boolean {
  const { isConfigSecret } = pulumi.runtime as { isConfigSecret?: (key: string) => boolean };
  return isConfigSecret?.(key) ?? true;
}
