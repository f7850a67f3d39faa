import { credentials, Metadata } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** Milliseconds that a message may take: an engine that does not listen must not hold up the work. */
const DEADLINE = 2_000;

/** The engine's log: the only way by which a plugin can tell users something beside an error. */
export class EngineLog {
  private readonly client: EngineClient;

  constructor(address: string) {
    this.client = new EngineClient(address, credentials.createInsecure());
  }

  /** Shows a warning at a resource. Never fails: what the engine does not take goes to standard error. */
  warn(text: string, urn: string): Promise<void> {
    const request = new LogRequest().setSeverity(LogSeverity.WARNING).setMessage(text).setUrn(urn);
    return new Promise((resolve) => {
      this.client.log(request, new Metadata(), { deadline: Date.now() + DEADLINE }, (error) => {
        if (error) process.stderr.write(`warning: ${text}\n`);
        resolve();
      });
    });
  }
}
