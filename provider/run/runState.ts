import type { Context, Values } from "../framework";

/** The key of what is identified by these values, where its id is not known; undefined ones were left out. */
export const identityKey = (values: readonly unknown[]): string =>
  `named ${JSON.stringify(values.map((value) => (typeof value === "string" ? value : null)))}`;

const NONE: ReadonlySet<string> = new Set();

/** What the processes of one run announce to each other: what they keep. */
export interface Peers {
  announce(type: string, key: string): void;
  /** Whether one of the others announced it. */
  isAnnounced(type: string, key: string): boolean;
}

/** What the plan took an end of an edge to be that is given by name. */
export interface PlannedEnd {
  /** Id of the object. */
  id: string;
  /** The edge's resource, and the field with the name. */
  resource: string;
  field: string;
}

/** Removes something in a context of its own, since the one in which it was asked for may be over. */
export type Removal = (context: Context) => Promise<void>;

/**
 * What this run has done so far, so that it does not undo its own work. Engines create first and delete last: a resource
 * renamed in the program is created under its new name, where it finds the old object and is content, and then deleted by its
 * old record. One per provider process, new at every configure.
 *
 * `type` is what a lifecycle calls its `runType`: the name of a resource, or the relation of an edge.
 */
export class RunState {
  private readonly applied = new Set<string>();
  private readonly declared = new Set<string>();
  private readonly deletions = new Map<string, "pending" | "gone" | "stays">();
  private readonly deletedEarly = new Set<string>();
  private readonly queues = new Map<string, Promise<unknown>>();
  private readonly renames = new Map<string, string>();
  private readonly plannedNames = new Map<string, string>();
  private readonly renamed = new Map<string, Set<string>>();
  private readonly plannedCreates = new Map<string, Values[]>();
  private readonly plannedRemovals = new Set<string>();
  private readonly plannedEnds = new Map<string, PlannedEnd[]>();
  private readonly inState = new Set<string>();
  private readonly failed = new Set<string>();
  private readonly postponed = new Map<string, Removal>();
  private readonly listeners = new Set<() => void>();

  constructor(private readonly peers?: Peers) {}

  /** Remembers that `id` is as the program wants it: created, adopted or found right in this run. */
  markApplied(type: string, id: string): void {
    this.applied.add(`${type} ${id}`);
    this.deletedEarly.delete(`${type} ${id}`);
    this.failed.delete(`${type} ${id}`);
    this.postponed.delete(`${type} ${id}`);
    this.peers?.announce(type, id);
  }

  isApplied(type: string, id: string): boolean {
    return this.applied.has(`${type} ${id}`);
  }

  /** Remembers that the state of the program holds what has this id. */
  markInState(type: string, id: string): void {
    this.inState.add(`${type} ${id}`);
  }

  /** Whether what has this id is the program's own, by its state or by what this run did. */
  isManaged(type: string, id: string): boolean {
    return this.inState.has(`${type} ${id}`) || this.isApplied(type, id);
  }

  /** Remembers that the program declares what has this id or key, whether this run came to it yet or not. */
  declare(type: string, key: string): void {
    this.declared.add(`${type} ${key}`);
  }

  /** Remembers that what the program declares could not be made: an older record of it is then not protected for that. */
  declareFailed(type: string, key: string): void {
    this.failed.add(`${type} ${key}`);
  }

  /** Whether what has this id or key must not be removed by an older record of it. */
  isProtected(type: string, key: string): boolean {
    const wanted = this.declared.has(`${type} ${key}`) && !this.failed.has(`${type} ${key}`);
    return wanted || this.isApplied(type, key) || (this.peers?.isAnnounced(type, key) ?? false);
  }

  /**
   * Puts the removal of an edge off, because the program declares it elsewhere: for good once that is recorded (see `markApplied`), else
   * it is removed when that fails, or at the end of the run, so that no access is left that no state knows of.
   */
  postponeDeletion(type: string, id: string, removal: Removal): void {
    if (!this.isApplied(type, id)) this.postponed.set(`${type} ${id}`, removal);
  }

  /** Takes over the removal that was put off, where there is one. */
  takePostponedDeletion(type: string, id: string): Removal | undefined {
    const removal = this.postponed.get(`${type} ${id}`);
    this.postponed.delete(`${type} ${id}`);
    return removal;
  }

  /** Takes over all removals that were put off and whose edge nothing is at work on; one that fails is put off once more. */
  takeAllPostponedDeletions(): Removal[] {
    const idle = [...this.postponed].filter(([key]) => !this.queues.has(key));
    for (const [key] of idle) this.postponed.delete(key);
    return idle.map(([key, removal]) => async (context) => {
      await removal(context).catch((error: unknown) => {
        if (!this.applied.has(key)) this.postponed.set(key, removal);
        throw error;
      });
    });
  }

  /** Remembers that the program takes away what has this id, whether this run came to it yet or not. */
  markForDeletion(type: string, id: string): void {
    const key = `${type} ${id}`;
    if (!this.deletions.has(key)) this.deletions.set(key, "pending");
  }

  /** Whether what has this id is only still there because this run did not come to it yet. */
  isPendingDeletion(type: string, id: string): boolean {
    return this.deletions.get(`${type} ${id}`) === "pending" && !this.isProtected(type, id);
  }

  /** Remembers how the removal of what has this id ended. */
  recordDeletion(type: string, id: string, outcome: "gone" | "stays"): void {
    this.deletions.set(`${type} ${id}`, outcome);
    this.notify();
  }

  /** Remembers that this run removed the edge with this id before its own turn. */
  markDeletedEarly(type: string, id: string): void {
    this.deletedEarly.add(`${type} ${id}`);
  }

  wasDeletedEarly(type: string, id: string): boolean {
    return this.deletedEarly.has(`${type} ${id}`);
  }

  /** Remembers that this run gives (or is about to give) object `id` another name. */
  announceRename(type: string, id: string, name: string): void {
    this.renames.set(`${type} ${id}`, name);
    this.addRenamed(type, id);
    this.notify();
  }

  /** The name that object `id` has when this run is done with it: `name` is what a list says of it by now. */
  nameAfterRun(type: string, id: string, name: string): string {
    return this.renames.get(`${type} ${id}`) ?? name;
  }

  /** Remembers that the plan gives object `id` another name. */
  planRename(type: string, id: string, name: string): void {
    this.plannedNames.set(`${type} ${id}`, name);
    this.addRenamed(type, id);
  }

  /** The name that a plan can show for object `id`. */
  plannedName(type: string, id: string, name: string): string {
    return this.plannedNames.get(`${type} ${id}`) ?? this.nameAfterRun(type, id, name);
  }

  /** Whether the plan, or what this run did, gives object `id` another name than a list may show. */
  isRenamed(type: string, id: string): boolean {
    return this.renamedIds(type).has(id);
  }

  /** The objects of this type for which that holds. */
  renamedIds(type: string): ReadonlySet<string> {
    return this.renamed.get(type) ?? NONE;
  }

  private addRenamed(type: string, id: string): void {
    const ids = this.renamed.get(type) ?? new Set();
    this.renamed.set(type, ids.add(id));
  }

  /** Remembers that the plan creates an object of these values, under this name. */
  planCreate(type: string, name: string, values: Values): void {
    const key = `${type} ${name}`;
    this.plannedCreates.set(key, [...(this.plannedCreates.get(key) ?? []), values]);
  }

  /** What the plan creates under this name. */
  createsPlanned(type: string, name: string): readonly Values[] {
    return this.plannedCreates.get(`${type} ${name}`) ?? [];
  }

  /** Remembers what the plan took an end of an edge to be; `key` is the object's identity, by which the program calls it. */
  planEnd(type: string, key: string, end: PlannedEnd): void {
    this.plannedEnds.set(`${type} ${key}`, [...(this.plannedEnds.get(`${type} ${key}`) ?? []), end]);
  }

  /** An end that the plan took to be another object than `id`, before it came to what gives `id` this identity. */
  endTaken(type: string, key: string, id: string): PlannedEnd | undefined {
    return this.plannedEnds.get(`${type} ${key}`)?.find((end) => end.id !== id);
  }

  /** Remembers that the plan removes object `id`, or puts another in its place. */
  planRemoval(type: string, id: string): void {
    this.plannedRemovals.add(`${type} ${id}`);
  }

  isRemovalPlanned(type: string, id: string): boolean {
    return this.plannedRemovals.has(`${type} ${id}`);
  }

  private notify(): void {
    for (const listener of [...this.listeners]) listener();
  }

  /**
   * Whether this run took the name `name` from object `id`, or is about to: the object gets another name, or is gone. The engine
   * works on independent resources at once, so the other one may be heard of a moment later: waits up to `patience`
   * milliseconds for it.
   */
  async isNameFreed(type: string, id: string, name: string, patience: number): Promise<boolean> {
    const key = `${type} ${id}`;
    const freed = () => {
      const next = this.renames.get(key);
      return (next !== undefined && next !== name) || this.deletions.get(key) === "gone";
    };
    if (freed()) return true;
    return new Promise((resolve) => {
      const end = (result: boolean) => {
        clearTimeout(timer);
        this.listeners.delete(listener);
        resolve(result);
      };
      const listener = () => {
        if (freed()) end(true);
      };
      const timer = setTimeout(() => end(false), patience);
      this.listeners.add(listener);
    });
  }

  /** Runs `work` after all earlier work on what has this id or key. */
  async queue<T>(type: string, id: string, work: () => Promise<T>): Promise<T> {
    const key = `${type} ${id}`;
    const before = this.queues.get(key) ?? Promise.resolve();
    const result = before.catch(() => undefined).then(work);
    this.queues.set(key, result);
    try {
      return await result;
    } finally {
      if (this.queues.get(key) === result) this.queues.delete(key);
    }
  }
}
