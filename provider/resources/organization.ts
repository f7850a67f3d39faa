import { lookupAll, lookupOne } from "./shared/lookups";
import { organizations } from "./shared/organization";

export const getOrganization = lookupOne(organizations, {
  description: "One organization, by id or exact name; without either the only one that the token sees.",
  needs: [],
});

export const getOrganizations = lookupAll(organizations, { description: "Every organization that the token sees." });
