import { ResourceError } from "../../framework";

/** An object of the plan, as messages speak of it. */
export interface Claim {
  type: string;
  /** The field that holds its name. */
  field: string;
  name: string;
}

/**
 * The objects of one plan, across addresses: what looks new and is there already under another address. The engine would
 * destroy the one and create the other in any order, or keep two records of one object. Only a plan sees both.
 */
export class PlanConflicts {
  private readonly created = new Set<string>();
  private readonly deleted = new Set<string>();
  private readonly adopted = new Set<string>();
  private readonly kept = new Set<string>();
  private readonly names = new Map<string, { id: string | undefined; isNew: boolean }>();

  /** @throws ResourceError `exists` where the plan deletes an object of that name, `declared-twice` where another has it */
  create(claim: Claim, key: string): void {
    this.name(claim, key, { id: undefined, isNew: true });
    this.created.add(`${claim.type} ${key}`);
    if (this.deleted.has(`${claim.type} ${key}`)) throw renamed(claim);
  }

  /** @throws ResourceError `exists` where the plan creates or adopts an object by one of these keys */
  delete(claim: Claim, keys: readonly string[]): void {
    for (const key of keys) this.deleted.add(`${claim.type} ${key}`);
    if (keys.some((key) => this.created.has(`${claim.type} ${key}`))) throw renamed(claim);
    if (keys.some((key) => this.adopted.has(`${claim.type} ${key}`))) throw readdressed(claim, "adopted");
    if (keys.some((key) => this.kept.has(`${claim.type} ${key}`))) throw readdressed(claim, "kept");
  }

  /**
   * @throws ResourceError `declared-twice` where another address has the object already, or adopts it as well; `exists` where the
   * plan deletes it
   */
  adopt(claim: Claim, id: string): void {
    const key = `${claim.type} ${id}`;
    if (this.deleted.has(key)) throw readdressed(claim, "adopted");
    if (this.kept.has(key) || this.adopted.has(key)) throw declaredTwice(claim, id);
    this.adopted.add(key);
  }

  /** @throws ResourceError `declared-twice` where another address adopts the object, `exists` where the plan deletes it */
  keep(claim: Claim, id: string): void {
    this.kept.add(`${claim.type} ${id}`);
    if (this.deleted.has(`${claim.type} ${id}`)) throw readdressed(claim, "kept");
    if (this.adopted.has(`${claim.type} ${id}`)) throw declaredTwice(claim, id);
  }

  /**
   * Notes the name that an object is to have; `isNew`: it does not have it yet. Two that have one name already may keep it.
   * @throws ResourceError `declared-twice` where another object of the plan has the name or gets it
   */
  name(claim: Claim, key: string, owner: { id: string | undefined; isNew: boolean }): void {
    const other = this.names.get(`${claim.type} ${key}`);
    if (other && (other.id !== owner.id || owner.id === undefined) && (other.isNew || owner.isNew))
      throw sameName(claim);
    this.names.set(`${claim.type} ${key}`, owner);
  }
}

const sameName = ({ type: resource, field, name }: Claim) =>
  new ResourceError("declared-twice", {
    resource,
    field,
    what: `two of this program are to be named "${name}"`,
    hint: "One would be the other's duplicate, and nobody could tell them apart. Give one of them another name, or remove it.",
  });

const renamed = ({ type: resource, field, name }: Claim) =>
  new ResourceError("exists", {
    resource,
    field,
    what: `"${name}" is to be destroyed under one address and created under another`,
    hint: "If only its address in the program changed, say so with a `moved` block: then nothing is destroyed. If it is to be made again, remove it in one apply and declare it in the next.",
  });

const readdressed = ({ type: resource, field, name }: Claim, otherwise: "adopted" | "kept") =>
  new ResourceError("exists", {
    resource,
    field,
    what: `"${name}" is to be destroyed under one address and ${otherwise} under another`,
    hint: "If only its address in the program changed, say so with a `moved` block: then nothing is destroyed, and neither adopt nor import is needed. Otherwise take it out of the state under its old address first: `removed` with `lifecycle { destroy = false }`.",
  });

const declaredTwice = ({ type: resource, field, name }: Claim, id: string) =>
  new ResourceError("declared-twice", {
    resource,
    field,
    what: `"${name}" (id ${id}) is to be adopted under one address, and another address of this program has it`,
    hint: "Two records of one object would undo each other. Remove one of the two, or give one of them another name. If the name passes from one to the other, apply the first change by itself, or go without adopt = true and MESHERY_ADOPT.",
  });
