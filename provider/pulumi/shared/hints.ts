import { ResourceError } from "../../framework";
/**
 * An error of a create with what it may mean in Pulumi alone. The engine makes a replacement before it deletes the old object, and
 * does not show that it is one.
 */
export const metItself = (error: unknown): unknown =>
  withHint(
    error,
    "exists",
    "Is it its own old object, which was to be replaced (`--replace`)? Pulumi makes the new one first, and two cannot have one name: with the resource option `deleteBeforeReplace: true` the old one goes first.",
  );

/** The same of a delete. The engine only drops the record of what has the option `deletedWith`. */
export const withoutItsEdges = (error: unknown): unknown =>
  withHint(
    error,
    "in-use",
    "Where some of them stood in this program with the option `deletedWith`: the engine only drops the records of such resources. Leave that option out, run `pulumi up`, which takes them over again, and then `pulumi destroy`.",
  );

function withHint(error: unknown, code: ResourceError["code"], hint: string): unknown {
  if (!(error instanceof ResourceError) || error.code !== code) return error;
  return new ResourceError(code, { ...error.details, hint: `${error.details.hint} ${hint}` }, { cause: error.cause });
}
