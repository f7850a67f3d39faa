export { ApiError, type ApiErrorCode, visible } from "./errors";
export { redactor } from "./http/authentication";
export { describeExchange, type HttpExchange } from "./http/exchange";
export { Http, type HttpOptions } from "./http/http";
export { waited } from "./http/retry";
export type { CachedList } from "./lists/cachedList";
export { type ConnectionBody, type EnvironmentBody, Meshery, type Written } from "./meshery";
export type * from "./models";
export { EMPTY_TEXT } from "./models";
