import { configurationFields } from "../../configuration";
import { propertySpec } from "./properties";
import type { PackageSpec, PropertySpecs } from "./spec";

/**
 * The provider's arguments and the stack's configuration. No default is taken from the environment here: SDKs would copy it into
 * the program's inputs and so into the state; the provider looks there by itself.
 */
export function configurationSection(): Pick<PackageSpec, "config" | "provider"> {
  const variables: PropertySpecs = Object.fromEntries(
    Object.entries(configurationFields).map(([name, field]) => [name, propertySpec("Provider", name, field, {})]),
  );
  return {
    config: { variables },
    provider: {
      description:
        "The Meshery that resources are managed on. Programs with one Meshery need none of it: the stack configuration (`meshery:url`, ...) and the environment (`MESHERY_URL`, `MESHERY_TOKEN`, ...) configure the default provider.",
      // SDKs can give back only texts of a provider.
      properties: Object.fromEntries(Object.entries(variables).filter(([, { type }]) => type === "string")),
      inputProperties: variables,
    },
  };
}
