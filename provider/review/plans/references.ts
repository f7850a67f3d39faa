import { addressOf, type Key, longest, type Step, stepsOf } from "./address";
import { Instances } from "./instances";
import type { Reference } from "./plan";
import type {
  ExpressionJson,
  ModuleCallJson,
  ModuleJson,
  ResourceConfigJson,
  TerraformPlanJson,
} from "./terraformJson";

type Keys = ReadonlySet<Key | undefined>;

/** Where an expression stands: in which instance of which module, and in which instance of the block. */
interface Scope {
  path: readonly Step[];
  module: ModuleJson;
  /** The block's own key, and all that it has. */
  key?: Key | undefined;
  keys: Keys;
  block?: ResourceConfigJson | ModuleCallJson | undefined;
  parent?: Scope;
  call?: ModuleCallJson;
}

/**
 * What is taken of what an expression refers to, from left to right. `own`: the key is the block's own, which has these; an
 * `index` counts from 0.
 */
type Part = { attribute: string } | { key: Key; own?: { keys: Keys; index: boolean } };

const LOCAL = "a local value stands between, and a plan does not show what it holds";
const COMPUTED = "the expression refers to more than one thing, and a plan does not show how they are put together";
const KEY = "the plan does not show which key is taken";
const NO_CONFIGURATION = "the plan's configuration does not say where it comes from";

/** Follows the references of a plan's configuration. What cannot be followed exactly has a reason. */
export class References {
  private readonly instances: Instances;
  private last: { address: string; scope: Scope | undefined } | undefined;

  constructor(private readonly plan: TerraformPlanJson) {
    this.instances = new Instances(plan);
  }

  /** What a field of a resource refers to; `types` are those of the resources and data sources that its value can come from. */
  of({ address, mode }: { address: string; mode: string }, field: string, types: ReadonlySet<string>): Reference[] {
    const { scope, expression } = this.expressionOf({ address, mode }, field);
    if (!scope || !expression) return [{ reason: NO_CONFIGURATION }];
    const all = longest(expression.references ?? []);
    const isWhole = (text: string) => ["id", "name"].includes(stepsOf(text)?.at(-1)?.name ?? "");
    // A list of ids: one for each thing that it names.
    if (all.length > 1 && all.every(isWhole))
      return all.map((reference) => this.follow({ references: [reference] }, scope, [], types));
    return [this.follow(expression, scope, [], types)];
  }

  /** Whether the program gives the field. */
  isWritten(resource: { address: string; mode: string }, field: string): boolean {
    return this.expressionOf(resource, field).expression !== undefined;
  }

  private expressionOf({ address, mode }: { address: string; mode: string }, field: string) {
    // The fields of a resource are asked for one after the other.
    if (this.last?.address !== address) {
      const steps = stepsOf(address);
      this.last = { address, scope: steps && this.scopeOf(steps, mode === "data") };
    }
    const { scope } = this.last;
    return { scope, expression: (scope?.block as ResourceConfigJson | undefined)?.expressions?.[field] };
  }

  private follow(
    expression: ExpressionJson,
    scope: Scope,
    rest: readonly Part[],
    types: ReadonlySet<string>,
  ): Reference {
    if ("constant_value" in expression) return { value: valueAt(expression.constant_value, rest) };
    const found = longest(expression.references ?? []);
    const [main, ...others] = found.filter((text) => !OWN.test(text));
    const keys = found.filter((text) => OWN.test(text));
    if (others.length > 0) return { reason: COMPUTED };
    if (main === undefined)
      return keys.length === 1 ? this.eachValue(keys[0]!, scope, rest, types) : { reason: COMPUTED };
    const steps = stepsOf(main);
    if (!steps) return { reason: COMPUTED };
    if (steps[0]?.name === "local") return { reason: LOCAL };
    if (keys.length === 0) return this.target(steps, scope, rest, types);
    if (keys.length > 1 || steps.some(({ key }) => key !== undefined)) return { reason: COMPUTED };
    const key = ownKey(keys[0]!, scope);
    return key ? this.target(steps, scope, [key, ...rest], types) : { reason: KEY };
  }

  /** `each.value`: what the block goes through, at the block's own key. */
  private eachValue(text: string, scope: Scope, rest: readonly Part[], types: ReadonlySet<string>): Reference {
    const constant = constantEach(text, scope);
    if (constant !== undefined) return { value: constant };
    const [steps, expression, key] = [stepsOf(text), scope.block?.for_each_expression, ownKey("each.key", scope)];
    if (!text.startsWith("each.value") || !steps || !expression || !key) return { reason: KEY };
    return this.follow(expression, scope, [key, ...partsOf(steps.slice(2)), ...rest], types);
  }

  private target(steps: readonly Step[], scope: Scope, rest: readonly Part[], types: ReadonlySet<string>): Reference {
    switch (steps[0]?.name) {
      case "var":
        return this.variable(steps, scope, rest, types);
      case "module":
        return this.output(steps, scope, rest, types);
      case "data":
        return this.instance(steps.slice(0, 1), steps.slice(1), scope, rest);
      default:
        return this.instance([], steps, scope, rest);
    }
  }

  /** An instance of a block, by the first key that is taken where it has several. */
  private instance(data: readonly Step[], steps: readonly Step[], scope: Scope, rest: readonly Part[]): Reference {
    const [type, named, ...attributes] = steps;
    if (!type || !named) return { reason: COMPUTED };
    const block = [...scope.path, ...data, type, { name: named.name }];
    const there = this.instances.of(addressOf(block));
    const parts = [...keyPart(named), ...partsOf(attributes), ...rest];
    const taken = there.has(undefined) ? undefined : (onlyOne(there, parts[0]) ?? parts[0]);
    if (taken && !("key" in taken && isThere(taken, there))) return { reason: KEY };
    if (!taken && !there.has(undefined))
      return { reason: there.size > 0 ? KEY : `the plan has no ${addressOf(block)}` };
    const attribute = parts.find((part): part is { attribute: string } => "attribute" in part)?.attribute;
    const address = addressOf([...block.slice(0, -1), { name: named.name, ...(taken && { key: taken.key }) }]);
    return { address, ...(attribute !== undefined && { attribute }) };
  }

  private variable(steps: readonly Step[], scope: Scope, rest: readonly Part[], types: ReadonlySet<string>): Reference {
    const [, variable, ...attributes] = steps;
    const expression = scope.call?.expressions?.[variable?.name ?? ""];
    if (!scope.parent || !expression || !variable) return { reason: "the plan does not show what the variable holds" };
    return this.follow(expression, scope.parent, [...keyPart(variable), ...partsOf(attributes), ...rest], types);
  }

  private output(steps: readonly Step[], scope: Scope, rest: readonly Part[], types: ReadonlySet<string>): Reference {
    const [, called, ...further] = steps;
    const call = scope.module.module_calls?.[called?.name ?? ""];
    if (!called || !call?.module) return { reason: NO_CONFIGURATION };
    const keys = this.instances.of(addressOf([...scope.path, { name: "module" }, { name: called.name }]));
    const parts = [...keyPart(called), ...partsOf(further), ...rest];
    const taken = keys.has(undefined) ? undefined : parts.shift();
    if (taken && !("key" in taken && isThere(taken, keys))) return { reason: KEY };
    if (!taken && !keys.has(undefined)) return { reason: KEY };
    const inner = this.inModule(scope, { name: called.name, ...(taken && { key: taken.key }) }, call);
    const [output, ...left] = parts;
    if (!output) return this.onlyOutput(call.module, inner, types);
    const expression = "attribute" in output ? call.module.outputs?.[output.attribute]?.expression : undefined;
    return expression ? this.follow(expression, inner, left, types) : { reason: NO_CONFIGURATION };
  }

  /** `module.m[each.key].x` is listed without its output: exact only where one output alone can be meant. */
  private onlyOutput(module: ModuleJson, scope: Scope, types: ReadonlySet<string>): Reference {
    const found = Object.values(module.outputs ?? {}).flatMap(({ expression }): Reference[] => {
      const reference = expression && this.follow(expression, scope, [], types);
      if (!reference || "value" in reference) return [];
      if ("reason" in reference) return [reference];
      return types.has(typeIn(reference.address)) ? [reference] : [];
    });
    return found.length === 1 ? found[0]! : { reason: "the plan does not show which output of the module is taken" };
  }

  private inModule(scope: Scope, step: Step, call: ModuleCallJson): Scope {
    const block = [...scope.path, { name: "module" }, { name: step.name }];
    const keys = this.instances.of(addressOf(block));
    const path = [...scope.path, { name: "module" }, step];
    const parent = { ...scope, block: call, key: step.key, keys };
    return { path, module: call.module ?? {}, keys: new Set(), parent, call };
  }

  /** The scope of a resource, from its address. */
  private scopeOf(steps: readonly Step[], data: boolean): Scope | undefined {
    let scope: Scope = { path: [], module: this.plan.configuration?.root_module ?? {}, keys: new Set() };
    let left = steps;
    while (left[0]?.name === "module" && left[1]) {
      const call = scope.module.module_calls?.[left[1].name];
      if (!call) return undefined;
      scope = this.inModule(scope, left[1], call);
      left = left.slice(2);
    }
    const [type, named] = data ? left.slice(1) : left;
    if (!type || !named) return undefined;
    const block = blocksOf(scope.module).get(`${data ? "data" : "managed"} ${type.name} ${named.name}`);
    const path = [...scope.path, ...(data ? [{ name: "data" }] : []), type, { name: named.name }];
    return block && { ...scope, block, key: named.key, keys: this.instances.of(addressOf(path)) };
  }
}

/** References to what a block itself is: its key, its number, the value that it goes through. */
const OWN = /^(each|count)\./;

const typeIn = (address: string): string => stepsOf(address)?.at(-2)?.name ?? "";

const blocks = new WeakMap<ModuleJson, Map<string, ResourceConfigJson>>();

function blocksOf(module: ModuleJson): Map<string, ResourceConfigJson> {
  const known = blocks.get(module);
  if (known) return known;
  const found = new Map((module.resources ?? []).map((one) => [`${one.mode} ${one.type} ${one.name}`, one]));
  blocks.set(module, found);
  return found;
}

const keyPart = ({ key }: Step): Part[] => (key === undefined ? [] : [{ key }]);
const partsOf = (steps: readonly Step[]): Part[] =>
  steps.flatMap((step) => [{ attribute: step.name }, ...keyPart(step)]);

/** The key that stands in brackets. */
function ownKey(text: string, scope: Scope): Extract<Part, { key: Key }> | undefined {
  const { key, keys } = scope;
  if (key === undefined) return undefined;
  if (text === "each.key" || text === "count.index") return { key, own: { keys, index: text === "count.index" } };
  const value = constantEach(text, scope);
  return typeof value === "string" || typeof value === "number" ? { key: value } : undefined;
}

/**
 * Whether a block has that instance. `[each.key]` and `[count.index]` are listed just as what is computed from them: they are
 * believed only where every instance that refers so finds its own, and for numbers only where there are as many.
 */
function isThere({ key, own }: Extract<Part, { key: Key }>, there: Keys): boolean {
  if (!there.has(key)) return false;
  if (!own) return true;
  if (own.index) return own.keys.size === there.size;
  return [...own.keys].every((one) => there.has(one));
}

/** Of a block with a single instance no other can be meant, however it is taken: `one(x[*].id)`. */
const onlyOne = (there: Keys, part: Part | undefined): Part | undefined => {
  const [key] = there;
  return there.size === 1 && key !== undefined && !(part && "key" in part) ? { key } : undefined;
};

/** What the block's own constant `for_each` holds at its key. */
function constantEach(text: string, { block, key }: Scope): unknown {
  const constant = block?.for_each_expression?.constant_value;
  const steps = stepsOf(text);
  if (!text.startsWith("each.value") || constant === undefined || key === undefined || !steps) return undefined;
  return valueAt(constant, [{ key }, ...partsOf(steps.slice(2))]);
}

const valueAt = (value: unknown, parts: readonly Part[]): unknown =>
  parts.reduce<unknown>(
    (at, part) =>
      typeof at === "object" && at !== null
        ? (at as Record<string, unknown>)["key" in part ? part.key : part.attribute]
        : undefined,
    value,
  );
