import type { Context } from "../../framework";
import {
  derivedValues,
  differs,
  type Field,
  isInput,
  PartialError,
  type Problem,
  ResourceError,
  type State,
  sameValue,
  UNKNOWN,
  type Values,
  type Warning,
} from "../../framework";
import type { Lifecycle } from "../../run/lifecycle";
import { isComputed, isRequired, isSecret, scopeOf } from "../shared/fields";
import { isWhole, PulumiResource } from "../shared/resource";
import {
  alsoIn,
  type Decoded,
  decode,
  encode,
  joined,
  NO_SECRETS,
  type Properties,
  type Secrets,
  secret,
  secretFields,
  without,
} from "./codec";
import { type Diff, describeDiff, fieldsOf, inputsOf } from "./diff";
import { Unfinished } from "./explanation";

/** The old state and inputs of a resource as the engine remembers them. */
export interface Remembered {
  id: string;
  outputs: Properties | undefined;
  inputs: Properties | undefined;
}

export interface ReadAnswer {
  id: string;
  outputs: Properties;
  inputs: Properties;
}

/** One type of resource behind the engine's requests: properties in, properties out. */
export class PluginResource {
  private readonly resource: PulumiResource;
  private readonly secretFields: Secrets;

  constructor(private readonly lifecycle: Lifecycle) {
    this.resource = new PulumiResource(lifecycle);
    this.secretFields = secretFields(Object.keys(this.fields).filter((name) => isSecret(this.fields[name]!)));
  }

  /** Under what a run remembers it. */
  get runType(): string {
    return this.resource.runType;
  }

  /**
   * Validates inputs and gives them back as they were written, with what follows from them: an engine shows changes of inputs.
   * Sends nothing.
   */
  check(news: Properties, configured: Values = {}): { inputs: Properties; failures: Problem[] } {
    const { values, problems, secrets } = decode(news);
    const failures = [...problems, ...this.lifecycle.validate(values)];
    const marked = Object.entries(news).map(([name, value]): [string, unknown] => {
      const field = this.fields[name];
      return [name, field && isSecret(field) && value !== null ? secret(value) : value];
    });
    const derived = failures.length > 0 ? {} : derivedValues(this.fields, values, configured, undefined);
    return { inputs: { ...Object.fromEntries(marked), ...this.encoded(derived, secrets) }, failures };
  }

  /**
   * What an update would change. Sends nothing.
   * @param context where this compares with the program, not with what a refresh found: an object that stays as it is is then
   * known to be declared, so that no other record adopts or deletes it
   * @param configured what fields follow from, of the provider's configuration
   */
  diff(context: Context | undefined, old: Remembered, news: Properties, configured: Values = {}): Diff {
    const state = this.stateOf(old);
    const inputs = decode(news).values;
    context?.run.markInState(this.runType, old.id);
    const differences = this.resource.diff(context, state, inputs, configured);
    return describeDiff(this.lifecycle.definition, differences, {
      state,
      oldInputs: decode(old.inputs).values,
      inputs: { ...inputs, ...derivedValues(this.fields, inputs, configured, state) },
    });
  }

  /** What a preview shows of a create: what exists already and becomes the program's, and what changes by it. Only reads. */
  plannedNotices(context: Context, news: Properties): Promise<Warning[]> {
    return this.lifecycle.plannedNotices(context, decode(news).values);
  }

  /** What a preview shows of an update beside what changes. Only reads. */
  changeNotices(context: Context, old: Remembered, news: Properties): Promise<Warning[]> {
    return this.lifecycle.changeNotices(context, this.stateOf(old), decode(news).values);
  }

  /**
   * What a create will give, as far as it is known before. Reads shared lists only.
   * @param configured the provider's configuration, which fills in fields of the same name
   */
  async previewCreate(context: Context | undefined, configured: Values, news: Properties): Promise<Properties> {
    const { values, secrets } = decode(news);
    const expected: Values = {};
    for (const [name, field] of Object.entries(this.fields)) {
      if (!isInput(field)) continue;
      if (values[name] !== undefined && values[name] !== null) expected[name] = values[name];
      else if (field.defaultValue !== undefined) expected[name] = field.defaultValue;
      else if (isComputed(field) && configured[name] !== undefined) expected[name] = configured[name];
    }
    const label = this.lifecycle.label(values);
    if (label !== undefined) context?.run.planCreate(this.runType, label, values);
    const { ids, notices } = await this.lifecycle.plannedEnds(context, values, undefined, context?.run);
    for (const notice of notices) context?.warn(notice);
    const ends = Object.fromEntries(Object.entries(ids).filter(([, id]) => id !== UNKNOWN));
    const planned = context ? await this.lifecycle.plannedOutputs(context, { ...values, ...ends }) : {};
    const derived = derivedValues(this.fields, values, context?.configured ?? {}, undefined);
    return this.encoded({ ...fieldsOf(this.fields, planned), ...expected, ...derived, ...ends }, secrets);
  }

  /** @throws Unfinished where it was made, but not confirmed. */
  async create(context: Context, news: Properties): Promise<{ id: string; outputs: Properties }> {
    const { values, secrets } = decode(news);
    const state = await this.resource.create(context, values).catch((error: unknown) => {
      throw this.unfinished(error, news, secrets);
    });
    return { id: state.id, outputs: this.outputs(state, secrets) };
  }

  /** What an update will give, as far as it is known before. Sends nothing. */
  previewUpdate(old: Remembered, news: Properties, configured: Values = {}): Properties {
    const written = decode(news);
    const state = this.stateOf(old);
    const expected: Values = fieldsOf(this.fields, state);
    for (const [name, field] of Object.entries(this.fields)) {
      const value = isInput(field) ? (written.values[name] ?? undefined) : undefined;
      if (value !== undefined || field.writeOnly) expected[name] = value;
      // A flag that is taken away has its default again, unless it means something only beside other state.
      else if (field.defaultValue !== undefined && !field.differs) expected[name] = field.defaultValue;
    }
    const derived = derivedValues(this.fields, written.values, configured, state);
    return this.encoded({ ...expected, ...derived }, this.kept(old, written));
  }

  /** @throws Unfinished */
  async update(context: Context, old: Remembered, news: Properties): Promise<Properties> {
    const written = decode(news);
    const kept = this.kept(old, written);
    try {
      return this.outputs(await this.resource.update(context, this.stateOf(old), written.values), kept);
    } catch (error) {
      throw this.unfinished(error, news, kept);
    }
  }

  delete(context: Context, old: Remembered): Promise<void> {
    return this.resource.delete(context, this.stateOf(old));
  }

  /**
   * The state as it is now; undefined where the object is gone. The engine asks in three situations: a refresh brings the
   * old outputs and inputs, a `get` at most a part of the state, an import nothing but the id, which may be any import form.
   */
  async read(context: Context, old: Remembered): Promise<ReadAnswer | undefined> {
    const before = decode(old.outputs);
    const written = decode(old.inputs);
    const kept = joined(before.secrets, written.secrets);
    const complete = isWhole(this.lifecycle.definition, before.values);
    const live = await (complete
      ? this.resource.read(context, this.stateOf(old))
      : this.find(context, this.importId(old.id, before.values)));
    if (!live) return undefined;
    const refreshing = complete || Object.keys(written.values).length > 0;
    const inputs = refreshing ? this.refreshedInputs(old, written, live) : this.importedInputs(old.id, live);
    return { id: live.id, outputs: this.outputs(live, kept), inputs };
  }

  private get fields() {
    return this.resource.fields;
  }

  private stateOf({ id, outputs, inputs }: Remembered): State {
    const values = {
      ...inputsOf(this.fields, decode(inputs).values),
      ...fieldsOf(this.fields, decode(outputs).values),
    };
    return { ...values, id };
  }

  private async find(context: Context, id: string): Promise<State | undefined> {
    return this.lifecycle.import(context, id).catch((error: unknown) => {
      if (!(error instanceof ResourceError) || error.code !== "missing") throw error;
      const { what, hint } = error.details;
      context.warn({ summary: `${this.lifecycle.definition.name}: ${what}`, detail: hint });
      return undefined;
    });
  }

  /** The inputs as they stand in the program, with live values where those differ; nothing the program did not write. */
  private refreshedInputs(old: Remembered, written: Decoded, live: State): Properties {
    const entries = Object.entries(inputsOf(this.fields, written.values)).map(([name, value]): [string, unknown] => {
      const field = this.fields[name]!;
      const { differs: _, ...comparable } = field;
      const same =
        field.role === "flag" || live[name] === undefined || !differs(comparable, live[name], value, written.values);
      return [name, same ? old.inputs?.[name] : this.encoded({ [name]: live[name] }, written.secrets)[name]];
    });
    return Object.fromEntries(entries);
  }

  /** What a program would write to have this object: no outputs, no defaults, what the provider fills in only where the id names it. */
  private importedInputs(askedFor: string, live: State): Properties {
    const parts = (this.lifecycle.definition.ends?.length ?? 1) + 1;
    const namesScope = !askedFor.startsWith("name:") && askedFor.split("/").length === parts;
    const ids = this.lifecycle.ends.map((end) => end.id);
    const names = this.lifecycle.ends.flatMap((end) => end.names);
    const said = (name: string, field: Field) => {
      const value = live[name];
      if (isRequired(field) || ids.includes(name)) return true;
      if (names.includes(name)) return false;
      if (!isInput(field) || field.compare === "never" || value === (field.defaultValue ?? false)) return false;
      return !sameValue(field, undefined, value) && (!isComputed(field) || namesScope);
    };
    const written = Object.keys(this.fields).filter((name) => said(name, this.fields[name]!));
    return this.encoded(Object.fromEntries(written.map((name) => [name, live[name]])), NO_SECRETS);
  }

  /** The import id of an object that a program asks for by its id, where it says with it where the object belongs. */
  private importId(id: string, known: Values): string {
    const scope = known[scopeOf(this.lifecycle.definition) ?? ""];
    if (typeof scope !== "string" || scope === "" || id.startsWith("name:")) return id;
    return id.startsWith(`${scope}/`) ? id : `${scope}/${id}`;
  }

  /** Secrets of an update: those written now, and those of old values that nothing written now replaces. */
  private kept(old: Remembered, { values, secrets }: Decoded): Secrets {
    return joined(secrets, without(decode(old.outputs).secrets, Object.keys(values)));
  }

  private outputs(state: Values, secrets: Secrets): Properties {
    return this.encoded(fieldsOf(this.fields, state), secrets);
  }

  private encoded(values: Values, secrets: Secrets): Properties {
    const derived = Object.keys(this.fields).filter((name) => this.fields[name]!.derived);
    return encode(values, joined(secrets, alsoIn(secrets, derived), this.secretFields));
  }

  private unfinished(error: unknown, inputs: Properties, secrets: Secrets): unknown {
    if (!(error instanceof PartialError)) return error;
    return new Unfinished(error.id, this.outputs(error.state, secrets), inputs, error.reason);
  }
}
