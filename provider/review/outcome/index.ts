import type { Plan } from "../plans/plan";
import type { World } from "../world/world";
import { afterWorld, takeEdges } from "./edges";
import { takeObjects } from "./objects";
import type { Outcome } from "./outcome";

export type { Outcome } from "./outcome";

/** What the plans come to, from what is there now. The plans of several stacks count together. */
export function outcomeOf(plans: readonly Plan[], world: World): Outcome {
  const outcome: Outcome = {
    ...afterWorld(world),
    uncertain: { bindings: [], assignments: [], memberships: [] },
    unknown: [],
    added: new Map(),
    removed: new Map(),
    kept: new Map(),
    declared: new Map(),
    traced: [],
    gone: new Map(),
    made: new Map(),
    letGo: new Map(),
  };
  takeObjects(plans, outcome);
  takeEdges(plans, world, outcome);
  return outcome;
}
