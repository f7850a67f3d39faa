import { PROVIDER, snake } from "../../resources/shared/engineTypes";

export { dataSourceType, resourceType, snake } from "../../resources/shared/engineTypes";
export const SOURCE = `${PROVIDER}/${PROVIDER}`;

/** A field name within an error text, spelled as Terraform's users write it. */
export function spelled(text: string, fields: Iterable<string>): string {
  let result = text;
  for (const field of fields) {
    if (snake(field) !== field) result = result.replace(new RegExp(`\\b${field}\\b`, "g"), snake(field));
  }
  return result;
}
