import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { ConfigureErrorMissingKeys, ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import type { Explanation } from "./explanation";
import { toStruct } from "./struct";

type Failure = Pick<ServiceError, "code" | "details"> & { metadata?: Metadata };

/**
 * Codes that the engine reads as "nothing was changed". Everything else is `UNKNOWN`: it then says that it does not know. None is
 * `UNIMPLEMENTED` or `UNAVAILABLE`, which it takes for an old or a dead plugin.
 */
const CODES: Record<string, status> = {
  "invalid-input": status.INVALID_ARGUMENT,
  configuration: status.FAILED_PRECONDITION,
  organization: status.FAILED_PRECONDITION,
  exists: status.ALREADY_EXISTS,
  "declared-twice": status.ALREADY_EXISTS,
  ambiguous: status.FAILED_PRECONDITION,
  missing: status.NOT_FOUND,
  "in-use": status.FAILED_PRECONDITION,
  cancelled: status.CANCELLED,
  "not-authenticated": status.UNAUTHENTICATED,
  "not-allowed": status.PERMISSION_DENIED,
};

/** An error as gRPC carries it. What the engine has to remember or to explain by itself goes along in the details. */
export function failureOf({ code, message, unfinished, missing }: Explanation): Failure {
  if (unfinished) {
    const detail = new ErrorResourceInitFailed()
      .setId(unfinished.id)
      .setProperties(toStruct(unfinished.properties))
      .setInputs(toStruct(unfinished.inputs))
      .setReasonsList([message]);
    return withDetail(status.UNKNOWN, message, "pulumirpc.ErrorResourceInitFailed", detail.serializeBinary());
  }
  if (missing) {
    const { key, description } = missing;
    const missingKey = new ConfigureErrorMissingKeys.MissingKey().setName(key).setDescription(description);
    const detail = new ConfigureErrorMissingKeys().setMissingkeysList([missingKey]);
    return withDetail(
      status.INVALID_ARGUMENT,
      message,
      "pulumirpc.ConfigureErrorMissingKeys",
      detail.serializeBinary(),
    );
  }
  return { code: CODES[code] ?? status.UNKNOWN, details: message };
}

function withDetail(code: status, message: string, type: string, bytes: Uint8Array): Failure {
  const packed = new Any();
  packed.pack(bytes, type);
  const whole = new Status().setCode(code).setMessage(message).setDetailsList([packed]);
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(whole.serializeBinary()));
  return { code, details: message, metadata };
}
