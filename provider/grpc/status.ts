/** The gRPC status codes that providers give (the numbers are gRPC's). */
export enum Status {
  Ok = 0,
  Cancelled = 1,
  Unknown = 2,
  InvalidArgument = 3,
  NotFound = 5,
  AlreadyExists = 6,
  PermissionDenied = 7,
  ResourceExhausted = 8,
  FailedPrecondition = 9,
  Unimplemented = 12,
  Internal = 13,
  Unauthenticated = 16,
}

/** Fails a call as such. To Terraform this is a failure of the provider itself; what a user is to act on goes into diagnostics. */
export class RpcError extends Error {
  override readonly name = "RpcError";

  constructor(
    readonly status: Status,
    message: string,
    /** An encoded `google.rpc.Status` with what the caller has to remember of the failure. */
    readonly details?: Uint8Array,
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
