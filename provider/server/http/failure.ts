import type { Era } from "../eras/era";
import type { Quirks } from "../quirks";

/** What failed: the request itself, or the work behind one group of endpoints. */
export type FailureScope = "request" | "topology" | "connection write" | "connection delete" | "other";

export interface FailureDetails {
  /** MeshKit's code. */
  code?: string;
  /** Why, in the words of whoever refused. */
  cause?: string;
  /** What MeshKit says beside it; its probable cause is otherwise the cause itself. */
  probably?: string;
  remedy?: string;
  /** MeshKit's code and nothing beside it. */
  terse?: boolean;
  /** The refusal came from a database that knows no HTTP status (the Local provider). */
  withoutStatus?: boolean;
}

/** An answer that is an error: `status` is what the provider said, which an era may hide behind another one. */
export class Failure extends Error {
  override readonly name = "Failure";

  constructor(
    readonly scope: FailureScope,
    readonly status: number,
    message: string,
    readonly details: FailureDetails = {},
  ) {
    super(message);
  }
}

/** The connection ends without an answer, as when a handler panics. */
export class Panic extends Error {
  override readonly name = "Panic";
}

export interface ErrorAnswer {
  status: number;
  body: string | Record<string, unknown>;
}

/** How `failure` looks in `era`. */
export function errorAnswer(failure: Failure, era: Era, quirks: Quirks): ErrorAnswer {
  const hidden = quirks.everythingIs404 && failure.scope === "topology";
  const status = hidden ? 404 : statusOf(failure, era);
  const cause = hidden ? undefined : failure.details.cause;
  switch (era.errors) {
    case "text":
      if (failure.scope === "request") return { status, body: `${failure.message}\n` };
      return {
        status,
        body: [
          hidden || failure.details.withoutStatus
            ? `.${failure.message}`
            : `Status Code: ${failure.status} .${failure.message}`,
          `Short Description: ${failure.message}`,
          `Probable Cause: ${cause ?? "the provider could not be reached or refused the request"}\n`,
        ].join(" | "),
      };
    case "meshkit":
      return { status, body: meshkit(failure, cause) };
    case "message":
      return { status, body: { message: cause ?? failure.message } };
    case "error":
      return { status, body: { error: cause ?? failure.message } };
  }
}

function meshkit({ message, details }: Failure, cause: string | undefined): Record<string, unknown> {
  if (details.code === undefined) return { error: message };
  const head = { error: message, code: details.code, severity: "ALERT" };
  if (details.terse) return head;
  return {
    ...head,
    probableCause: [details.probably ?? cause ?? "the provider could not be reached or refused the request"],
    suggestedRemediation: [details.remedy ?? "check the request and the permissions of its user"],
    longDescription: [cause ?? message],
  };
}

function statusOf({ scope, status, details }: Failure, { failures }: Era): number {
  switch (scope) {
    case "topology":
      if (failures.topology !== "passed") return failures.topology;
      return details.withoutStatus ? failures.topologyWithoutStatus : status;
    case "connection write":
      return failures.connectionWrite === "passed" ? status : failures.connectionWrite;
    case "connection delete":
      return failures.connectionDelete === "passed" ? status : failures.connectionDelete;
    case "request":
    case "other":
      return status;
    default:
      return scope satisfies never;
  }
}
