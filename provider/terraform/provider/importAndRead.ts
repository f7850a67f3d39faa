import { defined } from "../../framework";
import type { DynamicValue, RequestOf } from "../protocol/codec";
import { dataSourceOf, inputsOf, resourceOf, stateOf } from "./declared";
import { reporting } from "./reporting";
import type { Sessions } from "./session";
import { decodeStored, encodeValue, toAttributes } from "./values";

interface Read {
  newState: DynamicValue | null | undefined;
  private: Uint8Array;
}

interface Imported {
  importedResources: { typeName: string; state: DynamicValue }[];
}

/** A state of this or an earlier version. */
export function upgradeState(sessions: Sessions, { typeName, rawState }: RequestOf<"UpgradeResourceState">) {
  const { lifecycle, attributes } = resourceOf(typeName);
  const stored = decodeStored(attributes, rawState?.json ?? new Uint8Array());
  sessions.run?.markInState(lifecycle.runType, String(stored.id));
  return { upgradedState: encodeValue(attributes, stored) };
}

export async function readResource(
  sessions: Sessions,
  { typeName, currentState, private: hidden }: RequestOf<"ReadResource">,
) {
  const { lifecycle, attributes } = resourceOf(typeName);
  const state = stateOf(attributes, currentState);
  const kept: Read = { newState: currentState, private: hidden };
  if (!state) return kept;
  return reporting<Read>(attributes, lifecycle.inWords(state), kept, async (warn) => {
    const live = await lifecycle.read(sessions.context(warn), state);
    return { newState: encodeValue(attributes, live ? toAttributes(attributes, live) : null), private: hidden };
  });
}

export function importResource(sessions: Sessions, { typeName, id }: RequestOf<"ImportResourceState">) {
  const { lifecycle, attributes } = resourceOf(typeName);
  const subject = `${lifecycle.definition.name} ${id}`;
  return reporting<Imported>(attributes, subject, { importedResources: [] }, async (warn) => {
    const state = await lifecycle.import(sessions.context(warn), id);
    return { importedResources: [{ typeName, state: encodeValue(attributes, toAttributes(attributes, state)) }] };
  });
}

export function readDataSource(sessions: Sessions, { typeName, config }: RequestOf<"ReadDataSource">) {
  const { lookup, attributes } = dataSourceOf(typeName);
  const inputs = inputsOf(attributes, config);
  return reporting<{ state?: DynamicValue }>(attributes, typeName, {}, async (warn) => {
    const found = await lookup.read(sessions.context(warn), inputs);
    return { state: encodeValue(attributes, toAttributes(attributes, { ...found, ...defined(inputs) })) };
  });
}
