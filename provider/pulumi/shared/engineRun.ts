import { type Configuration, openSession, type Session } from "../../configuration";
import type { Warning } from "../../framework";
import { firstContact } from "../../resources/shared/firstContact";
import { type PeerFiles, peers } from "../../run/peers";
import { exchangeLog } from "./exchangeLog";

/** One run of the engine, as far as this process takes part in it. */
export interface EngineRun {
  session: Session;
  peers: PeerFiles | undefined;
}

export interface EngineRunOptions {
  userAgent: string;
  /** Where the engine listens; each of its runs has an address of its own. */
  engineAddress(): string | undefined;
  warn(warning: Warning): void;
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal;
}

/**
 * Opens a session for a run, with a memory of its own, and has Meshery asked once.
 * @throws ResourceError `organization`, and ApiError where nothing can come of it
 */
export async function openRun(configuration: Configuration, options: EngineRunOptions): Promise<EngineRun> {
  const { warn, engineAddress, ...others } = options;
  const runPeers = peers(engineAddress(), configuration.url);
  const log = exchangeLog(engineAddress, process.argv.slice(2));
  const session = openSession(configuration, { ...others, peers: runPeers, ...log });
  const warning = await firstContact(session.client, configuration);
  if (warning) warn(warning);
  return { session, peers: runPeers };
}
