import { RpcError, Status, type UnaryHandler } from "../../grpc";
import { loadRpcCodec, type ProviderRpc, type RequestOf, type ResponseOf } from "./codec";
import { log } from "./log";
import { PROVIDER_SERVICE, rpcNames } from "./service";

export interface CallContext {
  /** Aborted when the engine asks the provider to stop, cancels this call or goes away. */
  signal: AbortSignal;
}

/** What a provider answers. A call without a handler is answered "unimplemented". */
export type Handlers = {
  [Rpc in ProviderRpc]?: (request: RequestOf<Rpc>, context: CallContext) => Promise<ResponseOf<Rpc>> | ResponseOf<Rpc>;
} & {
  /** What is left to do before the process ends; it gets about a second. Not asked for where no call needed the handlers. */
  close?: () => Promise<void>;
};

/** Responses that are encoded already, so that neither handlers nor codec are loaded for them. */
export type PrebuiltResponses = { [Rpc in ProviderRpc]?: () => Uint8Array | Promise<Uint8Array> };

type AnyHandler = (request: unknown, context: CallContext) => Promise<object> | object;

export interface ProviderMethods {
  methods: Map<string, UnaryHandler>;
  /** What the engine's StopProvider does. */
  stop(): Promise<unknown>;
  close(): Promise<void>;
}

/**
 * Turns handlers into the methods of the Provider service. `source` may be a function; it is called once, at the first
 * call that no prebuilt response answers.
 */
export function providerMethods(
  source: Handlers | (() => Promise<Handlers> | Handlers),
  prebuilt: PrebuiltResponses = {},
): ProviderMethods {
  const running = new Set<AbortController>();
  let handlers: Promise<Handlers> | undefined;
  const load = () => {
    handlers ??= Promise.resolve(typeof source === "function" ? source() : source);
    return handlers;
  };
  const methods = new Map<string, UnaryHandler>();
  for (const rpc of rpcNames) {
    methods.set(`/${PROVIDER_SERVICE}/${rpc}`, async (bytes, call) => {
      const ready = prebuilt[rpc];
      if (ready) return ready();
      // What runs now is asked to stop; what the engine calls afterwards, to clean up, runs as ever.
      if (rpc === "StopProvider") stop(running);
      return answer(rpc, (await load())[rpc] as AnyHandler | undefined, bytes, call, running);
    });
  }
  const stopped = methods.get(`/${PROVIDER_SERVICE}/StopProvider`);
  return {
    methods,
    stop: async () => stopped?.(Buffer.alloc(0), new AbortController()),
    close: async () => (await handlers)?.close?.(),
  };
}

async function answer(
  rpc: ProviderRpc,
  handler: AnyHandler | undefined,
  bytes: Buffer,
  call: AbortController,
  running: Set<AbortController>,
): Promise<Uint8Array> {
  if (rpc === "StopProvider" && !handler) return new Uint8Array();
  if (!handler) throw new RpcError(Status.Unimplemented, `${rpc} is not implemented`);
  const codec = await loadRpcCodec(rpc);
  running.add(call);
  const started = performance.now();
  try {
    const response = await handler(codec.Request.decode(bytes), call);
    log("trace", "Call answered", { rpc, ms: Math.round(performance.now() - started) });
    return codec.Response.encode(response).finish();
  } catch (error) {
    if (error instanceof RpcError) throw error;
    return codec.Response.encode(unexpectedFailure(rpc, error, codec.Response.prototype)).finish();
  } finally {
    running.delete(call);
  }
}

function stop(running: ReadonlySet<AbortController>): void {
  log("debug", "The engine asks to stop", { running: running.size });
  for (const call of running) call.abort(new RpcError(Status.Cancelled, "the engine asked the provider to stop"));
}

/**
 * A handler should not throw. If it does, a diagnostic keeps the user's other resources going and their state whole,
 * where a failed call would be reported as a crash of the provider.
 */
function unexpectedFailure(rpc: ProviderRpc, error: unknown, response: object): object {
  const detail = error instanceof Error ? error.message : String(error);
  log("error", "A call failed unexpectedly", { rpc, error: error instanceof Error ? (error.stack ?? detail) : detail });
  if (!("diagnostics" in response)) throw new RpcError(Status.Internal, detail);
  const summary = "The provider failed unexpectedly";
  return { diagnostics: [{ severity: 1, summary, detail: `${rpc}: ${detail}` }] };
}
