import type { tfplugin6 } from "./generated/tfplugin6";

// The messages of the protocol and their encoding. The code is generated from tfplugin6.proto
// (scripts/generate-protocol.mjs) and loaded at the first call that needs it: the handshake does not.

type Messages = typeof tfplugin6;

/** The calls of the Provider service: every message that consists of a Request and a Response. */
export type ProviderRpc = {
  [Name in keyof Messages]: Messages[Name] extends { Request: unknown; Response: unknown } ? Name : never;
}[keyof Messages];

/** A request as a handler receives it: scalars are never missing, messages may be null. */
export type RequestOf<Rpc extends ProviderRpc> = InstanceType<Messages[Rpc]["Request"]>;

/** A response as a handler gives it: everything may be left out. */
export type ResponseOf<Rpc extends ProviderRpc> = ConstructorParameters<Messages[Rpc]["Response"]>[0] & object;

/** A request as a client gives it, for tests. */
export type RequestProperties<Rpc extends ProviderRpc> = ConstructorParameters<Messages[Rpc]["Request"]>[0] & object;

/** A response as a client receives it, for tests. */
export type DecodedResponse<Rpc extends ProviderRpc> = InstanceType<Messages[Rpc]["Response"]>;

export type DynamicValue = tfplugin6.DynamicValue.$Properties;
export type Diagnostic = tfplugin6.Diagnostic.$Properties;
export type AttributePath = tfplugin6.AttributePath.$Properties;
export type SchemaMessage = tfplugin6.Schema.$Properties;

interface MessageCodec<Message> {
  decode(bytes: Uint8Array): Message;
  encode(message: Message): { finish(): Uint8Array };
  prototype: object;
}

export interface RpcCodec {
  Request: MessageCodec<unknown>;
  Response: MessageCodec<unknown>;
}

let loaded: Messages | undefined;

/** The generated messages, for encoding outside of a call (the schema that is built ahead of time). */
export async function loadMessages(): Promise<Messages> {
  loaded ??= (await import("./generated/tfplugin6")).tfplugin6;
  return loaded;
}

/** The two messages of a call. The name must be one of the service's (see rpcNames in service.ts). */
export async function loadRpcCodec(rpc: ProviderRpc): Promise<RpcCodec> {
  return (await loadMessages())[rpc] as unknown as RpcCodec;
}
