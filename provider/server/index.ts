export { type EraName, eras } from "./eras";
export type { Fault, FaultEffect, Faults } from "./faults";
export { administratorKey } from "./load";
export { MesheryServer } from "./mesheryServer";
export type { MesheryServerOptions } from "./options";
export { everyQuirk, noQuirks, providerByOthers, type Quirks, quirksNamed } from "./quirks";
export type { LoggedRequest, RequestLog } from "./requestLog";
export type * from "./rows";
export type { Store } from "./store";
