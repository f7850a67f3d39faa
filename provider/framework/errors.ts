/** Why a resource could not be brought to what the program says: a closed set. */
export type ResourceErrorCode =
  /** A field's value cannot be right, whatever the server holds. */
  | "invalid-input"
  /** The provider's configuration is missing something or contradicts itself. */
  | "configuration"
  /** The organization is not given and not the only one, or the token does not see it. */
  | "organization"
  /** Something of that name is there already and the program did not say that it may be taken over. */
  | "exists"
  /** The same object is declared twice in one program. */
  | "declared-twice"
  /** Several objects answer to a name. */
  | "ambiguous"
  /** What an id or a name stands for is not there. */
  | "missing"
  /** Others still hold it. */
  | "in-use"
  /** The server accepted a write that it does not show. */
  | "unconfirmed"
  /** Meshery answered with an error, or not at all. */
  | "meshery";

export interface ResourceErrorDetails {
  /** `Environment`, `ConnectionAssignment`, ... */
  resource: string;
  /** The field at fault, in camelCase; front doors spell it their way. */
  field?: string;
  /** Whether the field is at fault for having no value, given or found anywhere. */
  isMissing?: boolean;
  /** What happened, one sentence without a full stop. */
  what: string;
  /** Why it is so, and what to do next; sentences. */
  hint: string;
  /** What an import takes to bring what is in the way under the program: front doors say how in their own words. */
  importId?: string;
}

/** An error for people: what happened, to which resource and field, why, and what to do. */
export class ResourceError extends Error {
  override readonly name = "ResourceError";

  constructor(
    readonly code: ResourceErrorCode,
    readonly details: ResourceErrorDetails,
    options?: { cause?: unknown },
  ) {
    super(`${details.resource}: ${details.what}. ${details.hint}`, options);
  }
}

/** Something made, but not all of it: carries what must be remembered so that nothing made is lost. */
export class PartialError extends Error {
  override readonly name = "PartialError";

  constructor(
    readonly id: string,
    readonly state: Record<string, unknown>,
    readonly reason: Error,
  ) {
    super(reason.message, { cause: reason });
  }
}

/** What a validation found: the field in camelCase, and a message that stands by itself. */
export interface Problem {
  field: string;
  message: string;
}

/** Shown to the user without stopping anything. */
export interface Warning {
  summary: string;
  detail: string;
}
