import type { World, WorldInput } from "../topology";
import type { EraName } from "./eras/eras";
import type { Quirks } from "./quirks";

export interface MesheryServerOptions {
  /** Default: a free one. */
  port?: number;
  /** Address to listen on. Default: 127.0.0.1. */
  host?: string | undefined;
  /** Names besides `host` and those of loopback by which it may be called. */
  allowedHosts?: readonly string[];
  /** Provider for those who choose none, as with `PROVIDER` of Meshery Server; a remote one is then the only one. */
  provider?: string | undefined;
  /** SQLite file that keeps everything but tokens. Default: in memory. */
  dataFile?: string | undefined;
  /** What the server holds at first. A data file that holds something already keeps that. */
  world?: World | WorldInput;
  /** Token of the administrator. Default: a random one. */
  token?: string | undefined;
  /** Wire form. Default: E3. */
  era?: EraName;
  /** Adds the routes below `/__admin`. */
  admin?: boolean;
  /** `true` for every quirk at once, `"by others"` for those of a third-party remote provider. Default: none. */
  quirks?: boolean | "by others" | Partial<Quirks> | undefined;
  /** Key of the user whose token `token` is. Default: the administrator. */
  as?: string | undefined;
  /** What happens to a second environment or workspace of one name. Default: allowed. */
  duplicateNames?: "allowed" | 403 | 409;
}
