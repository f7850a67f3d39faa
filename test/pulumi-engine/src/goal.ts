/** What a program asks for: the engine's words for one registration, whatever language it came from. */
import type { Alias } from "./aliases";
import type { ResourceState } from "./state";
import type { PropertyMap } from "./values";

export interface Goal {
  type: string;
  name: string;
  custom: boolean;
  properties: PropertyMap;
  parent?: string | undefined;
  /** Reference of the provider instance; empty for components and for providers themselves. */
  provider?: string | undefined;
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  aliases: Alias[];
  protect?: boolean | undefined;
  retainOnDelete?: boolean | undefined;
  deleteBeforeReplace?: boolean | undefined;
  ignoreChanges: string[];
  replaceOnChanges: string[];
  additionalSecretOutputs: string[];
  deletedWith?: string | undefined;
  /** Id of an existing object to import (`import:`). */
  importId?: string | undefined;
}

/** A read of something the stack does not own (`get`, `opts.id`). */
export interface ReadGoal {
  type: string;
  name: string;
  id: string;
  properties: PropertyMap;
  parent?: string | undefined;
  provider: string;
  dependencies: string[];
  additionalSecretOutputs: string[];
}

/** The record a goal becomes; what a run makes of it is filled in by its step. */
export function newState(
  urn: string,
  goal: Goal,
  alias: string | undefined,
  old: ResourceState | undefined,
): ResourceState {
  return {
    urn,
    type: goal.type,
    custom: goal.custom,
    inputs: goal.properties,
    outputs: {},
    parent: goal.parent,
    protect: goal.protect,
    provider: goal.provider,
    dependencies: goal.dependencies,
    propertyDependencies: goal.propertyDependencies,
    additionalSecretOutputs: goal.additionalSecretOutputs,
    aliases: alias ? [alias] : [],
    retainOnDelete: goal.retainOnDelete,
    deletedWith: goal.deletedWith,
    importID: goal.importId,
    ignoreChanges: goal.ignoreChanges,
    replaceOnChanges: goal.replaceOnChanges,
    created: old?.created,
    modified: old?.modified,
  };
}
