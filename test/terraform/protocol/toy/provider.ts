import { appendFileSync } from "node:fs";
import type { DynamicValue } from "../../../../provider/terraform/protocol/codec";
import type { Handlers } from "../../../../provider/terraform/protocol/handlers";
import { UNKNOWN } from "../../../../provider/terraform/protocol/unknown";
import { createValueCodec } from "../../../../provider/terraform/protocol/values";
import { checkApply, checkPlan, type Violation } from "../../../support/terraform/consistency";
import { functions } from "./functions";
import { objectType, resources } from "./schema";

const values = createValueCodec();

type State = Record<string, unknown> | null;

export const handlers: Handlers = {
  ValidateProviderConfig: () => ({}),
  ConfigureProvider: () => ({}),
  ValidateResourceConfig: () => ({}),
  UpgradeResourceState({ typeName, rawState }) {
    const { type } = resource(typeName);
    return { upgradedState: values.encode(type, values.decodeJson(type, rawState?.json ?? Buffer.from("null"))) };
  },
  ReadResource: ({ currentState }) => ({ newState: currentState ?? null }),
  PlanResourceChange({ typeName, priorState, proposedNewState, config }) {
    const { type, rules, read } = resource(typeName);
    const planned = read(proposedNewState);
    if (planned) {
      if (planned.id === null) planned.id = UNKNOWN;
      if (planned.owner === null) planned.owner = UNKNOWN;
      lie(planned, planned.plan_lie);
      report("plan", planned, checkPlan(rules, { prior: read(priorState), config: read(config), planned }));
    }
    return { plannedState: values.encode(type, planned) };
  },
  ApplyResourceChange({ typeName, plannedState }) {
    const { type, rules, read } = resource(typeName);
    const planned = read(plannedState);
    const result = planned && { ...planned };
    if (result) {
      if (result.id === UNKNOWN) result.id = `id of ${result.name}`;
      if (result.owner === UNKNOWN) result.owner = "nobody";
      lie(result, result.apply_lie);
      report("apply", result, checkApply(rules, { planned, result }));
    }
    return { newState: values.encode(type, result) };
  },
  ImportResourceState({ typeName, id }) {
    const { type } = resource(typeName);
    const name = id.replace(/^id of /, "");
    return { importedResources: [{ typeName, state: values.encode(type, { id, name, owner: "nobody" }) }] };
  },
  CallFunction: functions,
};

function resource(typeName: string) {
  const rules = resources[typeName];
  if (!rules) throw new Error(`no resource ${typeName}`);
  const type = objectType(rules);
  const read = (value: DynamicValue | null | undefined) => values.decode(type, value) as State;
  return { rules, type, read };
}

function lie(state: Record<string, unknown>, text: unknown): void {
  if (typeof text !== "string") return;
  const replaced = JSON.parse(text, (_key, value: unknown) => (value === "?" ? UNKNOWN : value)) as object;
  Object.assign(state, replaced);
}

// For the test that compares these verdicts with the engine's.
function report(phase: string, state: Record<string, unknown>, violations: Violation[]): void {
  const file = process.env.TOY_VERDICTS;
  if (file) appendFileSync(file, `${JSON.stringify({ phase, name: state.name, violations })}\n`);
}
