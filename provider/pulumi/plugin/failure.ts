import { ConfigureErrorMissingKeys, ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Status as Code, RpcError } from "../../grpc";
import type { Explanation } from "./explanation";
import { toStruct } from "./struct";

/**
 * Codes that the engine reads as "nothing was changed". Everything else is `UNKNOWN`: it then says that it does not know. None is
 * `UNIMPLEMENTED` or `UNAVAILABLE`, which it takes for an old or a dead plugin.
 */
const CODES: Record<string, Code> = {
  "invalid-input": Code.InvalidArgument,
  configuration: Code.FailedPrecondition,
  organization: Code.FailedPrecondition,
  exists: Code.AlreadyExists,
  "declared-twice": Code.AlreadyExists,
  ambiguous: Code.FailedPrecondition,
  missing: Code.NotFound,
  "in-use": Code.FailedPrecondition,
  cancelled: Code.Cancelled,
  "not-authenticated": Code.Unauthenticated,
  "not-allowed": Code.PermissionDenied,
};

/** An error as gRPC carries it. What the engine has to remember or to explain by itself goes along in the details. */
export function failureOf({ code, message, unfinished, missing }: Explanation): RpcError {
  if (unfinished) {
    const detail = new ErrorResourceInitFailed()
      .setId(unfinished.id)
      .setProperties(toStruct(unfinished.properties))
      .setInputs(toStruct(unfinished.inputs))
      .setReasonsList([message]);
    return withDetail(Code.Unknown, message, "pulumirpc.ErrorResourceInitFailed", detail.serializeBinary());
  }
  if (missing) {
    const { key, description } = missing;
    const missingKey = new ConfigureErrorMissingKeys.MissingKey().setName(key).setDescription(description);
    const detail = new ConfigureErrorMissingKeys().setMissingkeysList([missingKey]);
    return withDetail(Code.InvalidArgument, message, "pulumirpc.ConfigureErrorMissingKeys", detail.serializeBinary());
  }
  return new RpcError(CODES[code] ?? Code.Unknown, message);
}

function withDetail(code: Code, message: string, type: string, bytes: Uint8Array): RpcError {
  const packed = new Any();
  packed.pack(bytes, type);
  const whole = new Status().setCode(code).setMessage(message).setDetailsList([packed]);
  return new RpcError(code, message, whole.serializeBinary());
}
