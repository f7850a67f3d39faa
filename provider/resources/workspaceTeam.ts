import { edgeResource } from "./shared/edgeResource";
import { declareRelation } from "./shared/relation";
import { teams } from "./team";
import { workspaces } from "./workspace";

export const workspaceTeams = declareRelation({
  name: "workspace-team",
  resource: "WorkspaceTeam",
  parent: workspaces,
  child: teams,
  // Whose teams a token sees is Meshery Cloud's own affair, and no source says that a workspace shows all of its own.
  childrenSeenWithParent: false,
  // Older Meshery Servers have no such route, and only Meshery Cloud lists the teams of an organization.
  notOnEveryServer: true,
});

export const WorkspaceTeam = edgeResource(workspaceTeams, {
  noun: "membership",
  description:
    "One team in one workspace: who actually gains access. The members of the team thereby reach the connections of all environments that are bound to the workspace. Meshery Cloud only. A membership that a program declares is the program's, however it came there, and removing it revokes it; workspace and team stay. To keep one that leaves the program, let the engine forget it: `removed` with `lifecycle { destroy = false }` (Terraform), `retainOnDelete` (Pulumi), or `state rm`. Teams that the program does not declare are not touched.",
});
