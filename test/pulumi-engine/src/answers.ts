/** What providers answer, taken out of its protocol form. */
import type { ServiceError } from "@grpc/grpc-js";
import {
  type CheckResponse,
  ConfigureErrorMissingKeys,
  DiffResponse,
  ErrorResourceInitFailed,
} from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import type { DiffKind } from "./driver";
import { containsUnknowns, fromStruct, type PropertyMap } from "./values";

export interface CheckFailure {
  property: string;
  reason: string;
}

export interface CheckResult {
  inputs: PropertyMap;
  failures: CheckFailure[];
}

export interface DiffResult {
  changes: "none" | "some" | "unknown";
  replaceKeys: string[];
  diffs: string[];
  detailedDiff?: Record<string, DiffKind>;
  deleteBeforeReplace: boolean;
}

/** The outcome of create, update or read: with `initErrors` when the object exists but is not whole. */
export interface WriteResult {
  id: string;
  outputs: PropertyMap;
  initErrors?: string[];
}

export interface ReadResult {
  id: string;
  outputs?: PropertyMap | undefined;
  inputs?: PropertyMap | undefined;
  initErrors?: string[];
}

const DETAILED_DIFF_KINDS: DiffKind[] = ["add", "add-replace", "delete", "delete-replace", "update", "update-replace"];

/** What DiffConfig counts as when a provider does not have it. */
export const NO_ANSWER: Readonly<DiffResult> = {
  changes: "unknown",
  replaceKeys: [],
  diffs: [],
  deleteBeforeReplace: false,
};

export function checkResult(answer: CheckResponse): CheckResult {
  return { inputs: fromStruct(answer.getInputs()) ?? {}, failures: failuresOf(answer.getFailuresList()) };
}

export function failuresOf(list: { getProperty(): string; getReason(): string }[]): CheckFailure[] {
  return list.map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() }));
}

export function diffResult(answer: DiffResponse): DiffResult {
  const { DIFF_NONE, DIFF_SOME } = DiffResponse.DiffChanges;
  const changes = answer.getChanges();
  const detailed: Record<string, DiffKind> = {};
  answer.getDetaileddiffMap().forEach((entry, path) => {
    detailed[path] = DETAILED_DIFF_KINDS[entry.getKind()] ?? "update";
  });
  return {
    changes: changes === DIFF_NONE ? "none" : changes === DIFF_SOME ? "some" : "unknown",
    replaceKeys: answer.getReplacesList(),
    diffs: answer.getDiffsList(),
    ...(answer.getHasdetaileddiff() && { detailedDiff: detailed }),
    deleteBeforeReplace: answer.getDeletebeforereplace(),
  };
}

/** Waits for an answer; an error that says "the object exists, but" becomes a result with `initErrors`. */
export async function writeResult<R, T extends WriteResult | ReadResult>(
  answer: Promise<R>,
  convert: (answer: R) => T,
): Promise<T> {
  try {
    return convert(await answer);
  } catch (error) {
    const partial = initFailed(error as ServiceError);
    if (partial === undefined) throw error;
    return {
      id: partial.getId(),
      outputs: fromStruct(partial.getProperties()) ?? {},
      inputs: fromStruct(partial.getInputs()),
      initErrors: partial.getReasonsList(),
    } as unknown as T;
  }
}

function initFailed(error: ServiceError): ErrorResourceInitFailed | undefined {
  return details(error)
    .filter((detail) => detail.getTypeName() === "pulumirpc.ErrorResourceInitFailed")
    .map((detail) => ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8()))[0];
}

function details(error: ServiceError) {
  const packed = error.metadata?.get("grpc-status-details-bin")[0];
  return packed instanceof Buffer ? Status.deserializeBinary(packed).getDetailsList() : [];
}

/** The text of a failed Configure: missing keys, where the provider named them. */
export function configureErrorText(error: ServiceError): string {
  for (const detail of details(error)) {
    if (detail.getTypeName() !== "pulumirpc.ConfigureErrorMissingKeys") continue;
    const missing = ConfigureErrorMissingKeys.deserializeBinary(detail.getValue_asU8()).getMissingkeysList();
    return missing
      .map((key) => `missing required configuration key "${key.getName()}": ${key.getDescription()}`)
      .join("\n");
  }
  return error.details;
}

export function refuseUnknowns(properties: PropertyMap, what: string): void {
  for (const [key, value] of Object.entries(properties)) {
    if (containsUnknowns(value)) {
      throw new Error(`the provider returned an unknown for "${key}" in its ${what}, which is only legal in a preview`);
    }
  }
}

/** A failed check as a user reads it. */
export function failureText(
  state: { type: string; urn: string; inputs: PropertyMap },
  { property, reason }: CheckFailure,
): string {
  const name = state.urn.slice(state.urn.lastIndexOf("::") + 2);
  return property === ""
    ? `${state.type} resource '${name}' has a problem: ${reason}`
    : `${state.type} resource '${name}': property ${property} value ${JSON.stringify(state.inputs[property] ?? null)} has a problem: ${reason}`;
}
