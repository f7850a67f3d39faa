import { addressOf, type Key, type Step, stepsOf } from "./address";
import type { StateModuleJson, TerraformPlanJson } from "./terraformJson";

/** The keys that each block of a plan has: of resources, data sources and modules. A block with one instance has `undefined`. */
export class Instances {
  private readonly keys = new Map<string, Set<Key | undefined>>();

  constructor({ resource_changes = [], prior_state }: TerraformPlanJson) {
    for (const { address, change } of resource_changes)
      if (!change.actions.every((action) => action === "delete" || action === "forget")) this.add(address);
    for (const address of dataAddresses(prior_state?.values?.root_module)) this.add(address);
  }

  of(block: string): ReadonlySet<Key | undefined> {
    return this.keys.get(block) ?? new Set();
  }

  private add(address: string): void {
    const steps = stepsOf(address);
    if (!steps) return;
    let at = 0;
    while (steps[at]?.name === "module" && at + 1 < steps.length) {
      this.put(steps.slice(0, at + 2));
      at += 2;
    }
    this.put(steps);
  }

  private put(steps: readonly Step[]): void {
    const last = steps.at(-1)!;
    const block = addressOf([...steps.slice(0, -1), { name: last.name }]);
    const known = this.keys.get(block);
    if (known) known.add(last.key);
    else this.keys.set(block, new Set([last.key]));
  }
}

function* dataAddresses(module: StateModuleJson | undefined): Generator<string> {
  for (const { address, mode } of module?.resources ?? []) if (mode === "data") yield address;
  for (const child of module?.child_modules ?? []) yield* dataAddresses(child);
}
