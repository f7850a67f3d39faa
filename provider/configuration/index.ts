export * from "./fields";
export * from "./homeFolder";
export * from "./resolve";
export * from "./session";
