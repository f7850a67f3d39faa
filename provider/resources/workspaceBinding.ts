import { environments } from "./environment";
import { edgeResource } from "./shared/edgeResource";
import { declareRelation } from "./shared/relation";
import { workspaces } from "./workspace";

export const workspaceEnvironments = declareRelation({
  name: "workspace-environment",
  resource: "WorkspaceBinding",
  parent: workspaces,
  child: environments,
  // The chain by which access follows: a workspace, its environments, their connections.
  childrenSeenWithParent: true,
  refused: ({ id, name, archived }) =>
    archived === true
      ? {
          what: `environment "${name}" (${id}) is archived and is not bound anywhere anew`,
          hint: "Nothing was changed. Take it out of the archive first: `archived = false` in the program that declares it (an update of it alone; bind it in the same run or later). Bindings that it has already stay.",
        }
      : undefined,
});

export const WorkspaceBinding = edgeResource(workspaceEnvironments, {
  noun: "binding",
  description:
    "One environment in one workspace. The teams of the workspace thereby reach the connections of the environment. A binding that a program declares is the program's, however it came there, and removing it revokes it; workspace and environment stay. To keep one that leaves the program, let the engine forget it: `removed` with `lifecycle { destroy = false }` (Terraform), `retainOnDelete` (Pulumi), or `state rm`. Bindings that the program does not declare are not touched.",
});
