import {
  type Context,
  type Difference,
  differs,
  type Field,
  type Fields,
  PartialError,
  ResourceError,
  type State,
  type Values,
} from "../../framework";
import type { Lifecycle } from "../../run/lifecycle";
import { metItself, withoutItsEdges } from "./hints";

/**
 * One type of resource as Pulumi's engine drives it, in plain values: what the dynamic provider and the plugin do alike. Each puts
 * its own form of properties, and its own way to report errors, around it.
 */
export class PulumiResource {
  constructor(readonly lifecycle: Lifecycle) {}

  get name(): string {
    return this.lifecycle.definition.name;
  }

  get fields(): Fields {
    return this.lifecycle.definition.fields;
  }

  /** Under what a run remembers it. */
  get runType(): string {
    return this.lifecycle.runType;
  }

  /**
   * What an update would change. Sends nothing.
   * @param context where this compares with the program, not with what the last run left: what stays as it is then counts as
   * applied by this run, so that no other record adopts or deletes it
   * @param configured what fields follow from, of the provider's configuration
   */
  diff(context: Context | undefined, state: State, inputs: Values, configured?: Values): Difference[] {
    const found = this.differences(state, inputs, configured);
    if (found.length === 0) context?.run.markApplied(this.runType, state.id);
    return found;
  }

  async create(context: Context, inputs: Values): Promise<State> {
    try {
      return this.withWriteOnly(await this.lifecycle.create(context, inputs), inputs);
    } catch (error) {
      throw metItself(error);
    }
  }

  /** The state as it is now; undefined where the object is gone. */
  async read(context: Context, state: State): Promise<State | undefined> {
    const live = await this.lifecycle.read(context, state);
    return live && this.withWriteOnly(live, state);
  }

  async update(context: Context, state: State, inputs: Values): Promise<State> {
    // Engines ask for an update without a difference only where the last attempt was left unfinished.
    const unfinished = this.differences(state, inputs, context.configured).length === 0;
    const missing = unfinished && !(await this.lifecycle.read(context, state));
    const next = missing
      ? await this.complete(context, state, inputs)
      : await this.lifecycle.update(context, state, inputs);
    return this.withWriteOnly(next, inputs);
  }

  delete(context: Context, state: State): Promise<void> {
    return this.lifecycle.delete(context, state).catch((error: unknown) => {
      throw withoutItsEdges(error);
    });
  }

  /**
   * What an earlier run left unfinished and the server does not show: an edge is made now, since it keeps its id.
   * @throws PartialError for an object, which would have another id
   */
  private complete(context: Context, state: State, inputs: Values): Promise<State> {
    if (this.lifecycle.edgeId(inputs) === state.id) {
      return this.lifecycle.create(context, { ...inputs, ...this.recorded(state, inputs) });
    }
    const reason = new ResourceError("unconfirmed", {
      resource: this.name,
      what: `${state.id} is in the state, but Meshery does not list it`,
      hint: "Run `pulumi refresh`, which drops it from the state, and then `pulumi up` to create it again.",
    });
    throw new PartialError(state.id, state, reason);
  }

  /** What the provider filled in at the creation and the program does not say now. */
  private recorded(state: State, inputs: Values): Values {
    const names = Object.keys(this.fields).filter((name) => this.fields[name]!.role === "recorded");
    return Object.fromEntries(names.map((name) => [name, inputs[name] ?? state[name]]));
  }

  /** Write-only values are compared too: in Pulumi, the engine keeps them, as secrets. */
  private differences(state: State, inputs: Values, configured?: Values): Difference[] {
    const changed = this.writeOnly().filter(([name, field]) =>
      differs({ ...field, writeOnly: false }, state[name], inputs[name], state),
    );
    const written = changed.map(([field, { onChange = "update" }]): Difference => ({ field, change: onChange }));
    return [...this.lifecycle.diff(state, inputs, configured), ...written];
  }

  private withWriteOnly(state: State, known: Values): State {
    return { ...state, ...Object.fromEntries(this.writeOnly().map(([name]) => [name, known[name] ?? undefined])) };
  }

  private writeOnly(): [string, Field][] {
    return Object.entries(this.fields).filter(([, { writeOnly }]) => writeOnly);
  }
}

/** The fields that need a new object. */
export const replacing = (differences: readonly Difference[]): string[] =>
  differences.filter(({ change }) => change !== "update").map(({ field }) => field);
