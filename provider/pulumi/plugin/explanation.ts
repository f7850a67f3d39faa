import { ResourceError } from "../../framework";
import { errorText } from "../shared/texts";
import type { Properties } from "./codec";

/** An error in plain values: what the engine gets of it. */
export interface Explanation {
  /** From the closed sets of the core and the client; `cancelled` after the end of a run, `unexpected` for anything else. */
  code: string;
  message: string;
  /** Something that exists but is not whole. */
  unfinished?: { id: string; properties: Properties; inputs: Properties };
  /** A setting without which nothing goes. */
  missing?: { key: string; description: string };
}

/** A resource that exists but is not whole: what the engine must remember, and why it is not whole. */
export class Unfinished extends Error {
  override readonly name = "Unfinished";

  constructor(
    readonly id: string,
    readonly properties: Properties,
    readonly inputs: Properties,
    override readonly cause: Error,
  ) {
    super(cause.message);
  }
}

/** Asked for after the engine said that the run is over. */
export class Cancelled extends Error {
  override readonly name = "Cancelled";

  constructor() {
    super("The run was stopped before this was begun: nothing was sent.");
  }
}

const importHint = ({ of, id }: { of: string; id: string }) =>
  `Import it: \`pulumi import meshery:index:${of} <name> ${id}\`; it is then the program's own, and a destroy deletes it.`;

export function explanationOf(error: unknown): Explanation {
  if (error instanceof Cancelled) return { code: "cancelled", message: error.message };
  if (error instanceof Unfinished) {
    const { id, properties, inputs } = error;
    return { ...explanationOf(error.cause), unfinished: { id, properties, inputs } };
  }
  const { code, message } = errorText(error, importHint);
  const missing = error instanceof ResourceError && error.code === "configuration" ? missingSetting(error) : undefined;
  return { code, message, ...(missing && { missing }) };
}

function missingSetting({ details: { field, isMissing, hint } }: ResourceError): Explanation["missing"] {
  return isMissing && field !== undefined ? { key: `meshery:${field}`, description: hint } : undefined;
}
