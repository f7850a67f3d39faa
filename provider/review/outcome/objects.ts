import { UNKNOWN, type Values } from "../../framework";
import type { Kind } from "../catalog";
import { isObject, type ObjectChange, type Plan } from "../plans/plan";
import { type MesheryObject, textOf } from "../world/world";
import { causeOf, type KeptReason, type Outcome, type TracedObject } from "./outcome";

/** Brings the objects from before the plans to after them. */
export function takeObjects(plans: readonly Plan[], outcome: Outcome): void {
  const changes = plans.flatMap(({ changes }) => changes.filter(isObject));
  // What exists is renamed and removed first: a name may be handed over within the plans.
  const traced = new Map(
    changes.map((change): [ObjectChange, TracedObject] => [change, { change, removed: false, adopts: false }]),
  );
  for (const [change, one] of traced) if (change.before && change.action !== "create") takeExisting(one, outcome);
  const adoptable = bearers(outcome.objects);
  for (const [change, one] of traced)
    if (change.action === "create" || change.action === "replace") takeNew(one, adoptable, outcome);
  outcome.traced.push(...traced.values());
}

function takeExisting(traced: TracedObject, outcome: Outcome): void {
  const { change } = traced;
  const { action, before = {}, after, declared, deferred } = change;
  const key = textOf(before.id);
  if (key === undefined) return;
  const object = outcome.objects.get(key);
  if (!object) {
    outcome.unknown.push(notSeen(change, key));
    outcome.objects.set(key, newObject(declared.kind, key, key, before));
  }
  traced.before = key;
  if (deferred) return;
  if (action === "update" || action === "none") {
    traced.after = key;
    outcome.objects.set(key, changed(outcome.objects.get(key)!, after ?? {}));
    return;
  }
  const reason = keptReason(change);
  if (reason) {
    traced.kept = reason;
    outcome.letGo.set(key, { reason, cause: causeOf(change) });
    return;
  }
  traced.removed = true;
  outcome.gone.set(key, causeOf(change));
  outcome.objects.delete(key);
}

/** Why something stays although it leaves the program: forgotten, kept on deletion, or adopted once and let go now. */
function keptReason({ action, keeps, before }: ObjectChange): KeptReason | undefined {
  if (keeps) return keeps;
  if (action === "forget") return "forgotten";
  return before?.adopted === true ? "let go" : undefined;
}

function takeNew(traced: TracedObject, adoptable: Map<string, MesheryObject[]>, outcome: Outcome): void {
  const { change } = traced;
  const { after = {}, declared, place, deferred } = change;
  const known = textOf(after.id);
  const found = after.adopt === true ? adoptable.get(`${declared.kind}\0${String(after.name)}`) : undefined;
  const fitting = found?.filter((object) => sameOwner(object, after)) ?? [];
  const adopted = known !== undefined ? outcome.objects.get(known) : fitting.length === 1 ? fitting[0] : undefined;
  const key = adopted?.key ?? known ?? `new\0${place.stack}\0${place.address}`;
  if (deferred) return;
  traced.after = key;
  traced.adopts = adopted !== undefined;
  outcome.made.set(key, { ...causeOf(change), action: traced.adopts ? "adopt" : causeOf(change).action });
  outcome.objects.set(key, adopted ? changed(adopted, after) : newObject(declared.kind, key, known ?? null, after));
}

/** Whether an object can be the one that a program means: of its organization, and for connections of its kind. */
const sameOwner = (object: MesheryObject, after: Values): boolean =>
  (["organizationId", "kind"] as const).every(
    (field) =>
      after[field] === undefined ||
      after[field] === UNKNOWN ||
      object.values[field] === undefined ||
      object.values[field] === after[field],
  );

export function bearers(objects: ReadonlyMap<string, MesheryObject>): Map<string, MesheryObject[]> {
  const byName = new Map<string, MesheryObject[]>();
  for (const object of objects.values()) {
    if (object.name === "" || object.values.status === "deleted") continue;
    const name = `${object.kind}\0${object.name}`;
    const known = byName.get(name);
    if (known) known.push(object);
    else byName.set(name, [object]);
  }
  return byName;
}

const known = (values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== UNKNOWN && value !== null && value !== undefined),
  );

function changed(object: MesheryObject, after: Values): MesheryObject {
  const values = { ...object.values, ...known(after), id: object.id };
  return { ...object, values, name: textOf(after.name) ?? object.name };
}

function newObject(kind: Kind, key: string, id: string | null, after: Values): MesheryObject {
  const values = known(after);
  return { kind, key, id, name: textOf(values.name) ?? "", organizationId: textOf(values.organizationId), values };
}

const notSeen = (change: ObjectChange, key: string) => ({
  place: change.place,
  direction: "either" as const,
  known: { [change.declared.kind]: key },
  reason: `the plan says that this ${change.declared.kind} is there, and Meshery does not list it`,
  advice: "Review with a token that sees it; if it is gone, plan again.",
});
