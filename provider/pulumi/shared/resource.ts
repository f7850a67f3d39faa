import {
  type Context,
  type Difference,
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
   */
  diff(context: Context | undefined, state: State, inputs: Values): Difference[] {
    const found = this.lifecycle.diff(state, inputs);
    if (found.length === 0) context?.run.markApplied(this.runType, state.id);
    return found;
  }

  create(context: Context, inputs: Values): Promise<State> {
    return this.lifecycle.create(context, inputs).catch((error: unknown) => {
      throw metItself(error);
    });
  }

  async update(context: Context, state: State, inputs: Values): Promise<State> {
    // Engines ask for an update without a difference only where the last attempt was left unfinished.
    const unfinished = this.lifecycle.diff(state, inputs).length === 0;
    if (unfinished && !(await this.lifecycle.read(context, state))) return this.complete(context, state, inputs);
    return this.lifecycle.update(context, state, inputs);
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
}

/** The fields that need a new object. */
export const replacing = (differences: readonly Difference[]): string[] =>
  differences.filter(({ change }) => change !== "update").map(({ field }) => field);
