import type { Warning } from "./errors";
import type { Memory } from "./memory";

/** What a resource's functions get besides their values. `Client` talks to the service the resources live on. */
export interface Context<Client> {
  client: Client;
  memory: Memory;
  /** The organization of the provider's configuration, used where a resource names none. */
  organizationId?: string | undefined;
  /** Where that came from, in words for an error message. */
  organizationOrigin?: string | undefined;
  /** Take over whatever has the name of what is to be created, for this one run. */
  adoptAll?: boolean;
  /** Told to the user beside the result. */
  warn(warning: Warning): void;
  signal?: AbortSignal | undefined;
}
