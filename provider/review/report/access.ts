import { paths, reaches } from "../access/access";
import type { TeamAccess, WorkspaceAccess } from "../access/changes";
import { type Cause, type KeptReason, pairKey } from "../outcome/outcome";
import { byName, declaredIn, objectAt, reportObject } from "./objects";
import type { Review } from "./review";
import type { Report, ReportAccess, ReportTeamAccess } from "./schema";

/** The access part of a report. */
export function accessOf(review: Review): Report["access"] {
  const { changes, outcome } = review;
  return {
    gained: sorted(changes.gained.map((one) => entry(review, one, gainedBy(review, one)))),
    lost: sorted(changes.lost.map((one) => entry(review, one, lostBy(review, one)))),
    retained: sorted(retained(review)),
    teams: {
      gained: changes.teams.gained.map((one) => teamEntry(review, one, "after")).sort(byTeam),
      lost: changes.teams.lost.map((one) => teamEntry(review, one, "before")).sort(byTeam),
    },
    unknown: outcome.unknown.map(({ place, direction, known, reason, advice }) => ({
      stack: place.stack,
      address: place.address,
      direction,
      known: Object.fromEntries(Object.entries(known).map(([kind, key]) => [kind, reportObject(review, key)])),
      reason,
      advice,
    })),
  };
}

const sorted = <One extends ReportAccess>(all: One[]): One[] =>
  all.sort((a, b) => byName(a.workspace, b.workspace) || byName(a.connection, b.connection));
const byTeam = (a: ReportTeamAccess, b: ReportTeamAccess) =>
  byName(a.team, b.team) || byName(a.connection, b.connection);

function entry(review: Review, { workspace, connection, through }: WorkspaceAccess, causes: Cause[]): ReportAccess {
  return {
    workspace: reportObject(review, workspace),
    connection: reportObject(review, connection),
    teams: teamsOf(review, workspace),
    through: through.map((key) => reportObject(review, key)).sort(byName),
    declared: declaredIn(causes),
  };
}

/** The teams of a workspace: after the plans, or before them where it goes. Null where they are not known. */
function teamsOf(review: Review, workspace: string): ReportAccess["teams"] {
  const { world, outcome } = review;
  const edges = outcome.gone.has(workspace) ? world.edges : outcome.edges;
  const teams = [...edges.memberships.childrenOf(workspace)];
  if (!world.teamsKnown && (teams.length === 0 || objectAt(review, workspace)?.id !== null)) return null;
  return teams.map((key) => reportObject(review, key)).sort(byName);
}

function gainedBy({ outcome, world }: Review, { workspace, connection, through }: WorkspaceAccess): Cause[] {
  const causes = through.flatMap((environment) => [
    ...(world.edges.bindings.has(workspace, environment)
      ? []
      : (outcome.added.get(pairKey("bindings", workspace, environment)) ?? [])),
    ...(world.edges.assignments.has(environment, connection)
      ? []
      : (outcome.added.get(pairKey("assignments", environment, connection)) ?? [])),
  ]);
  return causes;
}

function lostBy({ outcome }: Review, { workspace, connection, through }: WorkspaceAccess): Cause[] {
  return [workspace, connection, ...through]
    .flatMap((key) => outcome.gone.get(key) ?? [])
    .concat(
      through.flatMap((environment) => [
        ...(outcome.removed.get(pairKey("bindings", workspace, environment)) ?? []),
        ...(outcome.removed.get(pairKey("assignments", environment, connection)) ?? []),
      ]),
    );
}

function teamEntry(
  review: Review,
  { team, connection, through }: TeamAccess,
  side: "before" | "after",
): ReportTeamAccess {
  const { world, outcome } = review;
  const edges = side === "before" ? world.edges : outcome.edges;
  const causes = through.flatMap((workspace) => {
    const one = { workspace, connection, through: paths(edges, workspace, connection) };
    const membership = (side === "before" ? outcome.removed : outcome.added).get(
      pairKey("memberships", workspace, team),
    );
    return [...(membership ?? []), ...(side === "before" ? lostBy(review, one) : gainedBy(review, one))];
  });
  return {
    team: reportObject(review, team),
    connection: reportObject(review, connection),
    through: through.flatMap((workspace) =>
      paths(edges, workspace, connection).map((environment) => ({
        workspace: reportObject(review, workspace),
        environment: reportObject(review, environment),
      })),
    ),
    declared: declaredIn(causes),
  };
}

/** Access that was open and stays open by what leaves a program without being removed. */
function retained(review: Review): Report["access"]["retained"] {
  const { outcome, world } = review;
  const { bindings, assignments } = outcome.edges;
  const found = new Map<string, { one: WorkspaceAccess; reason: KeptReason; causes: Cause[] }>();
  const take = (workspace: string, environment: string, connection: string, reason: KeptReason, cause: Cause) => {
    const open = bindings.has(workspace, environment) && assignments.has(environment, connection);
    if (!open || !reaches(world.edges, workspace, connection)) return;
    const key = `${workspace}\0${connection}`;
    const known = found.get(key);
    if (!known) found.set(key, { one: { workspace, connection, through: [environment] }, reason, causes: [cause] });
    else {
      if (!known.one.through.includes(environment)) known.one.through.push(environment);
      known.causes.push(cause);
    }
  };
  for (const [pair, { reason, cause }] of outcome.kept) {
    const [relation, parent, child] = pair.split("\0") as [string, string, string];
    if (outcome.declared.has(pair)) continue;
    if (relation === "bindings")
      for (const connection of assignments.childrenOf(child)) take(parent, child, connection, reason, cause);
    if (relation === "assignments")
      for (const workspace of bindings.parentsOf(parent)) take(workspace, parent, child, reason, cause);
  }
  for (const [key, { reason, cause }] of outcome.letGo) {
    for (const environment of bindings.childrenOf(key))
      for (const connection of assignments.childrenOf(environment)) take(key, environment, connection, reason, cause);
    for (const environment of assignments.parentsOf(key))
      for (const workspace of bindings.parentsOf(environment)) take(workspace, environment, key, reason, cause);
    for (const workspace of bindings.parentsOf(key))
      for (const connection of assignments.childrenOf(key)) take(workspace, key, connection, reason, cause);
  }
  return [...found.values()].map(({ one, reason, causes }) => ({ ...entry(review, one, causes), reason }));
}
