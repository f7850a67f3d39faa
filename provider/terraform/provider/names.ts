/** The one provider name behind all type names; permanent, since users' state holds it. */
export const PROVIDER = "meshery";
export const SOURCE = "meshery/meshery";

/** `forceDestroy` as Terraform spells it: `force_destroy`. */
export const snake = (name: string): string => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);

/** `ConnectionAssignment` is `meshery_connection_assignment`. */
export const resourceType = (name: string): string => `${PROVIDER}${snake(name)}`;

/** `getEnvironments` is the data source `meshery_environments`. */
export const dataSourceType = (lookup: string): string => `${PROVIDER}${snake(lookup.replace(/^get/, ""))}`;

/** A field name within an error text, spelled as Terraform's users write it. */
export function spelled(text: string, fields: Iterable<string>): string {
  let result = text;
  for (const field of fields) {
    if (snake(field) !== field) result = result.replace(new RegExp(`\\b${field}\\b`, "g"), snake(field));
  }
  return result;
}
