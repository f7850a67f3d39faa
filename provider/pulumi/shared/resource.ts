import {
  type AnyResource,
  type Context,
  type Difference,
  differs,
  type EdgeEnd,
  type Field,
  type Fields,
  isInput,
  PartialError,
  ResourceError,
  type State,
  UNKNOWN,
  type Values,
} from "../../framework";
import { isByName, withRecordedEnds } from "../../run/edgeEnds";
import type { Lifecycle } from "../../run/lifecycle";
import { isAlwaysSet } from "./fields";
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
    const found = this.differences(state, this.withEnds(state, inputs, context), configured);
    if (found.length === 0) context?.run.markApplied(this.runType, state.id);
    if (replacing(found).length > 0) context?.run.planRemoval(this.runType, state.id);
    else this.announceRename(context, state, inputs);
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
    if (!live) return undefined;
    const named = (await this.lifecycle.definition.withLiveNames?.(context, live)) ?? live;
    return this.withWriteOnly(named, state);
  }

  async update(context: Context, state: State, inputs: Values): Promise<State> {
    const known = this.withEnds(state, inputs, context);
    // Engines ask for an update without a difference only where the last attempt was left unfinished.
    const unfinished = this.differences(state, known, context.configured).length === 0;
    const missing = unfinished && !(await this.lifecycle.read(context, state));
    const next = missing
      ? await this.complete(context, state, known)
      : await this.lifecycle.update(context, this.withWriteOnly(state, state, null), known);
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

  /** What the program names as before, or by a name that this run gives it, is what the state has there. */
  private withEnds(state: State, inputs: Values, context: Context | undefined): Values {
    return withRecordedEnds(this.lifecycle.ends, state, inputs, context?.run);
  }

  /** What refers to an object by its name hears of its new one, and stays with it. */
  private announceRename(context: Context | undefined, state: State, inputs: Values): void {
    const name = this.lifecycle.label(inputs);
    const isRenamed = name !== undefined && name !== this.lifecycle.label(state);
    if (isRenamed) context?.run.planRename(this.runType, state.id, name);
  }

  /**
   * Write-only values are compared too: in Pulumi, the engine keeps them, as secrets. An end that is given by a name of which nothing
   * tells that the recorded object has it is another end, also where the name is as before or not known yet.
   */
  private differences(state: State, inputs: Values, configured?: Values): Difference[] {
    const changed = this.writeOnly().filter(([name, field]) =>
      differs({ ...field, writeOnly: false }, state[name], inputs[name], state),
    );
    const written = changed.map(([field, { onChange = "update" }]): Difference => ({ field, change: onChange }));
    const found = this.lifecycle.diff(state, inputs, configured);
    const moved = this.lifecycle.ends.filter((end) => isMoved(end, inputs)).flatMap((end) => changedNames(end, found));
    const others = found.filter(({ field }) => !moved.includes(field));
    return [...others, ...moved.map((field): Difference => ({ field, change: "end" })), ...written];
  }

  /** @param none what stands for a value that the engine does not have, as after an import */
  private withWriteOnly(state: State, known: Values, none?: null): State {
    return { ...state, ...Object.fromEntries(this.writeOnly().map(([name]) => [name, known[name] ?? none])) };
  }

  private writeOnly(): [string, Field][] {
    return Object.entries(this.fields).filter(([, { writeOnly }]) => writeOnly);
  }
}

/** Whether an end may be another object by now; an unknown name may be, whatever id stands beside it. */
const isMoved = (end: EdgeEnd, inputs: Values): boolean =>
  isByName(end, inputs) || end.names.some((name) => inputs[name] === UNKNOWN);

function changedNames({ names }: EdgeEnd, found: readonly Difference[]): string[] {
  const changed = names.filter((name) => found.some(({ field }) => field === name));
  return changed.length > 0 ? changed : [names[0]];
}

/**
 * Whether this is a state that a provider returned, rather than what a program knows of an object it asks for: it has all that is
 * always there and something that only a provider knows. (Not all of it: an older version may have known less.)
 */
export function isWhole({ fields, ends }: AnyResource, values: Values): boolean {
  // The names of an edge's ends are not in every older state; that it has an organization, no program says.
  const names = new Set(ends?.flatMap((end) => end.names));
  const isPresent = ([name]: [string, Field]) => values[name] !== undefined;
  const inputs = Object.entries(fields).filter(
    ([name, field]) => isInput(field) && isAlwaysSet(field) && !names.has(name),
  );
  const outputs = Object.entries(fields).filter(([, field]) => !isInput(field));
  return inputs.every(isPresent) && (ends !== undefined || outputs.some(isPresent));
}

/** The fields that need a new object. */
export const replacing = (differences: readonly Difference[]): string[] =>
  differences.filter(({ change }) => change !== "update").map(({ field }) => field);
