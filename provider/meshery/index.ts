export { type ConnectionBody, type EnvironmentBody, Meshery, type Written } from "./client";
export type { Collection } from "./collection";
export { redactor } from "./credentials";
export { ApiError, type ApiErrorCode, visible } from "./errors";
export { describeExchange, type HttpExchange } from "./exchange";
export { Http, type HttpOptions } from "./http";
export { waited } from "./retry";
export type * from "./rows";
export { EMPTY_TEXT } from "./rows";
