export * from "./attempt";
export type * from "./context";
export * from "./definition";
export * from "./diff";
export * from "./errors";
export * from "./fields";
export * from "./unknown";
export * from "./validate";
export * from "./values";
