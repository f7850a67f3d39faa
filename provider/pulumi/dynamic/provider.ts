import type { dynamic } from "@pulumi/pulumi";
import { type Context, isInput, PartialError, type State, type Values } from "../../framework";
import type { Lifecycle } from "../../run/lifecycle";
import { engineAddressIn } from "../shared/engineAddress";
import { watchEngine } from "../shared/engineWatch";
import { isComputed } from "../shared/fields";
import { isWhole, PulumiResource, replacing } from "../shared/resource";
import { fromEngineObject, toEngineObject } from "../shared/values";
import { HostPartialError, hostError, warnOnHost } from "./failure";
import type { OpenConfiguration, Sessions } from "./sessions";

type Properties = Record<string, unknown>;

/** Pulumi's host goes on when its engine was killed, and with it what a provider is at. */
let endWithEngine = (): void => {
  endWithEngine = () => undefined;
  const address = engineAddressIn(process.argv.slice(2));
  if (address !== undefined) watchEngine(address, () => process.exit(1));
};

/** The property in which the engine keeps the line of code that leads to this provider. */
const PROVIDER = "__provider";

/**
 * One resource as Pulumi's dynamic host drives it. The host knows neither names nor types of resources; everything follows from
 * the declaration.
 */
export class DynamicProvider implements dynamic.ResourceProvider {
  private readonly resource: PulumiResource;
  private configuration?: OpenConfiguration;

  constructor(
    private readonly lifecycle: Lifecycle,
    private readonly sessions: Sessions,
  ) {
    this.resource = new PulumiResource(lifecycle);
  }

  /** Never fails: the host has handed the provider out by then, and what follows would run without a configuration. */
  async configure({ config }: dynamic.ConfigureRequest): Promise<void> {
    this.configuration = this.sessions.configure(this.lifecycle.definition.name, config);
  }

  async check(_olds: Properties, news: Properties): Promise<dynamic.CheckResult> {
    return this.run(async () => {
      const problems = this.lifecycle.validate(read(news));
      if (problems.length === 0) this.opened().sawChecked(asText(news));
      return {
        inputs: news,
        failures: problems.map(({ field, message }) => ({ property: field, reason: message })),
      };
    });
  }

  async diff(id: string, olds: Properties, news: Properties): Promise<dynamic.DiffResult> {
    return this.run(async (context) => {
      const ofProgram = this.opened().isOfProgram(asText(news));
      const found = this.resource.diff(
        ofProgram ? context : undefined,
        { ...read(olds), id },
        read(news),
        context.configured,
      );
      // New first, then the old one: an edge whose other end changes is never missing in between.
      return { changes: found.length > 0, replaces: replacing(found), deleteBeforeReplace: false };
    });
  }

  async create(inputs: Properties): Promise<dynamic.CreateResult> {
    return this.run(async (context) => {
      const state = await this.resource.create(context, read(inputs));
      return { id: state.id, outs: outputs(state) };
    }, inputs);
  }

  async read(id: string, props: Properties = {}): Promise<dynamic.ReadResult> {
    return this.run(async (context) => {
      const known = read(props);
      // `get` hands over at most what the program wrote, a refresh all that was computed. What is not there is an error for the
      // one, and gone for the other.
      if (!isWhole(this.lifecycle.definition, known)) {
        const state = await this.lifecycle.import(context, id);
        return { id: state.id, props: outputs(state) };
      }
      const state = await this.resource.read(context, { ...known, id });
      if (!state) return {};
      return { id: state.id, props: outputs(state), inputs: this.inputsOf(state) };
    });
  }

  async update(id: string, olds: Properties, news: Properties): Promise<dynamic.UpdateResult> {
    return this.run(async (context) => {
      return { outs: outputs(await this.resource.update(context, { ...read(olds), id }, read(news))) };
    }, news);
  }

  async delete(id: string, props: Properties): Promise<void> {
    return this.run((context) => this.resource.delete(context, { ...read(props), id }));
  }

  /**
   * The inputs that a program would write for this state. The host hands over outputs only, so defaults cannot be told apart, nor
   * whether the ends of an edge are given by id or by name: both stand, since the engine looks there for what depends on what.
   */
  private inputsOf(state: Values): Properties {
    const ends = this.lifecycle.ends.flatMap(({ id, names }) => [id, ...names]);
    const written = Object.entries(this.resource.fields).filter(
      ([name, field]) =>
        ends.includes(name) || (isInput(field) && !isComputed(field) && state[name] !== field.defaultValue),
    );
    return toEngineObject(Object.fromEntries(written.map(([name]) => [name, state[name] ?? undefined])));
  }

  private opened(): OpenConfiguration {
    endWithEngine();
    // Hosts before 3.139 know no configure: the environment is all there is then.
    this.configuration ??= this.sessions.configure(this.lifecycle.definition.name, undefined);
    return this.configuration;
  }

  /** Runs one operation; its errors come out as the host passes them on. `given` is what the engine will remember. */
  private async run<T>(operation: (context: Context) => Promise<T>, given?: Properties): Promise<T> {
    try {
      const session = await this.opened().session();
      return await operation(session.context(warnOnHost));
    } catch (error) {
      const shown = hostError(error instanceof PartialError ? error.reason : error);
      if (!(error instanceof PartialError) || !given) throw shown;
      const { id, state } = error;
      const properties = { ...outputs({ ...state, id }), [PROVIDER]: given[PROVIDER] };
      throw new HostPartialError(shown, id, properties, [shown.message]);
    }
  }
}

/** Properties of the engine without the line of code among them. */
function read(properties: Properties): Values {
  const { [PROVIDER]: _, ...values } = fromEngineObject(properties);
  return values;
}

/** A state as the engine remembers it; the id stands beside it. */
function outputs({ id: _, ...values }: State): Properties {
  return toEngineObject(values);
}

/** The same text for the same properties, in whatever order their keys came. */
function asText(properties: Properties): string {
  return JSON.stringify(properties, (_, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
