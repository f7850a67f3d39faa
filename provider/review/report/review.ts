import { type AccessChanges, accessChanges } from "../access/changes";
import { type Outcome, outcomeOf } from "../outcome";
import type { Plan } from "../plans/plan";
import type { World } from "../world/world";

/** All that is known of some plans: what everything that judges or shows them starts from. */
export interface Review {
  plans: readonly Plan[];
  world: World;
  outcome: Outcome;
  changes: AccessChanges;
}

export function reviewOf(plans: readonly Plan[], world: World): Review {
  const outcome = outcomeOf(plans, world);
  return { plans, world, outcome, changes: accessChanges(world.edges, outcome.edges, outcome.uncertain) };
}
