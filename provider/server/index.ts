export { type EraName, eraNames, eras } from "./eras/eras";
export type { FaultEffect } from "./faults";
export { MesheryServer } from "./mesheryServer";
export type { MesheryServerOptions } from "./options";
export { type Quirks, quirksNamed, thirdPartyProvider } from "./quirks";
export type * from "./store/rows";
export type { Store } from "./store/store";
