import { ResourceError } from "../../framework";

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
  create(resource: string, key: string, name: string): void {
    this.name(resource, key, name, { id: undefined, isNew: true });
    this.created.add(`${resource} ${key}`);
    if (this.deleted.has(`${resource} ${key}`)) throw renamed(resource, name);
  }

  /** @throws ResourceError `exists` where the plan creates or adopts an object by one of these keys */
  delete(resource: string, keys: readonly string[], name: string): void {
    for (const key of keys) this.deleted.add(`${resource} ${key}`);
    if (keys.some((key) => this.created.has(`${resource} ${key}`))) throw renamed(resource, name);
    if (keys.some((key) => this.adopted.has(`${resource} ${key}`))) throw readdressed(resource, name, "adopted");
    if (keys.some((key) => this.kept.has(`${resource} ${key}`))) throw readdressed(resource, name, "kept");
  }

  /**
   * @throws ResourceError `declared-twice` where another address has the object already, or adopts it as well; `exists` where the
   * plan deletes it
   */
  adopt(resource: string, id: string, name: string): void {
    const key = `${resource} ${id}`;
    if (this.deleted.has(key)) throw readdressed(resource, name, "adopted");
    if (this.kept.has(key) || this.adopted.has(key)) throw declaredTwice(resource, id, name);
    this.adopted.add(key);
  }

  /** @throws ResourceError `declared-twice` where another address adopts the object, `exists` where the plan deletes it */
  keep(resource: string, id: string, name: string): void {
    this.kept.add(`${resource} ${id}`);
    if (this.deleted.has(`${resource} ${id}`)) throw readdressed(resource, name, "kept");
    if (this.adopted.has(`${resource} ${id}`)) throw declaredTwice(resource, id, name);
  }

  /**
   * Notes the name that an object is to have; `isNew`: it does not have it yet. Two that have one name already may keep it.
   * @throws ResourceError `declared-twice` where another object of the plan has the name or gets it
   */
  name(resource: string, key: string, name: string, owner: { id: string | undefined; isNew: boolean }): void {
    const other = this.names.get(`${resource} ${key}`);
    if (other && (other.id !== owner.id || owner.id === undefined) && (other.isNew || owner.isNew))
      throw sameName(resource, name);
    this.names.set(`${resource} ${key}`, owner);
  }
}

const sameName = (resource: string, name: string) =>
  new ResourceError("declared-twice", {
    resource,
    field: "name",
    what: `two of this program are to be named "${name}"`,
    hint: "One would be the other's twin, and nobody could tell them apart. Give one of them another name, or remove it.",
  });

const renamed = (resource: string, name: string) =>
  new ResourceError("exists", {
    resource,
    field: "name",
    what: `"${name}" is to be destroyed under one address and created under another`,
    hint: "If only its address in the program changed, say so with a `moved` block: then nothing is destroyed. If it is to be made again, remove it in one apply and declare it in the next.",
  });

const readdressed = (resource: string, name: string, otherwise: "adopted" | "kept") =>
  new ResourceError("exists", {
    resource,
    field: "name",
    what: `"${name}" is to be destroyed under one address and ${otherwise} under another`,
    hint: "If only its address in the program changed, say so with a `moved` block: then nothing is destroyed, and neither adopt nor import is needed. Otherwise take it out of the state under its old address first: `removed` with `lifecycle { destroy = false }`.",
  });

const declaredTwice = (resource: string, id: string, name: string) =>
  new ResourceError("declared-twice", {
    resource,
    field: "name",
    what: `"${name}" (id ${id}) is to be adopted under one address, and another address of this program has it`,
    hint: "Two records of one object would undo each other. Remove one of the two, or give one of them another name. If the name passes from one to the other, apply the first change by itself, or go without adopt = true and MESHERY_ADOPT.",
  });
