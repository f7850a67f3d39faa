import type { CachedList, Listing, Meshery } from "../../client";
import type { Json } from "../../client/models";
import { readObject } from "../../client/models";
import type { Fields, Values } from "../../framework";
import { type ObjectRow, rowOf, type WiredFields, wiredFields } from "./wire";

export interface ObjectTypeOptions<F extends Fields> {
  /** `Environment`. */
  name: string;
  fields: F;
  /** See `ResourceDefinition.identity`. With `organizationId` in it, it is an object of an organization. */
  identity: readonly ((keyof F & string) | "name" | "organizationId")[];
  /** Where the objects are: `/api/environments`. A function of the organization where the path holds it. */
  path: string | ((organizationId: string) => string);
  /** The key of the rows in an answer, and of the path of those that another object holds. */
  rows: string;
  /** What else is read of a row. */
  columns?: Readonly<Record<string, (row: Json) => unknown>>;
  /** The query by which a delete names one, where it has no path of its own; a change names it by `id` in what is sent. */
  idInQuery?: string;
  /** Whether the answer to a write can be believed to state the object; else the list has to show it. */
  answerStatesRow?: boolean;
  /** For documentation. */
  exampleId: string;
  /** The same, where no field `name` has an example. */
  exampleName?: string;
  /** Where several have one name: whether a row is more than the leftover of one that came back under a new id. */
  isInUse?(row: ObjectRow): boolean;
  /** Puts a reason to the failure of its list, for objects that not all servers have. */
  explain?(client: Meshery, resource: string, error: unknown): Promise<never>;
}

/** A kind of object that Meshery has, with everything that follows from its fields. */
export interface ObjectType {
  name: string;
  /** In texts for people: `environment`. */
  word: string;
  fields: Fields;
  identity: readonly string[];
  inOrganization: boolean;
  rows: string;
  wired: WiredFields;
  idInQuery?: string;
  answerStatesRow: boolean;
  exampleId: string;
  exampleName: string;
  isInUse?(row: ObjectRow): boolean;
  explain?(client: Meshery, resource: string, error: unknown): Promise<never>;
  path(organizationId: string): string;
  /** Reads a row of any version of the API. */
  read(row: Json): ObjectRow;
  /** The object in the answer to a write; undefined where it says nothing. */
  inAnswer(answer: unknown): ObjectRow | undefined;
  /** All that the token's user sees: of the organization, where the objects belong to one. */
  list(client: Meshery, organizationId: string): CachedList<ObjectRow>;
}

/** The same, with its fields as they were declared. */
export interface ObjectTypeOf<F extends Fields> extends Omit<ObjectType, "fields"> {
  fields: F;
}

export function objectType<F extends Fields>(options: ObjectTypeOptions<F>): ObjectTypeOf<F> {
  const {
    name,
    fields,
    identity,
    rows,
    columns = {},
    answerStatesRow = false,
    exampleId,
    idInQuery,
    explain,
    isInUse,
  } = options;
  const exampleName = options.exampleName ?? fields[identity.at(-1) ?? "name"]?.example;
  if (typeof exampleName !== "string") throw new Error(`${name} has no example of a name: give it \`exampleName\``);
  const wired = wiredFields(name, fields);
  const read = (row: Json) => rowOf(wired, columns, row);
  const inOrganization = (identity as readonly string[]).includes("organizationId");
  const path = (organizationId: string) =>
    typeof options.path === "function" ? options.path(organizationId) : options.path;
  const type: ObjectTypeOf<F> = {
    name,
    word: name.toLowerCase(),
    fields,
    identity,
    inOrganization,
    rows,
    wired,
    answerStatesRow,
    exampleId,
    exampleName,
    ...(explain && { explain }),
    ...(isInUse && { isInUse }),
    ...(idInQuery && { idInQuery }),
    path,
    read,
    inAnswer: (answer) => readObject(answer, rows, read),
    list(client, organizationId) {
      const byQuery = inOrganization && typeof options.path !== "function";
      // Only when it is read: an id may be none that a path can hold.
      const listing = (): Listing<ObjectRow> => ({
        path: path(organizationId),
        key: rows,
        parse: read,
        ...(byQuery && { organizationId }),
      });
      return client.list(inOrganization ? `${rows} ${organizationId}` : rows, async (readAll) => readAll(listing()));
    },
  };
  types.push(type);
  return type;
}

const types: ObjectType[] = [];

/** The fields of all types that hold the id of an object of this one. */
export const fieldsReferringTo = (resource: string): { type: ObjectType; field: string }[] =>
  types.flatMap((type) =>
    type.wired.flatMap(([field, { refersTo }]) => (refersTo === resource ? [{ type, field }] : [])),
  );

/** Of several rows that answer to a name, those that are in use, where there are any. */
export function inUse({ isInUse }: Pick<ObjectType, "isInUse">, rows: readonly ObjectRow[]): readonly ObjectRow[] {
  const used = isInUse && rows.length > 1 ? rows.filter(isInUse) : [];
  return used.length > 0 ? used : rows;
}

/** Work on the list of a type; where it fails, with the reason that the type knows. `resource` is what messages are about. */
export const explained = async <T>(
  { explain }: ObjectType,
  client: Meshery,
  resource: string,
  work: Promise<T>,
): Promise<T> => (explain ? work.catch((error: unknown) => explain(client, resource, error)) : work);

/** What identifies an object beside its name and organization: the kind of a connection. */
export const qualifiersOf = ({ identity }: Pick<ObjectType, "identity">): readonly string[] =>
  identity.slice(0, -1).filter((field) => field !== "organizationId");

/** An object of a list in words for people: `connection "prod" (kubernetes)`. */
export const inWords = (type: ObjectType, row: ObjectRow): string =>
  `${type.word} "${row.name}"${qualifiersOf(type)
    .map((field) => ` (${String(row[field])})`)
    .join("")}`;

/** The flags of what a program does not write. */
export const flagDefaults = ({ fields }: ObjectType): Values =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, { role, defaultValue }]) => (role === "flag" ? [[name, defaultValue]] : [])),
  );
