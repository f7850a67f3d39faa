import type { NamedRow } from "../../client";
import type { Context } from "../../framework";
import { ResourceError } from "../../framework";
import { organizationFor } from "./organization";

export type ImportTarget = { organizationId: string } & ({ ids: string[] } | { name: string });

/**
 * Reads an import id: the id (for an edge two ids joined by "/"), the same behind `<organizationId>/`, or `name:<exact name>`.
 * @throws ResourceError `invalid-input`, and `organization` where none is given and there are several.
 */
export async function importTarget(
  context: Context,
  resource: string,
  importId: string,
  parts: 1 | 2,
): Promise<ImportTarget> {
  if (importId.startsWith("name:")) {
    const name = importId.slice("name:".length);
    if (name.split("/").length < parts || name === "") throw noImportId(resource, importId, parts);
    return { organizationId: await organizationFor(context, resource, undefined), name };
  }
  const ids = importId.split("/");
  const organizationId = ids.length === parts + 1 ? ids.shift() : undefined;
  if (ids.length !== parts || ids.some((id) => id.trim() === "") || organizationId?.trim() === "") {
    throw noImportId(resource, importId, parts);
  }
  return { organizationId: await organizationFor(context, resource, organizationId), ids };
}

function noImportId(resource: string, importId: string, parts: 1 | 2): ResourceError {
  const id = parts === 1 ? "<id>" : "<id>/<id>";
  return new ResourceError("invalid-input", {
    resource,
    what: `"${importId}" is no import id`,
    hint: `Give ${id}, <organizationId>/${id}, or name:${parts === 1 ? "<exact name>" : "<exact name>/<exact name>"}.`,
  });
}

/** The one row of a name; an error that says how many there are otherwise. */
export function oneByName<Row extends NamedRow>(
  rows: Iterable<Row>,
  name: string,
  resource: string,
  what: string,
): Row {
  const matches = [...rows].filter((row) => row.name === name);
  if (matches.length === 1) return matches[0]!;
  if (matches.length === 0) {
    throw new ResourceError("missing", {
      resource,
      what: `no ${what} is named "${name}"`,
      hint: "The name must be exact; check it, the organization, and what the token's user may see.",
    });
  }
  throw new ResourceError("ambiguous", {
    resource,
    what: `${matches.length} ${what}s are named "${name}"`,
    hint: `Import one of them by its id: ${matches.map((row) => row.id).join(", ")}.`,
  });
}
