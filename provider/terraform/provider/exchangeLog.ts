import { describeExchange, type HttpExchange } from "../../client";
import { log, logs } from "../protocol/log";

/** Options of a session by which TF_LOG_PROVIDER=DEBUG shows each HTTP exchange, and TRACE the bodies too. */
export function exchangeLog(): { onExchange?: (exchange: HttpExchange) => void; logBodies?: boolean } {
  if (!logs("debug")) return {};
  return { logBodies: logs("trace"), onExchange };
}

function onExchange({ requestBody, responseBody, ...exchange }: HttpExchange): void {
  log("debug", describeExchange(exchange), { ...exchange });
  if (requestBody) log("trace", `${exchange.method} ${exchange.path} sent`, { body: requestBody });
  if (responseBody) log("trace", `${exchange.method} ${exchange.path} received`, { body: responseBody });
}
