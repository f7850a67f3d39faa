/** The gRPC status codes this package gives (the numbers are gRPC's). */
export enum Status {
  Ok = 0,
  Cancelled = 1,
  InvalidArgument = 3,
  ResourceExhausted = 8,
  Unimplemented = 12,
  Internal = 13,
}

/**
 * Fails a call as such. The engine shows it as a failure of the provider itself; what a user is to act on belongs into
 * a response's diagnostics instead.
 */
export class RpcError extends Error {
  override readonly name = "RpcError";

  constructor(
    readonly status: Status,
    message: string,
  ) {
    super(message);
  }
}

/** The form of `grpc-message`: UTF-8 in which everything but printable ASCII, and the percent sign, is %XX. */
export function percentEncode(text: string): string {
  let encoded = "";
  for (const byte of Buffer.from(text, "utf8")) {
    const plain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25;
    encoded += plain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return encoded;
}
