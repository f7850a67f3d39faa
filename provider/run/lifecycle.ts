import {
  type AnyResource,
  type Context,
  type Difference,
  derivedValues,
  differences,
  type EdgeEnd,
  holdsUnknown,
  isInput,
  PartialError,
  type PlannedEnds,
  type Problem,
  ResourceError,
  type State,
  type Values,
  validate,
  type Warning,
} from "../framework";
import { areGiven, edgeIdOf, endsByState, isByName, namedPair } from "./edgeEnds";
import { identityKey, type RunState } from "./runState";
import { kept, written } from "./states";

declare module "../framework/context" {
  interface Context {
    run: RunState;
    /** Take over whatever has the name of what is to be created, for this one run. */
    adoptAll?: boolean;
    /** What values of fields follow from, of the provider's configuration; see `FieldOptions.derived`. */
    configured?: Values;
  }
}

/**
 * A resource as front doors drive it: the declaration's functions under the rules that hold for all of them. A run never
 * undoes its own work, and work on one object is queued.
 */
export class Lifecycle {
  constructor(readonly definition: AnyResource) {}

  /** Under what a run remembers what this manages: pairs by their relation, so that whoever declares one is known to all. */
  get runType(): string {
    return this.definition.relation ?? this.definition.name;
  }

  /** What people call it by; undefined for an edge, and where it is not known. */
  label(values: Values): string | undefined {
    const label = values[this.definition.identity.at(-1) ?? ""];
    return typeof label === "string" ? label : undefined;
  }

  /** What messages call it: `Environment "production"`. */
  inWords(values: Values): string {
    const { name, inWords } = this.definition;
    const label = this.label(values);
    if (label !== undefined) return `${name} "${label}"`;
    if (typeof values.id !== "string" && !areGiven(this.ends, values)) return name;
    return `${name} ${inWords?.(values) ?? String(values.id)}`;
  }

  /** What is wrong with the inputs, as far as they are known. Sends nothing. */
  validate(inputs: Values): Problem[] {
    return validate(this.definition, this.definition.name, inputs);
  }

  /** What an update would change; `configured` is that of `Context`. Sends nothing. */
  diff(state: Values, inputs: Values, configured: Values = {}): Difference[] {
    return differences(this.definition.fields, state, inputs, configured);
  }

  /** Whether a create of these inputs takes over what exists under their identity. */
  mayAdopt(inputs: Values, adoptAll: boolean): boolean {
    return this.definition.identity.length > 0 && (inputs.adopt === true || adoptAll);
  }

  /**
   * The key of the identity that these inputs ask for; `recorded` gives what they leave out. Undefined for an edge, and where what
   * people call it by is not known yet.
   */
  targetIdentity(inputs: Values, recorded: Values = {}): string | undefined {
    if (this.label(inputs) === undefined) return undefined;
    return identityKey(this.definition.identity.map((field) => inputs[field] ?? recorded[field]));
  }

  /** The keys under which a program may have declared what this state stands for. */
  identities(state: State): string[] {
    const { identity, fields } = this.definition;
    if (identity.length === 0) return [state.id];
    // A program may leave out what the provider records.
    const leftOut = identity.map((field) => (fields[field]!.role === "recorded" ? undefined : state[field]));
    return [state.id, identityKey(leftOut), identityKey(identity.map((field) => state[field]))];
  }

  /** The ends of an edge; none of an object. */
  get ends(): readonly EdgeEnd[] {
    return this.definition.ends ?? [];
  }

  /**
   * Which objects a plan takes the ends of an edge to be, for those that the program gives by name: ids, or `UNKNOWN`. Nothing for an
   * object. Only reads, from shared lists.
   * @param context undefined where Meshery cannot be asked: the state is then believed
   */
  async plannedEnds(
    context: Context | undefined,
    inputs: Values,
    state: State | undefined,
    run: RunState | undefined,
  ): Promise<PlannedEnds> {
    if (context && this.definition.plannedEnds) return this.definition.plannedEnds(context, inputs, state);
    return { ids: endsByState(this.ends, inputs, state, run), notices: [] };
  }

  /** Id of the object that a create would take over; undefined where there is none, or it is not known yet. Only reads. */
  async adoptable(context: Context, inputs: Values): Promise<string | undefined> {
    if (!this.mayAdopt(inputs, context.adoptAll ?? false) || this.label(inputs) === undefined) return undefined;
    if (this.definition.identity.some((field) => holdsUnknown(inputs[field]))) return undefined;
    return this.definition.adoptable?.(context, this.cleaned(inputs, context.configured));
  }

  /**
   * What a plan can show of something that is not made yet, beside its inputs: the names of an edge's ends, where its ids are
   * known. Only reads, from shared lists; nothing where Meshery cannot be asked yet.
   */
  async plannedOutputs(context: Context, inputs: Values): Promise<Values> {
    if (!this.definition.plannedOutputs) return {};
    return this.definition.plannedOutputs(context, this.known(context, inputs)).catch(() => ({}));
  }

  /**
   * What a plan shows of a create: what exists already and becomes the program's, and what changes by it. Only reads, from
   * shared lists; nothing where Meshery cannot be asked yet.
   * @throws ResourceError `organization` where the organization is none that the token sees
   */
  async plannedNotices(context: Context, inputs: Values): Promise<Warning[]> {
    return (this.definition.plannedNotices?.(context, this.known(context, inputs)) ?? Promise.resolve([])).catch(
      (error: unknown) => {
        if (error instanceof ResourceError && error.code === "organization") throw error;
        return [];
      },
    );
  }

  /** What a plan shows of a change beside what changes. Only reads; nothing where Meshery cannot be asked yet. */
  async changeNotices(context: Context, state: State, inputs: Values): Promise<Warning[]> {
    if (!this.definition.changeNotices) return [];
    return this.definition.changeNotices(context, state, this.known(context, inputs)).catch(() => []);
  }

  create(context: Context, inputs: Values): Promise<State> {
    return this.withIds(context, inputs, undefined, (known) => this.createKnown(context, known));
  }

  private async createKnown(context: Context, known: Values): Promise<State> {
    const create = async () => {
      const state = await this.definition.create(context, await this.located(context, known, undefined));
      context.run.markApplied(this.runType, state.id);
      return written(this.definition.fields, state, known);
    };
    const key = this.key(known);
    if (key === undefined) return this.recorded(context, undefined, create);
    return context.run.queue(this.runType, key, () => this.recorded(context, this.edgeId(known), create));
  }

  /** Work on the inputs with the ids of an edge's ends. Where these are known, it waits its turn without asking anything before. */
  private withIds<T>(
    context: Context,
    inputs: Values,
    state: State | undefined,
    work: (known: Values) => Promise<T>,
  ): Promise<T> {
    const known = this.cleaned(inputs, context.configured, state);
    const byName = this.ends.some((end) => isByName(end, known));
    return byName ? this.located(context, known, state).then(work) : work(known);
  }

  /** The same, with ids and names that stand side by side confirmed. What waited for an edge that cannot be made waits no longer. */
  private async located(context: Context, known: Values, state: State | undefined): Promise<Values> {
    if (!this.definition.locate) return known;
    return this.definition.locate(context, known, state).catch((error: unknown) => {
      const named = namedPair(this.ends, known, context.run);
      if (named !== undefined) context.run.declareFailed(this.runType, named);
      throw error;
    });
  }

  /**
   * Does what makes something. The engine remembers what was made, whole or not; where an edge could not be made, it protects no
   * older record any more, and a removal that waited for it is done.
   */
  private async recorded<T>(context: Context, edge: string | undefined, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PartialError)) {
        if (edge !== undefined) await this.removePostponed(context, edge);
        throw error;
      }
      if (edge !== undefined) context.run.markApplied(this.runType, error.id);
      throw new PartialError(error.id, kept(this.definition.fields, error.state), error.reason);
    }
  }

  private async removePostponed(context: Context, edge: string): Promise<void> {
    const { run } = context;
    run.declareFailed(this.runType, edge);
    const removal = run.takePostponedDeletion(this.runType, edge);
    // The end of the run tries once more; what the user is shown is why the edge could not be made.
    await removal?.(context).catch(() => run.postponeDeletion(this.runType, edge, removal));
  }

  /** The state as it is now; undefined where absence is proved. */
  async read(context: Context, state: State): Promise<State | undefined> {
    const live = await this.definition.read(context, state);
    return live && kept(this.definition.fields, live);
  }

  update(context: Context, state: State, inputs: Values): Promise<State> {
    return this.withIds(context, inputs, state, (known) => this.updateKnown(context, state, known));
  }

  private async updateKnown(context: Context, state: State, known: Values): Promise<State> {
    const update = async () => {
      const next = await this.definition.update(context, state, await this.located(context, known, state));
      context.run.markApplied(this.runType, next.id);
      return written(this.definition.fields, next, known, state);
    };
    const edge = this.edgeId(known);
    return context.run.queue(this.runType, state.id, () =>
      this.recorded(context, edge === state.id ? undefined : edge, update),
    );
  }

  async delete(context: Context, state: State): Promise<void> {
    return context.run.queue(this.runType, state.id, async () => {
      if (context.run.wasDeletedEarly(this.runType, state.id)) return;
      const named = namedPair(this.ends, state, context.run);
      const keys = [...this.identities(state), ...(this.ends.length > 0 && named !== undefined ? [named] : [])];
      if (keys.some((key) => context.run.isProtected(this.runType, key))) {
        if (this.definition.ends)
          context.run.postponeDeletion(this.runType, state.id, (later) => this.definition.delete(later, state));
        context.warn({
          summary: `${this.inWords(state)} was kept`,
          detail:
            "It is declared elsewhere in this program, so only this record of it was dropped. If it was renamed in the program, say so next time: an alias (Pulumi: `aliases`) or a `moved` block (Terraform) makes the rename visible to the engine.",
        });
        return;
      }
      try {
        await this.definition.delete(context, state);
        context.run.recordDeletion(this.runType, state.id, state.adopted === true ? "stays" : "gone");
      } catch (error) {
        context.run.recordDeletion(this.runType, state.id, "stays");
        throw error;
      }
    });
  }

  async import(context: Context, importId: string): Promise<State> {
    return kept(this.definition.fields, await this.definition.import(context, importId.trim()));
  }

  /** For an edge: the id that these ends have; undefined where an end is not known. */
  edgeId(values: Values): string | undefined {
    return edgeIdOf(this.definition.ends, values);
  }

  private key(inputs: Values): string | undefined {
    const label = this.label(inputs);
    return this.edgeId(inputs) ?? (label === undefined ? undefined : `named ${label}`);
  }

  /** The inputs that are known already. */
  private known({ configured }: Context, inputs: Values): Values {
    return Object.fromEntries(
      Object.entries(this.cleaned(inputs, configured)).filter(([, value]) => !holdsUnknown(value)),
    );
  }

  /** Left-out inputs as undefined, what follows from them, and nothing else. */
  private cleaned(inputs: Values, configured: Values = {}, state?: Values): Values {
    const { fields } = this.definition;
    const written = Object.entries(fields)
      .filter(([, field]) => isInput(field))
      .map(([name]) => [name, inputs[name] ?? undefined]);
    return { ...Object.fromEntries(written), ...derivedValues(fields, inputs, configured, state) };
  }
}
