/** The parts of `terraform show -json PLAN` and OpenTofu's that a review reads; format 1. */
export type Json = Record<string, unknown>;

export interface ChangeJson {
  actions: string[];
  before: Json | null;
  after: Json | null;
  after_unknown?: Json | boolean;
  before_sensitive?: Json | boolean;
  after_sensitive?: Json | boolean;
  importing?: unknown;
}

export interface ResourceChangeJson {
  address: string;
  module_address?: string;
  mode: "managed" | "data";
  type: string;
  name: string;
  index?: string | number;
  provider_name?: string;
  deposed?: string;
  change: ChangeJson;
}

export interface ExpressionJson {
  references?: string[];
  constant_value?: unknown;
}

export interface ResourceConfigJson {
  mode: "managed" | "data";
  type: string;
  name: string;
  expressions?: Record<string, ExpressionJson>;
  for_each_expression?: ExpressionJson;
  count_expression?: ExpressionJson;
}

export interface ModuleCallJson {
  expressions?: Record<string, ExpressionJson>;
  for_each_expression?: ExpressionJson;
  count_expression?: ExpressionJson;
  module?: ModuleJson;
}

export interface ModuleJson {
  resources?: ResourceConfigJson[];
  module_calls?: Record<string, ModuleCallJson>;
  outputs?: Record<string, { expression?: ExpressionJson }>;
}

export interface StateResourceJson {
  address: string;
  mode: "managed" | "data";
  type: string;
  name: string;
  values: Json;
}

export interface StateModuleJson {
  resources?: StateResourceJson[];
  child_modules?: (StateModuleJson & { address?: string })[];
}

export interface TerraformPlanJson {
  format_version: string;
  terraform_version?: string;
  resource_changes?: ResourceChangeJson[];
  deferred_changes?: { reason?: string; resource_change: ResourceChangeJson }[];
  prior_state?: { values?: { root_module?: StateModuleJson } };
  planned_values?: { root_module?: StateModuleJson };
  configuration?: { root_module?: ModuleJson };
  complete?: boolean;
  errored?: boolean;
}
