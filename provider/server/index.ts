export { type EraName, eraNames, eras } from "./eras/eras";
export type { Fault, FaultEffect, Faults } from "./faults";
export type { LoggedRequest, RequestLog } from "./http/requestLog";
export { administratorKey } from "./loadWorld";
export { MesheryServer } from "./mesheryServer";
export type { MesheryServerOptions } from "./options";
export { everyQuirk, noQuirks, type Quirks, quirksNamed, thirdPartyProvider } from "./quirks";
export type * from "./store/rows";
export type { Store } from "./store/store";
