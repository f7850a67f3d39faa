import {
  CONFIGURATION_KEYS,
  type Configuration,
  type ConfigurationKey,
  type ConfigurationValues,
  configurationError,
  homeFolder,
  resolveConfiguration,
  type Session,
} from "../../configuration";
import { ARGUMENTS_KEY, configurationValues, stackKey } from "../shared/configuration";
import { engineAddressIn } from "../shared/engineAddress";
import { type EngineRun, openRun } from "../shared/engineRun";
import { HostError, hostError, warnOnHost } from "./failure";

declare const VERSION: string;

/** How a dynamic provider asks for a value of the stack's configuration, or of an explicit provider's arguments. */
export interface ConfigReader {
  get(key: string): unknown;
}

/** What one configuration stands for in this process: its session, and what of the program was seen under it. */
export class OpenConfiguration {
  private opened?: Promise<Session>;
  private failed = false;
  private run?: EngineRun;
  /** Inputs that a check saw and no diff has compared yet, as text; how many of each. */
  private readonly checked = new Map<string, number>();

  constructor(private readonly resolve: () => Promise<Configuration>) {}

  /**
   * The session, opened by the first who asks, who has Meshery asked once.
   * @throws HostError to everyone who asks, where it cannot be opened; what Meshery answered is shown in full to one of them, and in
   * a line to the others
   */
  async session(): Promise<Session> {
    this.opened ??= this.open();
    try {
      return await this.opened;
    } catch (error) {
      const shown = hostError(error);
      if (!this.failed || shown.code === "configuration") {
        this.failed = true;
        throw shown;
      }
      const { code, summary } = shown;
      throw new HostError(code, summary, `${summary}: nothing was begun; another of these errors says more. [${code}]`);
    }
  }

  private async open(): Promise<Session> {
    this.run = await openRun(await this.resolve(), {
      userAgent: `meshery-iac/${VERSION} (pulumi dynamic)`,
      engineAddress: () => engineAddressIn(process.argv.slice(2)),
      env: process.env,
      warn: warnOnHost,
    });
    return this.run.session;
  }

  /** Nobody goes on with it. */
  end(): void {
    this.run?.peers?.end();
  }

  /** Remembers inputs that stand in the program. */
  sawChecked(inputs: string): void {
    this.checked.set(inputs, (this.checked.get(inputs) ?? 0) + 1);
  }

  /**
   * Whether a diff of these inputs is about the program. A refresh compares too, but what the last run left, without a check
   * before it: such a comparison says nothing about what the program declares now.
   */
  isOfProgram(inputs: string): boolean {
    const count = this.checked.get(inputs) ?? 0;
    if (count > 0) this.checked.set(inputs, count - 1);
    return count > 0;
  }
}

/**
 * The sessions of one process of the dynamic host. The host configures each type of resource by itself, the first time it
 * meets it: types that are given the same configuration share one session, so that edges and environments share lists and
 * one memory of what the run has done. A type that is configured again begins a new run.
 */
export class Sessions {
  private readonly open = new Map<string, { configuration: OpenConfiguration; types: Set<string> }>();

  /** Reads everything before it returns: the host hands a provider out while `configure` still waits for something. */
  configure(type: string, config: ConfigReader | undefined): OpenConfiguration {
    const read = (key: ConfigurationKey) => config?.get(stackKey(key));
    const { values, problems } = configurationValues(read);
    const given = new Set(String(config?.get(ARGUMENTS_KEY) ?? "").split(","));
    const key = JSON.stringify([values, problems, [...given]]);
    let entry = this.open.get(key);
    if (!entry || entry.types.has(type)) {
      entry?.configuration.end();
      entry = { configuration: new OpenConfiguration(() => resolved(values, problems, given)), types: new Set() };
      this.open.set(key, entry);
    }
    entry.types.add(type);
    return entry.configuration;
  }
}

async function resolved(
  values: ConfigurationValues,
  problems: ReturnType<typeof configurationValues>["problems"],
  given: ReadonlySet<string>,
): Promise<Configuration> {
  const problem = problems[0];
  if (problem) {
    throw configurationError(problem, given.has(problem.field) ? "the MesheryProvider" : "the stack configuration");
  }
  const part = (wanted: boolean): ConfigurationValues =>
    Object.fromEntries(
      CONFIGURATION_KEYS.filter((key) => given.has(key) === wanted && values[key] !== undefined).map((key) => [
        key,
        values[key],
      ]),
    );
  return resolveConfiguration({
    explicit: part(true),
    explicitOrigin: "the MesheryProvider",
    stack: part(false),
    stackOrigin: "the stack configuration (pulumi config)",
    env: process.env,
    home: homeFolder(),
  });
}
