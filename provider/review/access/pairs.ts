const NONE: ReadonlySet<string> = new Set();

/** Pairs of keys that can be asked from both ends: which connections an environment holds, which environments hold a connection. */
export class Pairs {
  private readonly byParent = new Map<string, Set<string>>();
  private readonly byChild = new Map<string, Set<string>>();

  constructor(pairs: Iterable<readonly [parent: string, child: string]> = []) {
    for (const [parent, child] of pairs) this.add(parent, child);
  }

  add(parent: string, child: string): void {
    put(this.byParent, parent, child);
    put(this.byChild, child, parent);
  }

  delete(parent: string, child: string): void {
    take(this.byParent, parent, child);
    take(this.byChild, child, parent);
  }

  /** Removes whatever pairs a key is in, at either end. */
  deleteKey(key: string): void {
    for (const child of [...this.childrenOf(key)]) this.delete(key, child);
    for (const parent of [...this.parentsOf(key)]) this.delete(parent, key);
  }

  has(parent: string, child: string): boolean {
    return this.childrenOf(parent).has(child);
  }

  childrenOf(parent: string): ReadonlySet<string> {
    return this.byParent.get(parent) ?? NONE;
  }

  parentsOf(child: string): ReadonlySet<string> {
    return this.byChild.get(child) ?? NONE;
  }

  parents(): Iterable<string> {
    return this.byParent.keys();
  }

  children(): Iterable<string> {
    return this.byChild.keys();
  }

  *[Symbol.iterator](): Generator<readonly [parent: string, child: string]> {
    for (const [parent, children] of this.byParent) for (const child of children) yield [parent, child];
  }
}

function put(map: Map<string, Set<string>>, key: string, value: string): void {
  const values = map.get(key);
  if (values) values.add(value);
  else map.set(key, new Set([value]));
}

function take(map: Map<string, Set<string>>, key: string, value: string): void {
  const values = map.get(key);
  if (!values?.delete(value)) return;
  if (values.size === 0) map.delete(key);
}
