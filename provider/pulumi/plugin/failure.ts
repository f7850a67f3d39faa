import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { ConfigureErrorMissingKeys, ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { ResourceError } from "../../core";
import { hostError } from "../dynamic/failure";
import { Cancelled } from "./provider";
import { Unfinished } from "./resource";
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
  "not-authenticated": status.UNAUTHENTICATED,
  "not-allowed": status.PERMISSION_DENIED,
};

/** An error as gRPC carries it. Something made but not finished goes along in the details, so that the engine remembers it. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Unfinished) {
    const { message } = hostError(error.cause);
    const detail = new ErrorResourceInitFailed()
      .setId(error.id)
      .setProperties(toStruct(error.properties))
      .setInputs(toStruct(error.inputs))
      .setReasonsList([message]);
    return withDetail(status.UNKNOWN, message, "pulumirpc.ErrorResourceInitFailed", detail.serializeBinary());
  }
  if (error instanceof Cancelled) return { code: status.CANCELLED, details: error.message };
  const { code, message } = hostError(error);
  return { code: CODES[code] ?? status.UNKNOWN, details: message };
}

/** The same for a provider that could not be configured: the engine shows how to set what is missing. */
export function configureFailureOf(error: unknown): Failure {
  if (!(error instanceof ResourceError) || error.details.field !== "url" || !/missing/.test(error.details.what)) {
    return failureOf(error);
  }
  const key = new ConfigureErrorMissingKeys.MissingKey().setName("meshery:url").setDescription(error.details.hint);
  const detail = new ConfigureErrorMissingKeys().setMissingkeysList([key]);
  const { message } = hostError(error);
  return withDetail(status.INVALID_ARGUMENT, message, "pulumirpc.ConfigureErrorMissingKeys", detail.serializeBinary());
}

function withDetail(code: status, message: string, type: string, bytes: Uint8Array): Failure {
  const packed = new Any();
  packed.pack(bytes, type);
  const whole = new Status().setCode(code).setMessage(message).setDetailsList([packed]);
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(whole.serializeBinary()));
  return { code, details: message, metadata };
}
