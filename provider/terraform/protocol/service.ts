import type { ProviderRpc } from "./codec";

// Written out, so that a call can be told from a stray path without loading the generated messages. `Record` makes the
// compiler refuse a list that has lost or invented a call.
const calls: Record<ProviderRpc, true> = {
  GetMetadata: true,
  GetProviderSchema: true,
  GetResourceIdentitySchemas: true,
  GetFunctions: true,
  ValidateProviderConfig: true,
  ConfigureProvider: true,
  StopProvider: true,
  ValidateResourceConfig: true,
  UpgradeResourceState: true,
  UpgradeResourceIdentity: true,
  ReadResource: true,
  PlanResourceChange: true,
  ApplyResourceChange: true,
  ImportResourceState: true,
  MoveResourceState: true,
  ValidateDataResourceConfig: true,
  ReadDataSource: true,
  ValidateEphemeralResourceConfig: true,
  OpenEphemeralResource: true,
  RenewEphemeralResource: true,
  CloseEphemeralResource: true,
  CallFunction: true,
};

export const PROVIDER_SERVICE = "tfplugin6.Provider";

export const rpcNames = Object.keys(calls) as ProviderRpc[];
