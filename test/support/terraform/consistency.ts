import type { Diagnostic } from "../../../provider/terraform/protocol/codec";
import { diagnostic, type Severity } from "../../../provider/terraform/protocol/diagnostics";
import { encodable } from "../../../provider/terraform/protocol/encodable";
import { formatPath, type PathStep, type ValueType } from "../../../provider/terraform/protocol/types";
import { isWhollyKnown, UNKNOWN } from "../../../provider/terraform/protocol/unknown";
import { ValueError } from "../../../provider/terraform/protocol/valueError";
import { canonicalText } from "./canonical";
import { type Difference, differences } from "./compatible";

// The rules by which an engine takes or refuses a plan and the result of an apply. A provider that breaks one makes the engine
// stop with a message about a bug that names neither side's value, and leaves a created object tainted; some broken rules it
// only notes in its log. Tests run the provider under these checks, so that the same mistake says what was sent and received.
//
// The rules are those of Terraform and OpenTofu (their package objchange, which agrees in both) for objects of plain
// attributes; nested blocks and nested attribute types have rules of their own and are not covered.

export interface AttributeRules {
  type: ValueType;
  /** Required or optional: may stand in the configuration. */
  configurable: boolean;
  /** The provider may give it a value where the configuration does not. */
  computed: boolean;
  sensitive?: boolean;
  writeOnly?: boolean;
}

export type ObjectRules = { readonly [attribute: string]: AttributeRules };

/** A decoded configuration, plan or state; null where there is no object. */
export type ObjectValue = { readonly [attribute: string]: unknown } | null;

export interface PlanToCheck {
  prior: ObjectValue;
  config: ObjectValue;
  planned: ObjectValue;
  requiresReplace?: readonly (readonly PathStep[])[];
}

export interface Violation {
  path: readonly PathStep[];
  problem: string;
  /** Values as they may be shown: shortened, and without what is sensitive. */
  expected?: string | undefined;
  received?: string | undefined;
}

/** What an engine would refuse about a plan. Empty when it would take it. */
export function checkPlan(rules: ObjectRules, plan: PlanToCheck, unknown: unknown = UNKNOWN): Violation[] {
  const { prior, config, planned } = plan;
  if (config === null && planned === null) return [];
  if (config === null) return [{ path: [], problem: "a plan was made although the object is to be removed" }];
  if (planned === null) return [{ path: [], problem: "a removal was planned although the object is configured" }];
  const violations = checkTypes(rules, planned, unknown);
  if (violations.length > 0) return violations;
  for (const [name, rule] of Object.entries(rules)) {
    const values = { prior: prior?.[name] ?? null, config: config[name] ?? null, planned: planned[name] ?? null };
    const violation = checkPlannedAttribute(name, rule, values, unknown);
    if (violation) violations.push(violation);
  }
  for (const path of prior === null ? [] : (plan.requiresReplace ?? [])) {
    if (exists(prior, path) || exists(planned, path)) continue;
    violations.push({ path, problem: "a replacement was asked for because of an attribute that does not exist" });
  }
  return violations;
}

/** What an engine would refuse about the result of an apply. Empty when it would take it. */
export function checkApply(
  rules: ObjectRules,
  apply: { planned: ObjectValue; result: ObjectValue },
  unknown: unknown = UNKNOWN,
): Violation[] {
  const { planned, result } = apply;
  if (planned === null && result === null) return [];
  if (planned === null) return [{ path: [], problem: "the object was to be removed but is still there" }];
  if (result === null) return [{ path: [], problem: "the object was to be there but is gone" }];
  const violations = checkState(rules, result, unknown);
  if (violations.length > 0) return violations;
  for (const [name, rule] of Object.entries(rules)) {
    if (rule.writeOnly) continue;
    for (const difference of differences(rule.type, planned[name] ?? null, result[name] ?? null, unknown, [name])) {
      violations.push(describe(difference, rule, unknown));
    }
  }
  return violations;
}

/** What an engine would refuse about a state, be it read, imported or upgraded. Empty when it would take it. */
export function checkState(rules: ObjectRules, state: ObjectValue, unknown: unknown = UNKNOWN): Violation[] {
  if (state === null) return [];
  const violations = checkTypes(rules, state, unknown);
  for (const [name, rule] of Object.entries(rules)) {
    const value = state[name] ?? null;
    if (rule.writeOnly && value !== null) violations.push(writeOnlyKept(name));
    else if (!isWhollyKnown(value, unknown)) violations.push({ path: [name], problem: "it is still unknown" });
  }
  return violations;
}

/** A violation as a message. `subject` names the resource. */
export function violationDiagnostic(subject: string, violation: Violation, severity: Severity = "error"): Diagnostic {
  const { path, problem, expected, received } = violation;
  const lines = [`${subject}, ${formatPath(path)}: ${problem}.`];
  if (expected !== undefined) lines.push(`Expected: ${expected}`);
  if (received !== undefined) lines.push(`Received: ${received}`);
  lines.push("This is a mistake of the provider, not of the configuration.");
  return diagnostic({ severity, summary: "The provider contradicts itself", detail: lines.join("\n"), path });
}

function checkPlannedAttribute(
  name: string,
  rule: AttributeRules,
  { prior, config, planned }: { prior: unknown; config: unknown; planned: unknown },
  unknown: unknown,
): Violation | undefined {
  const equal = (a: unknown, b: unknown) => same(rule.type, a, b, unknown);
  if (rule.writeOnly) return planned === null ? undefined : writeOnlyKept(name);
  if (equal(planned, config)) return undefined;
  if (!rule.configurable) return undefined; // computed only: anything may be planned
  const mismatch = (problem: string) =>
    describe({ path: [name], problem, expected: config, received: planned }, rule, unknown);
  // Engines let the prior value stand here and refuse the second plan, once the configuration is known and differs.
  if (config === unknown) return mismatch("it was planned although the configuration is not known yet");
  if (config === null) return rule.computed ? undefined : mismatch("only the configuration may set it");
  // Keeping the prior value says: the configuration means the same, written differently.
  if (prior !== null && equal(planned, prior)) return undefined;
  return mismatch("the plan differs from the configuration");
}

function checkTypes(rules: ObjectRules, value: { readonly [name: string]: unknown }, unknown: unknown): Violation[] {
  const violations: Violation[] = [];
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(rules, name)) violations.push({ path: [name], problem: "there is no such attribute" });
  }
  for (const [name, rule] of Object.entries(rules)) {
    try {
      encodable(rule.type, value[name], unknown, [name]);
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      violations.push({ path: error.path, problem: error.problem });
    }
  }
  return violations;
}

function writeOnlyKept(name: string): Violation {
  return { path: [name], problem: "it is write-only and must not be kept" };
}

function same(type: ValueType, a: unknown, b: unknown, unknown: unknown): boolean {
  return (
    canonicalText(encodable(type, a, unknown), unknown).text ===
    canonicalText(encodable(type, b, unknown), unknown).text
  );
}

function describe(difference: Difference, rule: AttributeRules, unknown: unknown): Violation {
  const { path, problem, expected, received } = difference;
  const shown = (value: unknown) => (rule.sensitive ? "(sensitive)" : show(value, unknown));
  // The inner path of a sensitive value may name one of its keys.
  return {
    path: rule.sensitive ? path.slice(0, 1) : path,
    problem,
    expected: expected === undefined ? undefined : shown(expected),
    received: received === undefined ? undefined : shown(received),
  };
}

const LONGEST_SHOWN = 200;

function show(value: unknown, unknown: unknown): string {
  if (value === unknown) return "(known after apply)";
  const { text } = canonicalText(value, unknown);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)} ...` : text;
}

function exists(value: ObjectValue, path: readonly PathStep[]): boolean {
  let at: unknown = value;
  for (const step of path) {
    if (typeof at !== "object" || at === null) return false;
    const key = typeof step === "object" ? step.key : step;
    if (!Object.hasOwn(at, key)) return false;
    at = (at as Record<string | number, unknown>)[key];
  }
  return true;
}
