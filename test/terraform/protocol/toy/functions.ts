import { RpcError, Status } from "../../../../provider/grpc";
import type { CallContext } from "../../../../provider/terraform/protocol/handlers";

interface Call {
  name: string;
  arguments?: { msgpack?: Uint8Array | null }[] | null;
}

/** What the tests of the runtime need a provider to do. Not in the schema, so no engine sees it. */
export async function functions(call: Call, { signal }: CallContext) {
  switch (call.name) {
    case "echo":
      return { result: call.arguments?.[0] };
    case "wait until cancelled":
      process.stderr.write("waiting\n");
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        else signal.addEventListener("abort", () => resolve());
      });
      process.stderr.write("cancelled\n");
      return { error: { text: (signal.reason as Error).message } };
    case "print":
      console.log("noise from console.log");
      process.stdout.write("noise from a stream\n");
      return {};
    case "throw":
      throw new Error("ärger: 100% broken\nsecond line");
    case "refuse":
      throw new RpcError(Status.ResourceExhausted, "too much");
    case "forget a promise":
      void Promise.reject(new Error("nobody waits for this"));
      return {};
    case "crash":
      setImmediate(() => {
        throw new Error("out of the blue");
      });
      return {};
    default:
      throw new RpcError(Status.Unimplemented, `no function ${call.name}`);
  }
}
