import { loadMessages } from "../../../../provider/terraform/protocol/codec";
import { type ObjectType, typeBytes } from "../../../../provider/terraform/protocol/types";
import type { ObjectRules } from "../../../support/terraform/consistency";

const given = { configurable: true, computed: false };
const either = { configurable: true, computed: true };
const answered = { configurable: false, computed: true };

/**
 * toy_thing is honest: it stores what it is given and invents an id. toy_liar does the same and then replaces
 * attributes by what the JSON objects in `plan_lie` and `apply_lie` say, in which "?" stands for unknown.
 */
const thing: ObjectRules = {
  id: { type: "string", ...answered },
  name: { type: "string", ...given },
  size: { type: "number", ...given },
  tags: { type: ["map", "string"], ...given },
  zones: { type: ["set", "string"], ...given },
  ports: { type: ["list", ["object", { port: "number" }]], ...given },
  owner: { type: "string", ...either },
};

export const resources: Record<string, ObjectRules> = {
  toy_thing: thing,
  toy_liar: { ...thing, plan_lie: { type: "string", ...given }, apply_lie: { type: "string", ...given } },
};

export function objectType(rules: ObjectRules): ObjectType {
  return ["object", Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name, rule.type]))];
}

export async function providerSchema(): Promise<Uint8Array> {
  const { GetProviderSchema } = await loadMessages();
  const schemas = Object.entries(resources).map(([name, rules]) => [name, { version: 0, block: block(rules) }]);
  const message = {
    provider: { version: 0, block: {} },
    resourceSchemas: Object.fromEntries(schemas),
    serverCapabilities: { getProviderSchemaOptional: true, planDestroy: true },
  };
  return GetProviderSchema.Response.encode(message).finish();
}

function block(rules: ObjectRules) {
  const attributes = Object.entries(rules).map(([name, rule]) => ({
    name,
    type: typeBytes(rule.type),
    optional: rule.configurable,
    computed: rule.computed,
  }));
  return { version: 0, attributes };
}
