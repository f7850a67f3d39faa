import * as z from "zod";
import type { NamedRow } from "../../client";
import type { Context } from "../../framework";
import { flag, output, ResourceError } from "../../framework";
import { releaseNotice } from "./planNotices";
import { IMPORT_IT, RENAMED } from "./wording";

/** The fields by which a resource says how it treats what is there already, and what others still use. */
export const adoptionFields = (
  what: string,
  holders: string,
  forced = "those assignments and bindings are removed first",
) => ({
  adopt: flag({
    description: `Take over an existing ${what} of the same name at creation instead of failing. An adopted ${what} (\`adopted\`) is released on destroy, not deleted, until an explicit \`false\` makes it the program's own. An imported one is the program's own, and destroy deletes it.`,
    defaultValue: false,
    differs: (state, wanted) => wanted === false && state.adopted === true,
  }),
  forceDestroy: flag({
    description: `Delete the ${what} even while ${holders}; ${forced}. Must be applied before the destroy.`,
    defaultValue: false,
  }),
  adopted: output(z.boolean(), {
    description: `Whether the ${what} existed before this program took it over.`,
    planned: (state, inputs) => (inputs.adopt === false ? false : state.adopted),
  }),
});

/** Whether destroying this must leave the object where it is. */
export function releaseAdopted(
  context: Context,
  resource: string,
  state: { id: string; adopted?: unknown; name?: unknown },
): boolean {
  const notice = releaseNotice(resource, state);
  if (notice) context.warn({ ...notice, summary: notice.summary.replace("is released", "was released") });
  return notice !== undefined;
}

/**
 * What a create does about objects that have the name already: undefined where there is none, the one to adopt where that is
 * wanted.
 * @throws ResourceError `exists`, `declared-twice`, or `ambiguous`.
 */
export function resolveAdoption<Row extends NamedRow>(
  context: Context,
  resource: string,
  holders: readonly Row[],
  inputs: { name: string; adopt?: boolean; organizationId?: string },
  where: string,
): Row | undefined {
  if (holders.length === 0) return undefined;
  const known = holders.find((row) => context.run.isApplied(resource, row.id));
  if (known) {
    throw new ResourceError("declared-twice", {
      resource,
      field: "name",
      what: `"${inputs.name}" is already managed by another ${resource} of this program (id ${known.id})`,
      hint: "Two records of one object would undo each other. Remove one of the two, or give one of them another name.",
    });
  }
  if (inputs.adopt !== true && !context.adoptAll) {
    const [one, ...others] = holders;
    throw new ResourceError("exists", {
      resource,
      field: "name",
      // Where the program names no organization, an import looks in the same one by itself.
      ...(others.length === 0 && { importId: [inputs.organizationId, one!.id].filter(Boolean).join("/") }),
      what: `${where} already has "${inputs.name}" (id ${holders.map((row) => row.id).join(", ")}), and what exists is not taken over without being asked`,
      hint: `${others.length === 0 ? IMPORT_IT : "Import the one you want by its id: it is then the program's own, and a destroy deletes it."} Was it renamed in the program? Then tell the engine: ${RENAMED}. Or set adopt = true to take it over: a destroy then releases it. After a lost state, MESHERY_ADOPT=1 does that for one run.`,
    });
  }
  if (holders.length > 1) {
    throw new ResourceError("ambiguous", {
      resource,
      field: "name",
      what: `${where} has ${holders.length} of the name "${inputs.name}"`,
      hint: `Nothing says which of them to adopt; import one by its id: ${holders.map((row) => row.id).join(", ")}.`,
    });
  }
  return holders[0];
}
