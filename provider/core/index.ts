export * from "./compare";
export type * from "./context";
export * from "./definition";
export * from "./errors";
export * from "./fields";
export * from "./lifecycle";
export * from "./memory";
export * from "./unknown";
export * from "./userFolder";
