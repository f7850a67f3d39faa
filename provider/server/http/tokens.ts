import { createHmac, randomBytes } from "node:crypto";
import { administratorKey } from "../loadWorld";
import type { UserRow } from "../store/rows";
import type { Store } from "../store/store";

/** The tokens of a server's users. They live in memory alone: neither the data file nor a log ever holds one. */
export class Tokens {
  /** Keys of users by their tokens; rows may be replaced while their keys stay. */
  readonly #keys = new Map<string, string>();

  constructor(
    private readonly store: Store,
    /** Token of the administrator; the other users' tokens are derived from it. */
    private readonly administratorToken: string = randomBytes(24).toString("base64url"),
  ) {}

  /**
   * @param key the user's key in the world
   * @throws Error where there is no such user
   */
  of(key: string): string {
    if (this.store.users.find({ key, deletedAt: null }) === undefined) {
      const known = this.store.users.list({ deletedAt: null }).map((user) => user.key);
      throw new Error(`no user ${key}; there are: ${known.join(", ")}`);
    }
    return this.#derived(key);
  }

  /** The user whose token it is. */
  userOf(token: string): UserRow | undefined {
    if (!this.#keys.has(token)) {
      this.#keys.clear();
      for (const { key } of this.store.users.list({ deletedAt: null })) this.#keys.set(this.#derived(key), key);
    }
    const key = this.#keys.get(token);
    return key === undefined ? undefined : this.store.users.find({ key, deletedAt: null });
  }

  #derived(key: string): string {
    if (key === administratorKey) return this.administratorToken;
    return createHmac("sha256", this.administratorToken).update(key).digest("base64url");
  }
}
