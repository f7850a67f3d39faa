import * as access from "./accessRules";
import * as environments from "./environmentRules";
import * as lifecycle from "./lifecycleRules";
import type { Rule } from "./rule";

/** Every rule. A new one is a line here; its page and its settings follow from its declaration. */
export const rules: readonly Rule[] = [
  access.productionReach,
  lifecycle.deletedWhileBound,
  lifecycle.replacementDrops,
  access.archivedBound,
  access.lastEnvironment,
  access.mixedLevels,
  lifecycle.setShrinks,
  lifecycle.adoptionChanges,
  environments.emptyName,
  environments.emptyEnvironment,
  environments.noDescription,
  access.manyEnvironments,
  lifecycle.undeclared,
];
