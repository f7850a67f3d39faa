import type { Timing } from "../timing";
import type { Credentials } from "./authentication";
import type { HttpExchange } from "./exchange";

export interface HttpOptions extends Credentials {
  /** Where Meshery is: scheme, host, port and, behind a proxy, a path prefix. */
  url: string;
  /** Where values came from, in words for an error message: "the environment variable MESHERY_TOKEN". */
  origins?: Partial<Record<"url" | "token" | "mesheryProvider", string>>;
  /** Milliseconds for one attempt, its body included. */
  timeout?: number | undefined;
  /** Ends the run: nothing new is sent, reads under way end at once, and writes that were sent get a moment for their answer. */
  signal?: AbortSignal | undefined;
  /** Called for every attempt, for a log. */
  onExchange?: ((exchange: HttpExchange) => void) | undefined;
  /** Whether `onExchange` gets bodies too. */
  bodies?: boolean | undefined;
  userAgent?: string | undefined;
  /** Other waits than production's. */
  timing?: Partial<Timing> | undefined;
}

export const DEFAULT_TIMEOUT = 30_000;
