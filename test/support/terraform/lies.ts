import type { DynamicValue } from "../../../provider/terraform/protocol/codec";
import type { Handlers } from "../../../provider/terraform/protocol/handlers";
import { resourceOf } from "../../../provider/terraform/provider/declared";
import { type Attribution, decodeValue, encodeValue } from "../../../provider/terraform/provider/values";

/** For the test of the checks: a provider that, in one of its answers, says of every description what nobody wrote. */
export function lying(handlers: Handlers, about: string | undefined): Handlers {
  switch (about) {
    case "plan":
      return {
        ...handlers,
        async PlanResourceChange(request, context) {
          const answer = await handlers.PlanResourceChange!(request, context);
          return { ...answer, plannedState: twisted(request.typeName, answer.plannedState, "not what was written") };
        },
      };
    case "apply":
      return {
        ...handlers,
        async ApplyResourceChange(request, context) {
          const answer = await handlers.ApplyResourceChange!(request, context);
          return { ...answer, newState: twisted(request.typeName, answer.newState, "not what was planned") };
        },
      };
    default:
      return handlers;
  }
}

function twisted(typeName: string, value: DynamicValue | null | undefined, description: string) {
  const { attributes } = resourceOf(typeName);
  const object: Attribution | null = decodeValue(attributes, value);
  return encodeValue(attributes, object && { ...object, description });
}
