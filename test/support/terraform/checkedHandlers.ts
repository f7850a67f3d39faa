import { UNKNOWN } from "../../../provider/framework";
import type { Diagnostic, DynamicValue, ResponseOf } from "../../../provider/terraform/protocol/codec";
import type { Handlers } from "../../../provider/terraform/protocol/handlers";
import { resourceOf } from "../../../provider/terraform/provider/declared";
import { handlers as real } from "../../../provider/terraform/provider/handlers";
import type { Attributes } from "../../../provider/terraform/provider/schema";
import { decodeValue } from "../../../provider/terraform/provider/values";
import {
  checkApply,
  checkPlan,
  checkState,
  type ObjectRules,
  type Violation,
  violationDiagnostic,
} from "./consistency";
import { lying } from "./lies";

/** What the tests' build of the provider answers: see provider.mjs. */
export const handlers = (env: NodeJS.ProcessEnv, version: string): Handlers =>
  checked(lying(real(env, version), env.TEST_PROVIDER_LIES));

type Answer = { diagnostics?: readonly Diagnostic[] | null };

/** The same handlers, which report an error where an answer breaks one of the engines' rules. */
export function checked(handlers: Handlers): Handlers {
  return {
    ...handlers,

    async PlanResourceChange(request, context) {
      const answer = await handlers.PlanResourceChange!(request, context);
      return withViolations(request.typeName, answer, ({ rules, decode }) => {
        const [prior, config, planned] = [request.priorState, request.config, answer.plannedState].map(decode);
        const requiresReplace = (answer.requiresReplace ?? []).map(({ steps }) =>
          (steps ?? []).map(({ attributeName }) => attributeName!),
        );
        return checkPlan(rules, { prior: prior!, config: config!, planned: planned!, requiresReplace }, UNKNOWN);
      });
    },

    async ApplyResourceChange(request, context) {
      const answer = await handlers.ApplyResourceChange!(request, context);
      return withViolations(request.typeName, answer, ({ rules, decode }) =>
        checkApply(rules, { planned: decode(request.plannedState), result: decode(answer.newState) }, UNKNOWN),
      );
    },

    async ReadResource(request, context) {
      const answer = await handlers.ReadResource!(request, context);
      return withViolations(request.typeName, answer, ({ rules, decode }) =>
        checkState(rules, decode(answer.newState), UNKNOWN),
      );
    },

    async UpgradeResourceState(request, context) {
      const answer = await handlers.UpgradeResourceState!(request, context);
      return withViolations(request.typeName, answer, ({ rules, decode }) =>
        checkState(rules, decode(answer.upgradedState), UNKNOWN),
      );
    },

    async ImportResourceState(request, context) {
      const answer = await handlers.ImportResourceState!(request, context);
      return withViolations(request.typeName, answer, ({ rules, decode }) =>
        (answer.importedResources ?? []).flatMap(({ state }) => checkState(rules, decode(state), UNKNOWN)),
      );
    },
  };
}

interface Checker {
  rules: ObjectRules;
  decode(value: DynamicValue | null | undefined): Record<string, unknown> | null;
}

/** An answer that is an error already promises nothing. */
function withViolations<
  Response extends Answer & ResponseOf<"ReadResource" | "PlanResourceChange" | "ImportResourceState">,
>(typeName: string, answer: Response, violations: (checker: Checker) => readonly Violation[]): Response {
  const diagnostics = answer.diagnostics ?? [];
  if (diagnostics.some(({ severity }) => severity === 1)) return answer;
  const { attributes } = resourceOf(typeName);
  const found = violations({ rules: rulesOf(attributes), decode: (value) => decodeValue(attributes, value) });
  return { ...answer, diagnostics: [...diagnostics, ...found.map((one) => violationDiagnostic(typeName, one))] };
}

/** The attributes as the engines' own rules see them. */
export const rulesOf = (attributes: Attributes): ObjectRules =>
  Object.fromEntries(
    [...attributes].map(([name, { type, required, optional, computed, sensitive, writeOnly }]) => [
      name,
      { type, configurable: required || optional, computed, sensitive, writeOnly },
    ]),
  );
