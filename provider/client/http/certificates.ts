import { readFileSync } from "node:fs";
import { createSecureContext, rootCertificates, type SecureContext } from "node:tls";

/**
 * Where a launcher puts the user's NODE_EXTRA_CA_CERTS. Node 20 reads that file, and all authorities it knows itself, at
 * every start, whether anything is asked over TLS or not: 40 ms, more than the rest of a start.
 */
export const EXTRA_CA_CERTS = "MESHERY_EXTRA_CA_CERTS";

/**
 * What connections over TLS trust, as options of an agent: nothing where Node already sees to it, else Node's own
 * authorities and those of the file that the launcher kept back. A file that cannot be read is left out, as Node does;
 * `problem` says so.
 */
export function authorities(env: NodeJS.ProcessEnv): { secureContext?: SecureContext; problem?: string } {
  const file = env[EXTRA_CA_CERTS];
  if (!file) return {};
  try {
    return { secureContext: createSecureContext({ ca: [...rootCertificates, readFileSync(file)] }) };
  } catch (error) {
    return { problem: `NODE_EXTRA_CA_CERTS names ${file}, which could not be read: ${(error as Error).message}` };
  }
}
