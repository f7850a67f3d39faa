import { UNKNOWN, type Values } from "../../framework";
import { UNKNOWN_VALUES } from "../../resources/shared/engineTypes";
import { declaredAs, isPulumiType } from "../catalog";
import type { Action, Place, Plan, PlannedChange, Reference } from "./plan";

/** The parts of `pulumi preview --json` that a review reads. */
export interface PulumiPreviewJson {
  steps: StepJson[];
  diagnostics?: { severity?: string; message?: string }[];
  changeSummary?: Record<string, number>;
}

interface StepJson {
  op: string;
  urn: string;
  oldState?: StateJson | null;
  newState?: StateJson | null;
}

interface StateJson {
  urn: string;
  type: string;
  id?: string;
  inputs?: Values;
  outputs?: Values;
  propertyDependencies?: Record<string, string[] | null>;
  retainOnDelete?: boolean;
  external?: boolean;
  sourcePosition?: string;
  stackTrace?: { sourcePosition?: string }[];
}

const ACTIONS: Record<string, Action> = {
  create: "create",
  import: "none",
  update: "update",
  same: "none",
  replace: "replace",
  "import-replacement": "replace",
  delete: "delete",
};

/** Reads `pulumi preview --json`, of dynamic providers and of the plugin. */
export function readPulumiPreview(json: PulumiPreviewJson, { stack, sha256 }: { stack: string; sha256: string }): Plan {
  const named = json.steps.map(({ urn }) => stackOf(urn)).find(Boolean) ?? stack;
  const plan: Plan = {
    stack: named,
    engine: "pulumi",
    engineVersion: "",
    sha256,
    complete: true,
    errored: (json.diagnostics ?? []).some(({ severity }) => severity === "error"),
    destroy: json.steps.length > 0 && json.steps.every(({ op }) => op === "delete"),
    hidden: (json.changeSummary?.same ?? 0) - json.steps.filter(({ op }) => op === "same").length,
    secrets: [],
    changes: [],
    lookups: [],
    others: [],
  };
  for (const step of json.steps) if (isPulumiType(typeOf(step))) take(plan, step);
  return plan;
}

const typeOf = ({ newState, oldState }: StepJson): string => (newState ?? oldState)?.type ?? "";

/** `urn:pulumi:dev::shop::...` is the stack `dev` of the project `shop`. */
function stackOf(urn: string): string | undefined {
  const [, stack, project] = /^urn:pulumi:(.*?)::(.*?)::/.exec(urn) ?? [];
  return stack && project ? `${project}/${stack}` : undefined;
}

function take(plan: Plan, step: StepJson): void {
  const { op, urn, oldState, newState } = step;
  const action = ACTIONS[op];
  const declared = declaredAs(typeOf(step));
  if (action === undefined || (newState ?? oldState)?.external) return;
  const importing = op.startsWith("import");
  const keeps = oldState?.retainOnDelete === true && (action === "delete" || action === "replace");
  const kept: Action = keeps && action === "delete" ? "forget" : action;
  if (!declared || declared.shape === "other") {
    plan.others.push({ action: kept, importing, deferred: false });
    return;
  }
  const before = oldState ? beforeValues(oldState) : importing && newState ? beforeValues(newState) : undefined;
  plan.changes.push({
    declared,
    place: placeOf(plan.stack, urn, newState ?? oldState),
    action: kept,
    importing,
    deferred: false,
    ...(keeps && { keeps: "retained" }),
    createFirst: true,
    ...(before && { before }),
    ...(newState && action !== "delete" && { after: afterValues(step, kept) }),
    isWritten: (field) => newState?.inputs?.[field] !== undefined,
    refersTo: (field) => dependencies(newState, field),
  } as PlannedChange);
}

/** What the program says, over what is known of the resource: the id stays where the resource does. */
function afterValues({ oldState, newState }: StepJson, action: Action): Values {
  const { inputs, outputs, id } = newState!;
  const stays = action === "none" || action === "update";
  const remembered = stays ? oldState?.outputs : undefined;
  return { ...merged(remembered, outputs, inputs), id: (stays ? oldState?.id : undefined) ?? id ?? UNKNOWN };
}

const beforeValues = ({ id, inputs, outputs }: StateJson): Values => ({ ...merged(inputs, outputs), id });

/** The later ones win. */
function merged(...all: (Values | undefined)[]): Values {
  const entries = all.flatMap((values) => Object.entries(values ?? {}));
  return Object.fromEntries(
    entries
      .filter(([field, value]) => field !== "__provider" && value !== null)
      .map(([field, value]) => [field, fromEngine(value)]),
  );
}

const unknowns: ReadonlySet<unknown> = new Set(Object.values(UNKNOWN_VALUES));

function fromEngine(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromEngine);
  return unknowns.has(value) ? UNKNOWN : value;
}

/** What a property was computed from: exact where it is one resource. */
function dependencies(state: StateJson | null | undefined, field: string): Reference[] {
  const urns = state?.propertyDependencies?.[field] ?? [];
  if (urns.length === 0) return [{ reason: "the preview does not say what it depends on" }];
  return urns.map((address) => ({ address }));
}

/** The program's own line, not that of a package that made the resource for it. */
function placeOf(stack: string, urn: string, state: StateJson | null | undefined): Place {
  const trace = (state?.stackTrace ?? []).flatMap(({ sourcePosition }) => sourcePosition ?? []);
  const own = [...trace, state?.sourcePosition ?? ""].find(
    (text) => !/\/node_modules\/|^project:\/\/\/\.\.\//.test(text),
  );
  const [, file, line] = /^project:\/\/\/(.*)#([0-9]+)/.exec(own ?? "") ?? [];
  return { stack, address: urn, ...(file && { file, line: Number(line) }) };
}
