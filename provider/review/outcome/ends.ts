import { UNKNOWN } from "../../framework";
import { type EndFields, endFields, type Kind, setFields, snake } from "../catalog";
import type { EdgeChange, LookupResult, Plan, PlannedChange, Reference, SetChange } from "../plans/plan";
import { type MesheryObject, put, textOf, type World } from "../world/world";
import { bearers } from "./objects";
import type { Outcome } from "./outcome";

/** An object, or why it is not known which. */
export type Found = { key: string } | { reason: string; advice: string };

/** What it takes to know an end: its own fields, and where it stands. */
interface Asked {
  stack: string;
  terraform: boolean;
  field: string;
  kind: Kind;
  organizationId?: string | undefined;
}

const DEEPEST = 20;

/** Finds the objects that edges join: by id, by name, and by what their values refer to. */
export class Ends {
  private readonly byName: Map<string, MesheryObject[]>;
  private readonly changes = new Map<string, PlannedChange>();
  private readonly lookups = new Map<string, LookupResult>();
  private readonly objects = new Map<string, string>();
  private readonly engines: Map<string, boolean>;

  constructor(
    plans: readonly Plan[],
    private readonly world: World,
    private readonly outcome: Outcome,
  ) {
    this.byName = bearers(outcome.objects);
    this.engines = new Map(plans.map(({ stack, engine }) => [stack, engine !== "pulumi"]));
    for (const { changes, lookups } of plans) {
      for (const change of changes) this.changes.set(at(change.place), change);
      for (const lookup of lookups) this.lookups.set(at(lookup.place), lookup);
    }
    for (const { change, after } of outcome.traced) if (after !== undefined) this.objects.set(at(change.place), after);
  }

  /** The object at an end of an edge after the plan. */
  after(change: EdgeChange | SetChange, end: EndFields, depth = 0): Found {
    const { after = {}, place } = change;
    const asked = this.asked(change, end.kind, end.id);
    const id = textOf(after[end.id]);
    if (id !== undefined) return { key: this.known(end.kind, id, textOf(after[end.name])) };
    const name = textOf(after[end.name]);
    const qualifiers = end.qualifiers.map(({ field, of }) => [of, after[field]] as const);
    if (name !== undefined && change.isWritten(end.name)) return this.named(asked, name, qualifiers);
    const failed: Found[] = [];
    for (const field of [end.id, end.name]) {
      if (!change.isWritten(field)) continue;
      const found = this.referred(asked, field, change.refersTo(field), place.stack, depth);
      if ("key" in found) return found;
      failed.push(found);
    }
    return failed[0] ?? unresolved(asked, "the plan does not say it");
  }

  /** The children of a set after the plan. */
  children(change: SetChange): Found[] {
    const { after = {}, place, declared } = change;
    const end = endFields(declared.relation.child);
    const { ids, names } = setFields(declared.relation.child);
    for (const field of [ids, names]) {
      const values = after[field];
      if (!change.isWritten(field) && !Array.isArray(values)) continue;
      const members = Array.isArray(values) ? values : values === UNKNOWN ? [UNKNOWN] : [];
      const asked = this.asked(change, end.kind, field);
      const known = members.flatMap((member): Found[] => {
        const text = textOf(member);
        if (text === undefined) return [];
        return [field === ids ? { key: this.known(end.kind, text) } : this.named(asked, text, [])];
      });
      const open = members.filter((member) => member === UNKNOWN).length;
      if (open === 0) return known;
      const references = change.refersTo(field);
      const found = references.map((reference) => this.referred(asked, field, [reference], place.stack, 0));
      const fresh = found.filter(
        (one) => !("key" in one) || !known.some((other) => "key" in other && other.key === one.key),
      );
      // A set that is not known at all may have any number of members; each reference gives one of them.
      const whole = values === UNKNOWN ? references.length > 1 : fresh.length === open;
      if (whole || fresh.some((one) => !("key" in one))) return [...known, ...fresh];
      if (values === UNKNOWN && fresh.length === 1) return [...known, ...fresh];
      return [...known, unresolved(asked, "the plan does not show all members of the set")];
    }
    return [];
  }

  private asked({ place, after, declared }: EdgeChange | SetChange, kind: Kind, field: string): Asked {
    const inOrganization = [declared.relation.parent, declared.relation.child].find(({ word }) => word === kind)!.type;
    return {
      stack: place.stack,
      terraform: this.engines.get(place.stack) ?? true,
      field,
      kind,
      organizationId: inOrganization.inOrganization ? textOf(after?.organizationId) : undefined,
    };
  }

  /** An object of this id; one that nothing else tells of is known by its id alone. */
  private known(kind: Kind, id: string, name?: string): string {
    if (!this.outcome.objects.has(id)) put(this.outcome, kind, id, name === undefined ? {} : { name }, true);
    return id;
  }

  /** The one that bears a name when the run ends. */
  private named(asked: Asked, name: string, qualifiers: readonly (readonly [string, unknown])[]): Found {
    const { kind, organizationId } = asked;
    const all = (this.byName.get(`${kind}\0${name}`) ?? []).filter(
      ({ values, organizationId: own }) =>
        (organizationId === undefined || own === undefined || own === organizationId) &&
        qualifiers.every(
          ([of, value]) => textOf(value) === undefined || values[of] === undefined || values[of] === value,
        ),
    );
    const sure = all.filter(({ nameRecorded }) => !nameRecorded);
    const fitting = sure.length > 0 ? sure : all;
    if (fitting.length === 1) return { key: fitting[0]!.key };
    if (fitting.length > 1)
      return {
        reason: `${fitting.length} ${kind}s are called ${JSON.stringify(name)}`,
        advice: `Give the id${kind === "connection" ? ", or the kind," : ""} as well.`,
      };
    if (this.world.basis === "live")
      return {
        reason: `no ${kind} is called ${JSON.stringify(name)}, as far as this token sees`,
        advice: "If another stack makes it, review the plan of that stack together with this one.",
      };
    return { key: this.placeholder(asked, name, qualifiers) };
  }

  /** Offline, a name that nothing else tells of is an object of which only the name is known. */
  private placeholder(
    { kind, organizationId }: Asked,
    name: string,
    qualifiers: readonly (readonly [string, unknown])[],
  ): string {
    const values = Object.fromEntries([
      ["name", name],
      ...qualifiers.filter(([, value]) => textOf(value) !== undefined),
    ]);
    const key = `named\0${kind}\0${name}\0${qualifiers.map(([, value]) => textOf(value) ?? "").join("\0")}`;
    const object: MesheryObject = { kind, key, id: null, name, organizationId, values };
    this.outcome.objects.set(key, object);
    this.byName.set(`${kind}\0${name}`, [...(this.byName.get(`${kind}\0${name}`) ?? []), object]);
    return key;
  }

  /** What a value refers to; of several things, the only one that can be meant. */
  private referred(asked: Asked, field: string, references: readonly Reference[], stack: string, depth: number): Found {
    const found = references.map((reference) => this.reference(asked, field, reference, stack, depth));
    const keys = new Set(found.flatMap((one) => ("key" in one ? one.key : [])));
    if (keys.size === 1 && found.length === 1) return { key: [...keys][0]! };
    // Pulumi lists everything that a value was computed from; only what is of the right kind can be it.
    const fitting = [...keys].filter((key) => this.outcome.objects.get(key)?.kind === asked.kind);
    if (fitting.length === 1 && !asked.terraform) return { key: fitting[0]! };
    return found.find((one) => "reason" in one) ?? unresolved(asked, "it is computed from more than one thing");
  }

  private reference(asked: Asked, field: string, reference: Reference, stack: string, depth: number): Found {
    if ("reason" in reference) return unresolved(asked, reference.reason);
    if ("value" in reference) {
      const text = textOf(reference.value);
      if (text === undefined) return unresolved(asked, "the plan does not show the value");
      return /Names?$/.test(field) ? this.named(asked, text, []) : { key: this.known(asked.kind, text) };
    }
    return this.target(asked, reference, stack, depth);
  }

  private target(
    asked: Asked,
    { address, attribute }: { address: string; attribute?: string },
    stack: string,
    depth: number,
  ): Found {
    const place = `${stack}\0${address}`;
    if (depth > DEEPEST) return unresolved(asked, "its references go in a circle");
    const object = this.objects.get(place);
    const change = this.changes.get(place);
    if (object !== undefined && change?.declared.shape === "object") {
      const own = attribute === undefined || attribute === "id" || attribute === "name";
      return own && change.declared.kind === asked.kind
        ? { key: object }
        : unresolved(asked, `it refers to ${address}`);
    }
    if (change && change.declared.shape !== "object") {
      const { parent, child } = change.declared.relation;
      const end = [parent, child]
        .map(endFields)
        .find(
          ({ kind, id, name }) =>
            kind === asked.kind && (attribute === undefined || [id, name, snake(id), snake(name)].includes(attribute)),
        );
      if (end) return this.after(change as EdgeChange, end, depth + 1);
    }
    const lookup = this.lookups.get(place);
    if (lookup?.shape.kind === asked.kind) return this.lookedUp(asked, lookup, depth);
    return unresolved(asked, `it refers to ${address}, which is not in the plan`);
  }

  private lookedUp(asked: Asked, { values, refersTo, place }: LookupResult, depth: number): Found {
    const id = textOf(values.id);
    if (id !== undefined) return { key: this.known(asked.kind, id, textOf(values.name)) };
    const name = textOf(values.name);
    const narrowing: readonly (readonly [string, unknown])[] = Object.entries(values).filter(
      ([field]) => !["id", "name", "organizationId"].includes(field),
    );
    if (name !== undefined) return this.named(asked, name, narrowing);
    return this.referred(asked, "id", refersTo("id"), place.stack, depth + 1);
  }
}

const at = ({ stack, address }: { stack: string; address: string }): string => `${stack}\0${address}`;

/** The end is not known: what would make it so. */
function unresolved({ terraform, field, kind }: Asked, reason: string): Found {
  const byName = field.replace(/Id(s?)$/, "Name$1");
  const shown = terraform ? snake(byName) : byName;
  return { reason, advice: `Declare the ${kind} by name, with \`${shown}\`: a name can be read in every plan.` };
}
