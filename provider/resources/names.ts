import { ResourceError } from "../core";
import type { NamedRow } from "../meshery";
import type { MesheryContext } from "./context";

/** Milliseconds to wait for another resource of the same run that gives the wanted name away. */
const PATIENCE = 2_000;

/** Those of the namesakes of something new that no other resource of this run renames. */
export async function stillNamed<Row extends NamedRow>(
  context: MesheryContext,
  resource: string,
  namesakes: readonly Row[],
  inputs: { name: string; adopt?: boolean | undefined },
): Promise<Row[]> {
  // Where one may be adopted, nobody waits for a rename that most probably will not come.
  const patience = inputs.adopt === true || context.adoptAll ? 0 : PATIENCE;
  const freed = await Promise.all(
    namesakes.map((row) => context.memory.freesName(resource, row.id, inputs.name, patience)),
  );
  return namesakes.filter((_, i) => !freed[i]);
}

/**
 * Announces a rename, and makes sure that the name is free or given away in the same run. `namesakes` tells who has it.
 * @throws ResourceError `exists`
 */
export async function requireNameFree<Row extends NamedRow>(
  context: MesheryContext,
  resource: string,
  state: { id: string; name: string },
  name: string,
  namesakes: () => Promise<readonly Row[]>,
): Promise<void> {
  context.memory.renaming(resource, state.id, name);
  const holder = (await namesakes()).find((row) => row.id !== state.id);
  if (!holder || (await context.memory.freesName(resource, holder.id, name, PATIENCE))) return;
  context.memory.renaming(resource, state.id, state.name);
  throw new ResourceError("exists", {
    resource,
    field: "name",
    what: `"${state.name}" (${state.id}) cannot be renamed to "${name}": that name is in use (id ${holder.id})`,
    hint: `Choose another name, or rename or remove the other ${resource.toLowerCase()} first; both renames in one run are fine.`,
  });
}
