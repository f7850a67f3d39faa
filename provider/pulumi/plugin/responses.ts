import { CheckFailure, CheckResponse, DiffResponse, PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";
import type { Problem } from "../../framework";
import type { Diff } from "./diff";
import { toStruct } from "./struct";

export const failure = ({ field, message }: Problem): CheckFailure =>
  new CheckFailure().setProperty(field).setReason(message);

export const checkResponse = ({
  inputs,
  failures,
}: {
  inputs: Record<string, unknown>;
  failures: Problem[];
}): CheckResponse => new CheckResponse().setInputs(toStruct(inputs)).setFailuresList(failures.map(failure));

export function diffResponse({ fields, replaces, detailed, deleteBeforeReplace }: Diff): DiffResponse {
  const { DIFF_NONE, DIFF_SOME } = DiffResponse.DiffChanges;
  const { Kind } = PropertyDiff;
  const kinds = {
    add: [Kind.ADD, Kind.ADD_REPLACE],
    delete: [Kind.DELETE, Kind.DELETE_REPLACE],
    update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
  } as const;
  const response = new DiffResponse()
    .setChanges(fields.length > 0 ? DIFF_SOME : DIFF_NONE)
    .setDiffsList(fields)
    .setReplacesList(replaces)
    .setDeletebeforereplace(deleteBeforeReplace)
    .setHasdetaileddiff(true);
  for (const [path, { change, replace, inputs }] of detailed) {
    const kind = kinds[change][replace ? 1 : 0];
    response.getDetaileddiffMap().set(path, new PropertyDiff().setKind(kind).setInputdiff(inputs));
  }
  return response;
}
