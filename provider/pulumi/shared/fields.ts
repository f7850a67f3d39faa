import type * as z from "zod";
import { type AnyLookup, type AnyResource, type Field, type FieldRole, isInput } from "../../framework";

/** What a role means to Pulumi. A new role does not compile until it has its line. */
interface Traits {
  /** A program must write it. */
  isRequired: boolean;
  /** A program may write it to say what the object is to be. */
  isManaged: boolean;
  /** The provider gives it a value where the program does not. */
  isComputed: boolean;
  /** Every state holds it. */
  isAlwaysSet: boolean;
}

const traits: Record<FieldRole, Traits> = {
  required: { isRequired: true, isManaged: true, isComputed: false, isAlwaysSet: true },
  optional: { isRequired: false, isManaged: true, isComputed: false, isAlwaysSet: false },
  recorded: { isRequired: false, isManaged: false, isComputed: true, isAlwaysSet: true },
  flag: { isRequired: false, isManaged: false, isComputed: false, isAlwaysSet: false },
  output: { isRequired: false, isManaged: false, isComputed: true, isAlwaysSet: true },
};

export const isRequired = ({ role }: Field): boolean => traits[role].isRequired;
export const isManaged = ({ role }: Field): boolean => traits[role].isManaged;
export const isComputed = ({ role }: Field): boolean => traits[role].isComputed;
/** A write-only value is missing after an import. */
export const isAlwaysSet = ({ role, writeOnly }: Field): boolean => traits[role].isAlwaysSet && !writeOnly;

/** A write-only value is a secret that only the engine keeps, encrypted: Meshery does not give it back. */
export const isSecret = ({ secret, writeOnly }: Field): boolean => secret === true || writeOnly === true;

/** The values of a field that allows only some. */
export function choicesOf(field: Field): string[] | undefined {
  const { type, entries } = field.schema.def as z.core.$ZodTypeDef & { entries?: Record<string, string> };
  return type === "enum" && entries ? Object.values(entries) : undefined;
}

/** Whether a lookup gives a field back where it was left out: all that says which object was found, and its organization. */
export const comesFilled = ({ fields }: AnyLookup, name: string): boolean =>
  !isInput(fields[name]!) || "id" in fields || name === "organizationId";

/**
 * The field that says where an object belongs, whose value may stand before its id in an import: the provider fills it in, and
 * another value needs a new object.
 */
export const scopeOf = ({ fields }: AnyResource): string | undefined =>
  Object.keys(fields).find((name) => fields[name]!.role === "recorded" && fields[name]!.onChange === "replace");
