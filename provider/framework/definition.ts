import type { Context } from "./context";
import type { Problem, Warning } from "./errors";
import type { Fields, InputsOf, StateOf } from "./fields";

/**
 * What a resource is: its fields, and the functions that differ from resource to resource. Everything else (schemas, classes,
 * documentation, diffs, validation, import) is derived from this.
 */
export interface ResourceDefinition<F extends Fields> {
  /** `Environment`; front doors derive `meshery_environment`, `meshery:index:Environment`. */
  name: string;
  /** Markdown; the first sentence stands alone. */
  description: string;
  fields: F;
  /**
   * The fields that together say which object it is where its id is not known: no two may agree in all of them. The last one
   * is what people call it by. Empty for an edge, which its ends identify.
   */
  identity: readonly (keyof F & string)[];
  /** For an edge: what kind of pair it is. A run remembers pairs by it, whichever resource declares them. */
  relation?: string;
  /** For an edge: what it joins. The ids of both, joined by "/", are its id. */
  ends?: readonly [EdgeEnd, EdgeEnd];
  /** What `import` takes, for documentation: `<id>`, `<organizationId>/<id>`, `name:<exact name>`. */
  importForms: readonly { form: string; example: string }[];
  /** What messages call it behind the name of its kind; left out: what people call it by, else its id. */
  inWords?(values: Values): string;
  /** Rules across fields. Gets fields left out as undefined and never an unknown. */
  check?(inputs: Partial<InputsOf<F>>): Problem[];
  /** Id of what `create` would take over, for inputs that allow it. Only reads. */
  adoptable?(context: Context, inputs: InputsOf<F>): Promise<string | undefined>;
  /**
   * For an edge: which objects a plan takes the names at its ends to mean. `inputs` may hold unknowns. Only reads.
   * @throws ResourceError `ambiguous` where several objects have a name, `invalid-input` where an id and a name contradict
   */
  plannedEnds?(context: Context, inputs: Values, state: State | undefined): Promise<PlannedEnds>;
  /**
   * For an edge: the inputs with the ids of both ends, those that are given by name looked up. `state` is what it is now.
   * @throws ResourceError `missing` or `ambiguous`
   */
  locate?(context: Context, inputs: Values, state: State | undefined): Promise<Values>;
  /** For an edge: a refreshed state whose names show where the name of an end has become another object's. Only reads. */
  withLiveNames?(context: Context, state: State): Promise<State>;
  /** Outputs that are known before a create, for inputs that are all known. Only reads; leaves out what it cannot know. */
  plannedOutputs?(context: Context, inputs: InputsOf<F>): Promise<Partial<StateOf<F>>>;
  /**
   * What a plan shows of a create before it happens: what exists already and what becomes of it. `inputs` lack what is not
   * known yet. Only reads shared lists.
   * @throws ResourceError `organization` where the organization is none that the token sees
   */
  plannedNotices?(context: Context, inputs: Partial<InputsOf<F>>): Promise<Warning[]>;
  /** What a plan shows of a change beside what changes. `inputs` lack what is not known yet. Only reads shared lists. */
  changeNotices?(context: Context, state: StateOf<F>, inputs: Partial<InputsOf<F>>): Promise<Warning[]>;
  /** Makes it, or finds it right. Looks before it writes, and after. */
  create(context: Context, inputs: InputsOf<F>): Promise<StateOf<F>>;
  /** What the server holds now, in the words of `state` where they mean the same; undefined only where absence is proved. */
  read(context: Context, state: StateOf<F>): Promise<StateOf<F> | undefined>;
  /** Brings it from `state` to `inputs`; only called for changes that do not replace. */
  update(context: Context, state: StateOf<F>, inputs: InputsOf<F>): Promise<StateOf<F>>;
  /** Removes it; one that is gone already is a success. */
  delete(context: Context, state: StateOf<F>): Promise<void>;
  /** State for an import id. Throws `ResourceError` `missing` or `ambiguous`. */
  import(context: Context, importId: string): Promise<StateOf<F>>;
}

/** A definition whose fields are not known to the type checker: what front doors work with. */
export interface AnyResource {
  name: string;
  description: string;
  fields: Fields;
  identity: readonly string[];
  relation?: string;
  ends?: readonly [EdgeEnd, EdgeEnd];
  importForms: readonly { form: string; example: string }[];
  inWords?(values: Values): string;
  check?(inputs: Values): Problem[];
  adoptable?(context: Context, inputs: Values): Promise<string | undefined>;
  plannedEnds?(context: Context, inputs: Values, state: State | undefined): Promise<PlannedEnds>;
  locate?(context: Context, inputs: Values, state: State | undefined): Promise<Values>;
  withLiveNames?(context: Context, state: State): Promise<State>;
  plannedOutputs?(context: Context, inputs: Values): Promise<Values>;
  plannedNotices?(context: Context, inputs: Values): Promise<Warning[]>;
  changeNotices?(context: Context, state: State, inputs: Values): Promise<Warning[]>;
  create(context: Context, inputs: Values): Promise<State>;
  read(context: Context, state: State): Promise<State | undefined>;
  update(context: Context, state: State, inputs: Values): Promise<State>;
  delete(context: Context, state: State): Promise<void>;
  import(context: Context, importId: string): Promise<State>;
}

/** One of the two objects that an edge joins. A program gives it by its id, by its name, or by both where they agree. */
export interface EdgeEnd {
  /** The resource of that object: `Environment`. */
  resource: string;
  /** The field that holds its id: `environmentId`. */
  id: string;
  /** The fields that name it instead: `connectionName`, and what says more where that is not the only one of its name. */
  names: readonly [string, ...string[]];
}

/** What a plan knows of the objects at the ends of an edge. */
export interface PlannedEnds {
  /** By the field of the id: the id, or `UNKNOWN` where only the apply will know. */
  ids: Values;
  notices: Warning[];
}

export interface AnyLookup {
  name: string;
  description: string;
  fields: Fields;
  check?(inputs: Values): Problem[];
  read(context: Context, inputs: Values): Promise<Values>;
}
export type Values = Record<string, unknown>;
export type State = Values & { id: string };
