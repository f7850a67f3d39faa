import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../../provider/review/plans/plan";
import { readPlan } from "../../provider/review/plans/read";
import { reportOf } from "../../provider/review/report/build";
import { type Review, reviewOf } from "../../provider/review/report/review";
import type { Report, ReportFinding } from "../../provider/review/report/schema";
import { judge } from "../../provider/review/rules/judge";
import { settingsSchema } from "../../provider/review/settings/schema";
import { offlineWorld } from "../../provider/review/world/offline";
import { emptyWorld, put, type World } from "../../provider/review/world/world";

export const recorded = (name: string): Plan => {
  const file = join(__dirname, "fixtures", `${name}.json`);
  return readPlan(readFileSync(file), file);
};

/** A world by names: an object's id is its name with its kind before it. */
export interface Scene {
  /** Environments of each workspace. */
  workspaces?: Record<string, string[]>;
  /** Connections of each environment. */
  environments?: Record<string, string[]>;
  connections?: Record<string, string>;
  /** Teams of each workspace; left out, they are not known. */
  teams?: Record<string, string[]>;
  /** Further values of environments. */
  values?: Record<string, Record<string, unknown>>;
}

export const id = {
  workspace: (name: string) => `workspace-${name}`,
  environment: (name: string) => `environment-${name}`,
  connection: (name: string) => `connection-${name}`,
  team: (name: string) => `team-${name}`,
};

export function sceneWorld({ workspaces = {}, environments = {}, connections = {}, teams, values = {} }: Scene): World {
  const world = emptyWorld("live");
  world.organizations.set("org", "example");
  const add = (kind: keyof typeof id, name: string, more: Record<string, unknown> = {}) =>
    put(world, kind, id[kind](name), {
      id: id[kind](name),
      name,
      ...(kind !== "connection" && { organizationId: "org" }),
      ...more,
    });
  for (const [name, kind] of Object.entries(connections)) add("connection", name, { kind });
  for (const [name, held] of Object.entries(environments)) {
    add("environment", name, { description: `for ${name}`, ...values[name] });
    for (const connection of held) {
      if (!world.objects.has(id.connection(connection))) add("connection", connection, { kind: "kubernetes" });
      world.edges.assignments.add(id.environment(name), id.connection(connection));
    }
  }
  for (const [name, bound] of Object.entries(workspaces)) {
    add("workspace", name);
    for (const environment of bound) {
      if (!world.objects.has(id.environment(environment))) add("environment", environment);
      world.edges.bindings.add(id.workspace(name), id.environment(environment));
    }
  }
  world.teamsKnown = teams !== undefined;
  for (const [workspace, members] of Object.entries(teams ?? {}))
    for (const team of members) {
      add("team", team);
      world.edges.memberships.add(id.workspace(workspace), id.team(team));
    }
  return world;
}

type Values = Record<string, unknown>;

export interface ChangeGiven {
  address: string;
  actions: string[];
  before?: Values | null;
  after?: Values | null;
  unknown?: Values;
  expressions?: Record<string, unknown>;
  more?: Values;
  sensitive?: Values;
}

/** A plan of Terraform with these changes; the type is the first part of each address. */
export const terraformPlan = (changes: readonly ChangeGiven[], more: Values = {}, stack = "plan"): Plan =>
  readPlan(Buffer.from(JSON.stringify({ ...terraformJson(changes), ...more })), `${stack}.json`);

export function terraformJson(changes: readonly ChangeGiven[]) {
  return {
    format_version: "1.2",
    terraform_version: "1.11.4",
    resource_changes: changes.map(
      ({ address, actions, before = null, after = null, unknown = {}, more: extra, sensitive }) => ({
        address,
        mode: "managed",
        type: address.split(".")[0],
        name: address.split(".")[1]?.replace(/\[.*/, ""),
        change: { actions, before, after, after_unknown: unknown, after_sensitive: sensitive ?? {}, ...extra },
      }),
    ),
    configuration: {
      root_module: {
        resources: changes.map(({ address, after, expressions }) => ({
          mode: "managed",
          type: address.split(".")[0],
          name: address.split(".")[1]?.replace(/\[.*/, ""),
          expressions:
            expressions ??
            Object.fromEntries(Object.entries(after ?? {}).map(([field, value]) => [field, { constant_value: value }])),
        })),
      },
    },
    complete: true,
    errored: false,
  };
}

/** A new edge, as the plan of a program that gives ids shows it. */
export const assign = (
  environment: string,
  connection: string,
  address = `a_${environment}_${connection}`,
): ChangeGiven => ({
  address: `meshery_connection_assignment.${address}`,
  actions: ["create"],
  after: { environment_id: id.environment(environment), connection_id: id.connection(connection) },
});
export const unassign = (environment: string, connection: string): ChangeGiven => ({
  address: `meshery_connection_assignment.a_${environment}_${connection}`,
  actions: ["delete"],
  before: {
    id: `${id.environment(environment)}/${id.connection(connection)}`,
    environment_id: id.environment(environment),
    environment_name: environment,
    connection_id: id.connection(connection),
    connection_name: connection,
  },
});
export const bind = (workspace: string, environment: string): ChangeGiven => ({
  address: `meshery_workspace_binding.b_${workspace}_${environment}`,
  actions: ["create"],
  after: { workspace_id: id.workspace(workspace), environment_id: id.environment(environment) },
});
export const unbind = (workspace: string, environment: string): ChangeGiven => ({
  address: `meshery_workspace_binding.b_${workspace}_${environment}`,
  actions: ["delete"],
  before: { workspace_id: id.workspace(workspace), environment_id: id.environment(environment) },
});

export const reviewed = (plans: readonly Plan[], scene?: Scene): Review =>
  reviewOf(plans, scene ? sceneWorld(scene) : offlineWorld(plans));

export const reportFor = (plans: readonly Plan[], scene?: Scene): Report => reportOf(reviewed(plans, scene), []);

export const findingsOf = (
  plans: readonly Plan[],
  scene: Scene | undefined,
  settings: unknown = {},
  everything = false,
): ReportFinding[] => judge(reviewed(plans, scene), settingsSchema.parse(settings), new Set(), everything);

/** A report's access in short lines. */
export function accessLines({ access }: Report): string[] {
  const line =
    (sign: string) =>
    ({ workspace, connection, through }: Report["access"]["gained"][number]) =>
      `${sign} ${workspace.name} ${connection.name} (${through.map(({ name }) => name).join(", ")})`;
  return [
    ...access.gained.map(line("+")),
    ...access.lost.map(line("-")),
    ...access.retained.map((one) => line(one.reason)(one)),
    ...access.unknown.map(({ address, direction, reason }) => `? ${address} ${direction}: ${reason}`),
  ];
}
