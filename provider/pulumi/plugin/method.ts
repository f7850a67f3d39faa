import type { UnaryHandler } from "../../grpc";
import type { PluginProvider } from "./provider";

/** The provider behind the service, loaded with the first request that needs it. */
export type LoadProvider = () => Promise<PluginProvider>;

/** Methods of the engine's protocol, by their names. */
export type Methods = Record<string, UnaryHandler>;

/** A method of the service from a function; what it throws is answered as an error. */
export function answer<Request>(
  message: { deserializeBinary(bytes: Uint8Array): Request },
  work: (request: Request) => Promise<{ serializeBinary(): Uint8Array }>,
): UnaryHandler {
  return async (bytes) => {
    try {
      return (await work(message.deserializeBinary(bytes))).serializeBinary();
    } catch (error) {
      const [{ explanationOf }, { failureOf }] = await Promise.all([import("./provider"), import("./failure")]);
      throw failureOf(explanationOf(error));
    }
  };
}
