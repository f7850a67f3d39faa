/**
 * What engines call the resources, lookups and fields of this folder. These names stand in users' state, plans and programs: they
 * never change.
 */

/** The one provider name behind all type names of Terraform. */
export const PROVIDER = "meshery";

/** `forceDestroy` as Terraform spells it: `force_destroy`. */
export const snake = (name: string): string => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);

/** `ConnectionAssignment` is `meshery_connection_assignment`. */
export const resourceType = (name: string): string => `${PROVIDER}${snake(name)}`;

/** `getEnvironments` is the data source `meshery_environments`. */
export const dataSourceType = (lookup: string): string => `${PROVIDER}${snake(lookup.replace(/^get/, ""))}`;

/** The type of a resource of the Pulumi plugin. */
export const resourceToken = (name: string): string => `meshery:index:${name}`;

/** The type that the dynamic providers' resources have. */
export const dynamicType = (name: string): string => `pulumi-nodejs:dynamic/meshery:${name}`;

/** What Pulumi's engine puts where a value is known only after an update: one fixed string per type of value. */
export const UNKNOWN_VALUES = {
  boolean: "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  number: "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  string: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  array: "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  asset: "030794c1-ac77-496b-92df-f27374a8bd58",
  archive: "e48ece36-62e2-4504-bad9-02848725956a",
  object: "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
} as const;
