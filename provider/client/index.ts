export { ApiError, type ApiErrorCode, visible } from "./errors";
export { redactor } from "./http/authentication";
export { segment } from "./http/call";
export { describeExchange, type HttpExchange } from "./http/exchange";
export { sleep } from "./http/wait";
export type { CachedList, Freshness } from "./lists/cachedList";
export { type Listing, Meshery, type Written } from "./meshery";
export type * from "./models";
export { TIMING, type Timing, timingWith } from "./timing";
