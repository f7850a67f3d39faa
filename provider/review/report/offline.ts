import { differing } from "../access/changes";
import type { Kind } from "../catalog";
import { pairKey, type UnknownChange } from "../outcome/outcome";
import { objectAt } from "./objects";
import type { Review } from "./review";

const LIVE = "Give MESHERY_URL and MESHERY_TOKEN for a review of what is there";

/** What a review without Meshery leaves open, in sentences. */
export function openNotes({ plans, world }: Review): string[] {
  const hidden = plans.filter((plan) => plan.hidden > 0).map(({ stack }) => stack);
  return [
    ...world.notes,
    ...(world.basis === "offline"
      ? [
          "Offline: edges that other programs or people made are not seen, nor the teams of workspaces. What is said to be gained may be open already, what is said to be lost may stay open another way.",
        ]
      : []),
    ...(hidden.length > 0
      ? [
          `The preview of ${hidden.join(", ")} leaves out what stays the same: add --show-sames to \`pulumi preview --json\`.`,
        ]
      : []),
  ];
}

/**
 * Offline, an edge that is added to something that exists opens access to whatever others have at the other end: where these plans
 * tell nothing of that, it is not known what the edge opens.
 */
export function openEdges(review: Review): UnknownChange[] {
  const { world, outcome, changes } = review;
  if (world.basis === "live") return [];
  const opened = new Set(
    changes.gained.flatMap(({ workspace, connection, through }) =>
      through.flatMap((environment) => [
        `bindings ${workspace} ${environment}`,
        `assignments ${environment} ${connection}`,
      ]),
    ),
  );
  const found: UnknownChange[] = [];
  const take = (relation: "bindings" | "assignments", parent: string, child: string) => {
    const environment = relation === "bindings" ? child : parent;
    const other = relation === "bindings" ? "assignments" : "bindings";
    const isNew = objectAt(review, environment)?.id === null && !environment.startsWith("named\0");
    if (isNew || world.whole.has(`${other} ${environment}`) || opened.has(`${relation} ${parent} ${child}`)) return;
    const cause = outcome.added.get(pairKey(relation, parent, child))?.[0];
    if (!cause) return;
    const known: Partial<Record<Kind, string>> =
      relation === "bindings" ? { workspace: parent, environment: child } : { environment: parent, connection: child };
    const what =
      relation === "bindings" ? "which connections the environment holds" : "which workspaces have the environment";
    found.push({
      place: cause.place,
      direction: "gain",
      known,
      reason: `these plans do not tell ${what}`,
      advice: `${LIVE}, or look the environment up in the program (data source, getEnvironment).`,
    });
  };
  for (const relation of ["bindings", "assignments"] as const)
    for (const [parent, child] of differing(world.edges[relation], outcome.edges[relation]))
      if (outcome.edges[relation].has(parent, child)) take(relation, parent, child);
  return [...found, ...openMemberships(review)];
}

/** The same for a team that gets into a workspace of which nothing is told. */
function openMemberships(review: Review): UnknownChange[] {
  const { world, outcome } = review;
  const added = [...differing(world.edges.memberships, outcome.edges.memberships)].filter(
    ([workspace, team]) =>
      outcome.edges.memberships.has(workspace, team) &&
      outcome.edges.bindings.childrenOf(workspace).size === 0 &&
      !world.whole.has(`bindings ${workspace}`) &&
      (objectAt(review, workspace)?.id !== null || workspace.startsWith("named\0")),
  );
  return added.flatMap(([workspace, team]) =>
    (outcome.added.get(pairKey("memberships", workspace, team)) ?? []).slice(0, 1).map(({ place }) => ({
      place,
      direction: "gain" as const,
      known: { workspace, team },
      reason: "these plans do not tell which environments the workspace has",
      advice: `${LIVE}, or look the workspace up in the program (data source, getWorkspace).`,
    })),
  );
}

/** What a plan as a whole leaves open. */
export function openPlans({ plans, world }: Review): UnknownChange[] {
  const open = (stack: string, reason: string, advice: string): UnknownChange => ({
    place: { stack, address: "the whole plan" },
    direction: "either",
    known: {},
    reason,
    advice,
  });
  return plans.flatMap(({ stack, complete, errored, hidden, changes }) => [
    ...(errored
      ? [open(stack, "planning ended with errors, so the plan is not whole", "Mend the errors and plan again.")]
      : []),
    ...(complete || errored
      ? []
      : [open(stack, "the plan is not complete: another plan has to follow it", "Review that plan as well.")]),
    ...(hidden > 0 && world.basis === "offline" && changes.some(({ action }) => action !== "none")
      ? [
          open(
            stack,
            `the preview leaves out ${hidden} resources that stay the same`,
            "Add --show-sames to `pulumi preview --json`.",
          ),
        ]
      : []),
  ]);
}
