export { type ConnectionBody, type EnvironmentBody, Meshery, type Written } from "./client";
export type { Collection } from "./collection";
export { redactor } from "./credentials";
export { ApiError, type ApiErrorCode } from "./errors";
export { Http, type HttpOptions } from "./http";
export { waited } from "./retry";
export type * from "./rows";
export { EMPTY_TEXT } from "./rows";
