import { type Timing, timingWith } from "../../client";
import {
  adoptAll,
  type Configuration,
  type ConfigurationValues,
  derivedFrom,
  homeFolder,
  openSession,
  resolveConfiguration,
  type Session,
} from "../../configuration";
import { holdsUnknown, ResourceError, type Values, type Warning } from "../../framework";
import { firstContact } from "../../resources/shared/firstContact";
import type { RunState } from "../../run/runState";
import { exchangeLog } from "./exchangeLog";

/** The one configured session of this process; engines configure once, before anything that talks to Meshery. */
export class Sessions {
  private session: Session | undefined;
  private unknown: string[] = [];
  /** What fields follow from, of the provider block; also where that is not known as a whole. */
  derivedFrom: Values = {};
  private readonly stopping = new AbortController();
  /** Whether Meshery answered: what a plan can do without is only read then. */
  answers = false;
  /** Whether everything of the name of something new may be taken over in this run. */
  readonly adoptAll: boolean;
  /** How long this process waits for what it cannot know. */
  readonly timing: Timing;

  constructor(
    private readonly env: NodeJS.ProcessEnv,
    private readonly version: string,
    timing?: Partial<Timing>,
  ) {
    this.timing = timingWith(timing);
    this.adoptAll = adoptAll(env);
  }

  /**
   * Gives a warning where Meshery does not answer.
   * @throws ResourceError `configuration` and what `firstContact` throws
   */
  async configure(values: Values): Promise<Warning | undefined> {
    this.session = undefined;
    this.answers = false;
    this.derivedFrom = derivedFrom(values as ConfigurationValues);
    // What only resources follow from keeps nobody from asking Meshery.
    const connecting = Object.entries(values).filter(
      ([key, value]) => !(key in this.derivedFrom && holdsUnknown(value)),
    );
    this.unknown = connecting.flatMap(([key, value]) => (holdsUnknown(value) ? [key] : []));
    if (this.unknown.length > 0) return undefined;
    const configuration = await resolveConfiguration({
      explicit: Object.fromEntries(connecting) as ConfigurationValues,
      explicitOrigin: "the provider block",
      env: this.env,
      home: homeFolder(),
    });
    this.session = this.open(configuration, this.stopping.signal);
    const warning = await firstContact(this.session.client, configuration);
    this.answers = warning === undefined;
    return warning;
  }

  private open(configuration: Configuration, signal?: AbortSignal): Session {
    return openSession(configuration, {
      ...(signal && { signal }),
      userAgent: `terraform-provider-meshery/${this.version}`,
      env: this.env,
      timing: this.timing,
      ...exchangeLog(),
    });
  }

  /**
   * Removes the edges that were kept because the plan declares them elsewhere, and that were not recorded there: no state knows of
   * them any more. Also after a stop, which ends everything else.
   */
  async removePostponed(): Promise<void> {
    const removals = this.run?.takeAllPostponedDeletions() ?? [];
    if (removals.length === 0 || !this.session) return;
    const { context } = this.open({ ...this.session.configuration, timeout: this.timing.lastRequest / 1000 });
    const silent = context(() => undefined);
    await Promise.all(removals.map((remove) => remove(silent)));
  }

  /** What a resource's functions get. Throws `ResourceError` where the provider cannot be used yet. */
  context(warn: (warning: Warning) => void) {
    if (this.session) return this.session.context(warn);
    const unknown = this.unknown.length > 0;
    throw new ResourceError("configuration", {
      resource: "provider",
      ...(unknown ? { field: this.unknown[0]! } : {}),
      what: unknown ? `${this.unknown.join(", ")} is known only after apply` : "the provider is not configured",
      hint: unknown
        ? "What this needs from Meshery cannot be read before that. Give the provider values that are known at plan, or apply what they depend on first (-target)."
        : "The engine did not configure it; this is not the program's fault.",
    });
  }

  /** What this run remembers, once there is a session. */
  get run(): RunState | undefined {
    return this.session?.context(() => undefined).run;
  }

  /** Lets what is under way finish, and ends the waiting between tries. */
  stop(): void {
    this.stopping.abort();
  }
}
