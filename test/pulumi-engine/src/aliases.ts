/** Earlier names of resources: which old URNs a registration may take over. */
import { createUrn, parseUrn, ROOT_STACK_TYPE } from "./urn";

/** An alias as a program gives it: a whole URN, or the parts that were different. */
export type Alias =
  | { urn: string }
  | {
      name?: string | undefined;
      type?: string | undefined;
      stack?: string | undefined;
      project?: string | undefined;
      parentUrn?: string | undefined;
      noParent?: boolean | undefined;
    };

export interface AliasContext {
  stack: string;
  project: string;
  /** URNs that resources of this run took over, by their new URN. */
  takenOver: ReadonlyMap<string, string>;
}

export interface Registered {
  name: string;
  type: string;
  parent?: string | undefined;
}

/** The old URNs to look for, most wanted first: the aliases themselves, then those that follow from the parent's. */
export function aliasUrns(resource: Registered, aliases: Alias[], context: AliasContext): string[] {
  const own = aliases.map((alias) => collapse(resource, alias, context));
  const urns = new Set(own);
  const parentAlias = resource.parent === undefined ? undefined : context.takenOver.get(resource.parent);
  if (resource.parent !== undefined && parentAlias !== undefined) {
    const parentName = parseUrn(resource.parent).name;
    urns.add(inherit(resource.type, resource.name, parentName, parentAlias, context));
    for (const urn of own) {
      const alias = parseUrn(urn);
      urns.add(inherit(alias.type, alias.name, parentName, parentAlias, context));
    }
  }
  return [...urns];
}

function collapse(resource: Registered, alias: Alias, context: AliasContext): string {
  if ("urn" in alias) return alias.urn;
  let parent = resource.parent;
  if (alias.parentUrn) parent = context.takenOver.get(alias.parentUrn) ?? alias.parentUrn;
  if (alias.noParent || (parent && parseUrn(parent).qualifiedType === ROOT_STACK_TYPE)) parent = undefined;
  return createUrn({
    stack: alias.stack || context.stack,
    project: alias.project || context.project,
    parent,
    type: alias.type || resource.type,
    name: alias.name || resource.name,
  });
}

/** A child named after its parent (`<parent>-bucket`) is taken to have been named after the parent's old name. */
function inherit(type: string, name: string, parentName: string, parentAlias: string, context: AliasContext): string {
  const renamed = name.startsWith(parentName) ? parseUrn(parentAlias).name + name.slice(parentName.length) : name;
  return createUrn({ stack: context.stack, project: context.project, parent: parentAlias, type, name: renamed });
}
