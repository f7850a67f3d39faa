/** Rows as the rest of the code knows them, whatever spelling the server used. */
export interface NamedRow {
  id: string;
  name: string;
}
export interface OrganizationRow extends NamedRow {}
export interface TeamRow extends NamedRow {}
export interface EnvironmentRow extends NamedRow {
  description: string;
  /** Undefined where the server does not say. */
  organizationId: string | undefined;
  /** Id of the user who owns it; empty where the server does not say. */
  owner: string;
}
export interface WorkspaceRow extends EnvironmentRow {}
export interface ConnectionRow extends NamedRow {
  kind: string;
  type: string;
  subType: string;
  status: string;
  metadata: Record<string, unknown>;
  credentialId: string | undefined;
  /** Id of the user who owns it; empty where the server does not say. */
  owner: string;
  /** Ids of the environments that hold it; undefined where the server does not send them. */
  environments: string[] | undefined;
}

/**
 * Stands for an empty description on servers that cannot clear a text: some apply only fields that are not empty, others leave
 * empty ones out on the way to their provider.
 */
export const EMPTY_TEXT = "[meshery-iac]";

/** A stored description as people mean it. */
export const storedText = (description: string): string => (description.trim() === EMPTY_TEXT ? "" : description);

export type Json = Record<string, unknown>;
export type ParseRow<Row> = (row: Json) => Row;

export const NIL_ID = "00000000-0000-0000-0000-000000000000";

export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const snake = (key: string) => key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);

/** The value under the new (camelCase) or the old (snake_case) spelling of a key; the new one wins. */
export function pick(row: Json, key: string): unknown {
  return row[key] ?? row[snake(key)];
}
function text(row: Json, key: string): string {
  const value = pick(row, key);
  return typeof value === "string" ? value : "";
}
/** An id that may be absent: an empty or nil one counts as absent. */
function idOrNone(row: Json, key: string): string | undefined {
  const value = text(row, key);
  return value === "" || value === NIL_ID ? undefined : value;
}

/** Old servers mark a deleted row with `{Time, Valid}`, new ones with a time; `null`, absent and the zero time mean alive. */
export function isDeleted(row: Json): boolean {
  const value = pick(row, "deletedAt");
  if (isObject(value)) return value.Valid === true;
  return typeof value === "string" && value !== "" && !value.startsWith("0001-01-01");
}

const named = (row: Json): NamedRow => ({ id: text(row, "id"), name: text(row, "name") });

export const organizationRow: ParseRow<OrganizationRow> = named;
export const teamRow: ParseRow<TeamRow> = named;

const described = (row: Json) => ({
  ...named(row),
  description: storedText(text(row, "description")),
  organizationId: idOrNone(row, "organizationId") ?? idOrNone(row, "orgId"),
  // Lists of workspaces may have the owner's name in `owner` and the id beside it.
  owner: idOrNone(row, "ownerId") ?? idOrNone(row, "owner") ?? "",
});
export const environmentRow: ParseRow<EnvironmentRow> = described;
export const workspaceRow: ParseRow<WorkspaceRow> = described;

export const connectionRow: ParseRow<ConnectionRow> = (row) => {
  const metadata = pick(row, "metadata");
  const environments = pick(row, "environments");
  return {
    ...named(row),
    kind: text(row, "kind"),
    type: text(row, "type"),
    subType: text(row, "subType"),
    status: text(row, "status"),
    metadata: isObject(metadata) ? metadata : {},
    credentialId: idOrNone(row, "credentialId"),
    owner: idOrNone(row, "owner") ?? idOrNone(row, "userId") ?? "",
    environments: Array.isArray(environments)
      ? environments.flatMap((e) => (typeof e === "string" ? e : isObject(e) ? idOrNone(e, "id") : undefined) ?? [])
      : undefined,
  };
};

/** The ids in a user's profile. */
export function userIds(profile: unknown): string[] {
  if (!isObject(profile)) return [];
  return [...new Set(["id", "userId"].map((key) => text(profile, key)).filter((id) => id !== "" && id !== NIL_ID))];
}

/**
 * The object in the answer to a write or to a read of one object: an object, or a page that holds one. Undefined where the
 * body is empty, zeroed, or of another kind: such an answer says nothing and the list has to be read.
 */
export function readObject<Row extends NamedRow>(body: unknown, key: string, parse: ParseRow<Row>): Row | undefined {
  if (!isObject(body)) return undefined;
  const page = pick(body, key);
  const row = Array.isArray(page) ? (page.length === 1 ? page[0] : undefined) : body;
  return isObject(row) && idOrNone(row, "id") !== undefined && !isDeleted(row) ? parse(row) : undefined;
}

/** Whether the answer to an assignment states exactly the pair that was sent, as a mapping row or a page of one. */
export function confirmsPair(body: unknown, pair: Record<string, string>): boolean {
  if (!isObject(body)) return false;
  const rows = [body, ...Object.values(body).filter(Array.isArray).flat().filter(isObject)];
  return rows.some((row) => !isDeleted(row) && Object.entries(pair).every(([key, id]) => text(row, key) === id));
}
