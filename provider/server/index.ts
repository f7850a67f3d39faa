export { type EraName, eras } from "./eras";
export type { Fault, FaultEffect, Faults } from "./faults";
export { administratorKey } from "./load";
export { MesheryServer, type MesheryServerOptions } from "./mesheryServer";
export { everyQuirk, noQuirks, providerByOthers, type Quirks, quirksNamed } from "./quirks";
export type { LoggedRequest, RequestLog } from "./requestLog";
export type * from "./rows";
export type { Store } from "./store";
