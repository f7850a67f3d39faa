import type { Json, StoredRow } from "./rows";
import type { Sql, SqlRow, SqlValue } from "./sql";

type ColumnKind = "text" | "boolean" | "json";

interface KindRule {
  /** Types of values that come from outside. */
  readonly allowed: readonly string[];
  encode(value: unknown): SqlValue;
  decode(value: SqlValue): unknown;
}

const KINDS: Readonly<Record<ColumnKind, KindRule>> = {
  text: { allowed: ["string", "null"], encode: (value) => (value ?? null) as SqlValue, decode: (value) => value },
  boolean: { allowed: ["boolean"], encode: (value) => (value ? 1 : 0), decode: (value) => value === 1 },
  json: {
    allowed: ["object"],
    encode: (value) => JSON.stringify(value ?? {}),
    decode: (value) => JSON.parse(String(value)) as Json,
  },
};

/** Which kind each field of a row has in SQLite. */
export type Columns<Row> = { readonly [Field in keyof Row]: ColumnKind };

/** Whom and what a new row belongs to where nothing else is said. */
export interface Owned {
  readonly owner: string;
  readonly organizationId: string;
}

/** What a table is. */
export interface TableDefinition<Row extends StoredRow> {
  /** Its name in SQLite. */
  readonly name: string;
  /** How its ids begin where they are not UUIDs; UUIDs always where it is left out. */
  readonly idPrefix?: string;
  readonly columns: Columns<Row>;
  readonly defaults: (owned: Owned) => Omit<Row, keyof StoredRow>;
  readonly indices?: readonly (readonly (keyof Row & string)[])[];
}

/** What a table needs from its store: new ids, the time, and whom rows belong to. */
export interface RowDefaults {
  id(prefix: string | undefined): string;
  now(): string;
  owned(): Owned;
}

const snakeCase = (field: string) => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** One table of the store: typed rows in, typed rows out, no rules of Meshery. */
export class Table<Row extends StoredRow> {
  readonly name: string;
  readonly #fields: readonly { field: keyof Row & string; column: string; kind: ColumnKind }[];
  readonly #insert: string;

  constructor(
    private readonly sql: Sql,
    private readonly definition: TableDefinition<Row>,
    private readonly rowDefaults: RowDefaults,
  ) {
    const { name, columns, indices = [] } = definition;
    this.name = name;
    this.#fields = (Object.keys(columns) as (keyof Row & string)[]).map((field) => ({
      field,
      column: snakeCase(field),
      kind: columns[field],
    }));
    const definitions = this.#fields.map(({ column }) => (column === "id" ? "id text primary key" : column));
    sql.script(`create table if not exists ${name} (${definitions.join(", ")})`);
    for (const fields of indices) {
      const key = fields.map(snakeCase);
      sql.script(`create index if not exists ${name}_by_${key.join("_")} on ${name} (${key.join(", ")})`);
    }
    const names = this.#fields.map(({ column }) => column).join(", ");
    this.#insert = `insert into ${name} (${names}) values (${this.#fields.map(() => "?").join(", ")})`;
  }

  /** Adds a row; what `values` leaves out gets a default, a fresh id and the present time. */
  insert(values: Partial<Row> = {}): Row {
    const { idPrefix, defaults } = this.definition;
    const row = {
      id: this.rowDefaults.id(idPrefix),
      createdAt: this.rowDefaults.now(),
      updatedAt: this.rowDefaults.now(),
      deletedAt: null,
      ...defaults(this.rowDefaults.owned()),
      ...values,
    } as Row;
    this.sql.run(
      this.#insert,
      this.#fields.map(({ field }) => this.#stored(field, row[field])),
    );
    return row;
  }

  get(id: string): Row | undefined {
    const row = this.sql.get(`select * from ${this.name} where id = ?`, [id]);
    return row && this.read(row);
  }

  /** Rows whose fields equal `where`, deleted ones included, in the order in which they were added. */
  list(where: Partial<Row> = {}): Row[] {
    const { clause, values } = this.#where(where);
    return this.sql.all(`select * from ${this.name}${clause} order by rowid`, values).map((row) => this.read(row));
  }

  /** The first row whose fields equal `where`. */
  find(where: Partial<Row>): Row | undefined {
    const { clause, values } = this.#where(where);
    const row = this.sql.get(`select * from ${this.name}${clause} order by rowid limit 1`, values);
    return row && this.read(row);
  }

  count(where: Partial<Row> = {}): number {
    const { clause, values } = this.#where(where);
    return Number(this.sql.get(`select count(*) as n from ${this.name}${clause}`, values)?.n ?? 0);
  }

  /** Changes fields of one row and its `updatedAt`; `undefined` when there is no such row. */
  update(id: string, changes: Partial<Row>): Row | undefined {
    const patch: Partial<Row> = { updatedAt: this.rowDefaults.now(), ...changes } as Partial<Row>;
    const fields = (Object.keys(patch) as (keyof Row & string)[]).filter((field) => patch[field] !== undefined);
    const assignments = fields.map((field) => `${snakeCase(field)} = ?`).join(", ");
    const values = fields.map((field) => this.#stored(field, patch[field] as Row[typeof field]));
    const changed = this.sql.run(`update ${this.name} set ${assignments} where id = ?`, [...values, id]);
    return changed === 0 ? undefined : this.get(id);
  }

  /** Removes the row itself. Rows of other tables that name it stay, as they do in Meshery's Local provider. */
  delete(id: string): boolean {
    return this.sql.run(`delete from ${this.name} where id = ?`, [id]) > 0;
  }

  /** Removes every row whose fields equal `where`; returns how many. */
  deleteWhere(where: Partial<Row>): number {
    const { clause, values } = this.#where(where);
    return this.sql.run(`delete from ${this.name}${clause}`, values);
  }

  /**
   * Values that came from outside.
   *
   * @throws Error where a field is unknown or of the wrong type
   */
  checked(values: unknown): Partial<Row> {
    if (typeof values !== "object" || values === null || Array.isArray(values)) throw new Error("not an object");
    for (const [field, value] of Object.entries(values)) {
      if (!Object.hasOwn(this.definition.columns, field)) {
        throw new Error(
          `no field ${field} in ${this.name}; there are: ${Object.keys(this.definition.columns).join(", ")}`,
        );
      }
      const wanted = this.definition.columns[field as keyof Row];
      const given = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
      const { allowed } = KINDS[wanted];
      if (!allowed.includes(given)) throw new Error(`${field} is ${given}, not ${allowed.join(" or ")}`);
    }
    return values as Partial<Row>;
  }

  /** A row as SQLite answered it, in the store's types. Columns of other tables beside it are left out. */
  read(row: SqlRow): Row {
    const result: Record<string, unknown> = {};
    for (const { field, column, kind } of this.#fields) {
      const value = row[column] ?? null;
      result[field] = KINDS[kind].decode(value);
    }
    return result as Row;
  }

  #where(where: Partial<Row>): { clause: string; values: SqlValue[] } {
    const fields = (Object.keys(where) as (keyof Row & string)[]).filter((field) => where[field] !== undefined);
    if (fields.length === 0) return { clause: "", values: [] };
    return {
      clause: ` where ${fields.map((field) => `${snakeCase(field)} is ?`).join(" and ")}`,
      values: fields.map((field) => this.#stored(field, where[field] as Row[typeof field])),
    };
  }

  #stored(field: keyof Row & string, value: Row[keyof Row]): SqlValue {
    return KINDS[this.definition.columns[field]].encode(value);
  }
}
