import { UNKNOWN, type Values } from "../../framework";
import { dataSourceType, resourceType } from "../../resources/shared/engineTypes";
import { camelValues, declaredAs, endFields, isTerraformType, lookupOf, setFields, snake, typeOf } from "../catalog";
import type { Action, LookupResult, Plan, PlannedChange } from "./plan";
import { References } from "./references";
import type {
  ChangeJson,
  Json,
  ResourceChangeJson,
  StateModuleJson,
  StateResourceJson,
  TerraformPlanJson,
} from "./terraformJson";

interface Source {
  stack: string;
  sha256: string;
}

/** Reads `terraform show -json PLAN`, and OpenTofu's. */
export function readTerraformPlan(json: TerraformPlanJson, { stack, sha256 }: Source): Plan {
  const references = new References(json);
  const all = [
    ...(json.resource_changes ?? []).map((resource) => ({ resource, deferred: false })),
    ...(json.deferred_changes ?? []).map(({ resource_change: resource }) => ({ resource, deferred: true })),
  ].filter(({ resource }) => isTerraformType(resource.type));
  const plan: Plan = {
    stack,
    engine: isOpenTofu(json) ? "opentofu" : "terraform",
    engineVersion: json.terraform_version ?? "",
    sha256,
    complete: json.complete !== false && (json.deferred_changes ?? []).length === 0,
    errored: json.errored === true,
    destroy: isDestroy(json),
    hidden: 0,
    secrets: all.flatMap(({ resource: { change } }) => [
      ...sensitive(change.before, change.before_sensitive),
      ...sensitive(change.after, change.after_sensitive),
    ]),
    changes: [],
    lookups: [...stateLookups(json.prior_state?.values?.root_module, stack)],
    others: [],
  };
  for (const { resource, deferred } of all) {
    if (resource.mode === "data") plan.lookups.push(...lookupRead(resource, stack, references));
    else take(plan, resource, deferred, references);
  }
  return plan;
}

function take(plan: Plan, resource: ResourceChangeJson, deferred: boolean, references: References): void {
  const { change, address, type } = resource;
  const declared = declaredAs(type);
  const [action, keeps] = actionOf(change.actions);
  const importing = change.importing !== undefined && change.importing !== null;
  if (!declared || declared.shape === "other") {
    plan.others.push({ action, importing, deferred });
    return;
  }
  const before = change.before && camelValues(change.before);
  const after = change.after && afterValues(change);
  plan.changes.push({
    declared,
    place: { stack: plan.stack, address: resource.deposed ? `${address} (deposed ${resource.deposed})` : address },
    action,
    importing,
    deferred,
    ...(keeps && { keeps: "forgotten" }),
    createFirst: change.actions[0] === "create",
    ...(before && { before }),
    ...(after && { after }),
    isWritten: (field) => references.isWritten(resource, snake(field)),
    refersTo: (field) => references.of(resource, snake(field), typesFor(declared, field)),
  } as PlannedChange);
}

/** The texts that a side of a change marks as sensitive, at any depth. */
function sensitive(value: unknown, marks: unknown): string[] {
  if (marks === true)
    return typeof value === "string" ? [value] : Object.values(value ?? {}).flatMap((one) => sensitive(one, true));
  if (typeof marks !== "object" || marks === null || typeof value !== "object" || value === null) return [];
  return Object.entries(marks).flatMap(([key, mark]) => sensitive((value as Json)[key], mark));
}

/** What the actions mean together, and whether the old one is forgotten. */
function actionOf(actions: readonly string[]): [action: Action, keeps: boolean] {
  const has = (action: string) => actions.includes(action);
  if (has("create")) return has("delete") || has("forget") ? ["replace", has("forget")] : ["create", false];
  if (has("forget")) return ["forget", true];
  if (has("delete")) return ["delete", false];
  return [has("update") ? "update" : "none", false];
}

/** The values after the apply, with `UNKNOWN` for what is known only then. */
function afterValues({ after, after_unknown: unknown }: ChangeJson): Values {
  const values: Json = { ...after };
  if (typeof unknown !== "object" || unknown === null) return camelValues(values);
  for (const [field, marks] of Object.entries(unknown)) {
    if (marks === true) values[field] = UNKNOWN;
    else if (Array.isArray(marks)) values[field] = members(values[field], marks);
  }
  return camelValues(values);
}

const members = (value: unknown, marks: readonly unknown[]): unknown[] => {
  const known = Array.isArray(value) ? value : [];
  return Array.from({ length: Math.max(known.length, marks.length) }, (_, i) =>
    marks[i] === true ? UNKNOWN : known[i],
  );
};

/** The resources and data sources that can give one of these fields. */
function typesFor(declared: PlannedChange["declared"], field: string): ReadonlySet<string> {
  if (declared.shape === "object") return new Set();
  const { parent, child } = declared.relation;
  const end = [parent, child].find((one) => {
    const [{ id, name }, { ids, names }] = [endFields(one), setFields(one)];
    return [id, name, ids, names].includes(field);
  });
  return new Set(end ? [resourceType(end.type.name), dataSourceType(`get${end.type.name}`)] : []);
}

function lookupRead(resource: ResourceChangeJson, stack: string, references: References): LookupResult[] {
  const shape = lookupOf(resource.type);
  if (!shape) return [];
  const type = shape.kind && typeOf(shape.kind);
  const types = new Set(type ? [resourceType(type.name), resource.type] : []);
  return [
    {
      place: { stack, address: resource.address },
      shape,
      values: afterValues(resource.change),
      refersTo: (field) => references.of(resource, snake(field), types),
    },
  ];
}

function* stateLookups(module: StateModuleJson | undefined, stack: string): Generator<LookupResult> {
  for (const resource of module?.resources ?? []) yield* lookupIn(resource, stack);
  for (const child of module?.child_modules ?? []) yield* stateLookups(child, stack);
}

function* lookupIn({ mode, type, address, values }: StateResourceJson, stack: string): Generator<LookupResult> {
  const shape = mode === "data" ? lookupOf(type) : undefined;
  if (shape) yield { place: { stack, address }, shape, values: camelValues(values), refersTo: () => [] };
}

const isOpenTofu = ({ resource_changes = [], prior_state, configuration }: TerraformPlanJson): boolean =>
  resource_changes.some(({ provider_name }) => provider_name?.startsWith("registry.opentofu.org/")) ||
  /registry\.opentofu\.org\//.test(JSON.stringify((configuration as Json | undefined)?.provider_config ?? "")) ||
  (resource_changes.length === 0 && JSON.stringify(prior_state ?? "").includes("registry.opentofu.org/"));

function isDestroy({ resource_changes = [], planned_values }: TerraformPlanJson): boolean {
  const managed = resource_changes.filter(({ mode }) => mode === "managed");
  const { resources = [], child_modules: modules = [] } = planned_values?.root_module ?? {};
  return (
    managed.length > 0 &&
    managed.every(({ change }) => change.actions.join() === "delete") &&
    resources.length + modules.length === 0
  );
}
