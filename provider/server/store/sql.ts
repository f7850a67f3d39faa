import { Database, type Statement } from "node-sqlite3-wasm";
import { claimDataFile } from "./dataFile";

/** A value as SQLite stores it. */
export type SqlValue = string | number | null;
/** A row as SQLite answers it: keys are column names. */
export type SqlRow = Record<string, SqlValue>;

/** One statement that changed rows, as it can be replayed on another database of the same shape. */
export interface Mutation {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/**
 * A SQLite database whose statements are prepared once and kept until it is closed.
 *
 * The texts of statements come from code with `?` for every value, so the number of prepared statements stays small.
 */
export class Sql {
  readonly #database: Database;
  readonly #statements = new Map<string, Statement>();
  #onMutation: ((mutation: Mutation) => void) | undefined;
  readonly #release: () => void;
  #closed = false;

  /**
   * @param file path of the database file; in memory when it is left out
   * @throws Error where the file is no database, or another process has it
   */
  constructor(file?: string) {
    this.#release = file === undefined ? () => {} : claimDataFile(file);
    try {
      this.#database = new Database(file ?? ":memory:");
    } catch (error) {
      this.#release();
      throw error;
    }
    if (file === undefined) return;
    try {
      // The first look at the file itself: this is where one that is no database is found out.
      this.#database.exec("pragma locking_mode = exclusive; pragma synchronous = normal");
      this.#database.get("select count(*) from sqlite_master");
    } catch (error) {
      this.close();
      throw new Error(`data file ${file}: ${(error as Error).message}`);
    }
  }

  /** Runs statements without values, such as the ones that make tables. */
  script(text: string): void {
    this.#database.exec(text);
  }

  /** Changes rows; returns how many. */
  run(sql: string, values: readonly SqlValue[] = []): number {
    const { changes } = this.#prepared(sql).run([...values]);
    this.#onMutation?.({ sql, values });
    return changes;
  }

  all(sql: string, values: readonly SqlValue[] = []): SqlRow[] {
    return this.#prepared(sql).all([...values]) as SqlRow[];
  }

  get(sql: string, values: readonly SqlValue[] = []): SqlRow | undefined {
    return (this.#prepared(sql).get([...values]) ?? undefined) as SqlRow | undefined;
  }

  /** Runs `work` as one transaction: all of it or, when it throws, nothing. Inside another one it simply joins in. */
  transaction<T>(work: () => T): T {
    if (this.#database.inTransaction) return work();
    this.#database.exec("begin");
    try {
      const result = work();
      this.#database.exec("commit");
      return result;
    } catch (error) {
      if (this.#database.inTransaction) this.#database.exec("rollback");
      throw error;
    }
  }

  /** Tells `listener` of every change from now on (one listener; `undefined` ends it). */
  onMutation(listener: ((mutation: Mutation) => void) | undefined): void {
    this.#onMutation = listener;
  }

  /** Closes the database. Statements are finalized first: the WebAssembly heap would keep them otherwise. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const statement of this.#statements.values()) statement.finalize();
    this.#statements.clear();
    this.#database.close();
    this.#release();
  }

  #prepared(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
