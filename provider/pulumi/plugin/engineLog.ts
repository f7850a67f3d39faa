import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { call } from "../../grpc";

/** Milliseconds that a message may take: an engine that does not listen must not hold up the work. */
const DEADLINE = 2_000;

/**
 * Shows a warning at a resource through the engine's log: the only way by which a plugin can tell users something beside an
 * error. Never fails: what the engine does not take goes to standard error.
 */
export async function warnThroughEngine(address: string, text: string, urn: string): Promise<void> {
  const message = new LogRequest().setSeverity(LogSeverity.WARNING).setMessage(text).setUrn(urn);
  const path = "/pulumirpc.Engine/Log";
  try {
    await call({ address, path, request: message.serializeBinary(), deadline: DEADLINE });
  } catch {
    process.stderr.write(`warning: ${text}\n`);
  }
}
