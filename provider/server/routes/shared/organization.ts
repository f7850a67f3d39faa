import type { Era } from "../../eras/era";
import { Failure } from "../../http/failure";
import type { Body } from "./body";
import { badRequest, type Call, isUuid, nilUuid } from "./call";
import { type Condition, sees, visibleTo } from "./visibility";

/**
 * The organization a request's query names; `undefined` when it names none and need not.
 *
 * @throws Failure 400 where the era requires one
 */
export function organizationOf(call: Call, endpoint: keyof Era["organization"]): string | undefined {
  if (call.quirks.listsIgnoreOrganization) return undefined;
  const { names, required } = call.era.organization[endpoint];
  const given = names.map((name) => call.query.get(name)).find((value) => value !== null && value !== "");
  if (given) return given;
  const header = call.era.organizationHeaders.map((name) => call.headers[name]).find((value) => value);
  if (typeof header === "string") return header;
  if (required === "always" || (required === "several" && visibleOrganizations(call).length > 1)) {
    throw badRequest(`${names[0]} is required`);
  }
  return undefined;
}

/** Rows of `organization`; in an era with a header for it, the user's first organization stands for none. */
export function inOrganization(call: Call, table: string, organization: string | undefined): Condition[] {
  if (call.quirks.listsIgnoreOrganization) return [];
  const id = organization ?? (call.era.organizationHeaders.length > 0 ? visibleOrganizations(call)[0] : undefined);
  return id === undefined ? [] : [{ sql: `${table}.organization_id = ?`, values: [id] }];
}

/**
 * The organization in a body, for a new object.
 *
 * @throws Failure where the era refuses what it says, or a remote provider does not know it
 */
export function organizationIn(call: Call, body: Body): string {
  const given = body.text("organizationId");
  if (given === undefined || given === "") {
    if (call.era.missingOrganization === "refused") throw badRequest(`${organizationKey(call)} is required`);
    return nilUuid;
  }
  if (call.era.ids === "uuid" && !isUuid(given)) throw body.unreadable(`${organizationKey(call)} is not a UUID`);
  if (!call.viewer.local && given !== nilUuid && !sees(call.store, call.viewer, "organizations", given)) {
    throw new Failure("topology", 404, "failed to save", {
      code: "meshery-server-1033",
      cause: `organization ${given} not found`,
    });
  }
  return given;
}

const organizationKey = (call: Call) => (call.era.keys === "camel" ? "organizationId" : "organization_id");

/** Ids of the organizations the viewer sees, the oldest first. */
export function visibleOrganizations(call: Call): string[] {
  const conditions = [
    { sql: "organizations.deleted_at is null", values: [] },
    ...visibleTo(call.viewer, "organizations"),
  ];
  return call.view.sql
    .all(
      `select id from organizations where ${conditions.map(({ sql }) => sql).join(" and ")} order by rowid`,
      conditions.flatMap(({ values }) => values),
    )
    .map((row) => String(row.id));
}
