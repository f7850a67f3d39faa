/** Names of resources and providers: `urn:pulumi:<stack>::<project>::<parent types$type>::<name>`. */

export const ROOT_STACK_TYPE = "pulumi:pulumi:Stack";
const PROVIDER_TYPE_PREFIX = "pulumi:providers:";

export interface Urn {
  stack: string;
  project: string;
  /** The types of the parents and the resource's own, joined by `$`. */
  qualifiedType: string;
  type: string;
  name: string;
}

/** @throws Error when the text has not the four parts of a URN. */
export function parseUrn(urn: string): Urn {
  const match = /^urn:pulumi:(.*?)::(.*?)::(.*?)::(.*)$/s.exec(urn);
  if (match === null) throw new Error(`not a URN: ${urn}`);
  const [, stack = "", project = "", qualifiedType = "", name = ""] = match;
  return { stack, project, qualifiedType, type: qualifiedType.slice(qualifiedType.lastIndexOf("$") + 1), name };
}

/** The URN of a resource; a parent's types are put before its own, those of the root stack are not. */
export function createUrn(parts: {
  stack: string;
  project: string;
  parent?: string | undefined;
  type: string;
  name: string;
}) {
  const parentType = parts.parent ? parseUrn(parts.parent).qualifiedType : "";
  const prefix = parentType === "" || parentType === ROOT_STACK_TYPE ? "" : `${parentType}$`;
  return `urn:pulumi:${parts.stack}::${parts.project}::${prefix}${parts.type}::${parts.name}`;
}

export const isProviderType = (type: string): boolean => type.startsWith(PROVIDER_TYPE_PREFIX);
export const providerType = (packageName: string): string => PROVIDER_TYPE_PREFIX + packageName;

/** The package that serves a type: `meshery` of `meshery:index:Environment` and of `pulumi:providers:meshery`. */
export function packageOf(type: string): string {
  if (isProviderType(type)) return type.slice(PROVIDER_TYPE_PREFIX.length);
  const end = type.indexOf(":");
  return end < 0 ? type : type.slice(0, end);
}

/** A reference to one provider instance: `<urn>::<id>`. */
export interface ProviderReference {
  urn: string;
  id: string;
}

export function parseReference(reference: string): ProviderReference {
  const end = reference.lastIndexOf("::");
  if (end < 0) throw new Error(`not a reference to a provider: ${reference}`);
  return { urn: reference.slice(0, end), id: reference.slice(end + 2) };
}

export const formatReference = (reference: ProviderReference): string => `${reference.urn}::${reference.id}`;
