import { isMap } from "../../framework";
import type { Cause } from "../outcome/outcome";
import type { MesheryObject } from "../world/world";
import type { Review } from "./review";
import type { ReportDeclared, ReportObject } from "./schema";

/** An object as it is after the plans; one that they remove as it was. */
export const objectAt = ({ outcome, world }: Review, key: string): MesheryObject | undefined =>
  outcome.objects.get(key) ?? world.objects.get(key);

export function reportObject(review: Review, key: string): ReportObject {
  const object = objectAt(review, key);
  if (!object) return { name: "", id: key, organization: null };
  const { name, id, organizationId, kind, values } = object;
  return {
    name,
    id,
    organization:
      organizationId === undefined
        ? null
        : { name: review.world.organizations.get(organizationId) ?? null, id: organizationId },
    ...(kind === "connection" && typeof values.kind === "string" && { kind: values.kind }),
  };
}

/** Of texts alone; null where nothing is said of tags. */
export function tagsOf(object: MesheryObject | undefined): Record<string, string> | null {
  const tags = object?.values.tags;
  if (!isMap(tags)) return null;
  return Object.fromEntries(
    Object.entries(tags).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

export const archivedOf = (object: MesheryObject | undefined): boolean | null =>
  typeof object?.values.archived === "boolean" ? object.values.archived : null;

export const byName = (a: ReportObject, b: ReportObject): number =>
  compare(a.name, b.name) || compare(a.id ?? "", b.id ?? "");

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Each place once. */
export function declaredIn(causes: readonly Cause[]): ReportDeclared[] {
  const found = new Map(
    causes.map(({ place, action }): [string, ReportDeclared] => [
      `${place.stack}\0${place.address}`,
      {
        stack: place.stack,
        address: place.address,
        action,
        ...(place.file !== undefined && { file: place.file }),
        ...(place.line !== undefined && { line: place.line }),
      },
    ]),
  );
  return [...found.values()];
}
