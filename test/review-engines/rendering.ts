import { foreignName, type Program } from "../support/programs";
import { toTerraform } from "../support/terraform";

export const RENDERINGS = ["one block each", "for_each and each.key", "count.index"] as const;
export type RenderingName = (typeof RENDERINGS)[number];

type Block = Record<string, unknown>;

/** A program in Terraform's JSON form, by blocks of several kinds. Objects clear what others have there when they go. */
export function rendered(program: Program, how: RenderingName): string {
  const objects = (group: Record<string, Block>) =>
    Object.fromEntries(Object.entries(group).map(([key, one]) => [key, { ...one, force_destroy: true }]));
  if (how === "one block each") {
    const forced = {
      ...program,
      environments: objects(program.environments as never),
      workspaces: objects(program.workspaces as never),
    };
    return toTerraform(forced as never);
  }
  return JSON.stringify(how === "for_each and each.key" ? keyed(program) : counted(program));
}

const data = (program: Program): Block => {
  const foreign = Object.values(program.assignments).flatMap(({ connection }) =>
    connection.startsWith("foreign:") ? connection.slice(8) : [],
  );
  if (foreign.length === 0) return {};
  const blocks = [...new Set(foreign)].map((n) => [`foreign_${n}`, { name: foreignName(Number(n)) }]);
  return { data: { meshery_connection: Object.fromEntries(blocks) } };
};

const connectionId = (address: string): string =>
  address.startsWith("foreign:")
    ? `\${data.meshery_connection.foreign_${address.slice(8)}.id}`
    : `\${meshery_connection.all["${address}"].id}`;

const names = (group: Record<string, { name: string }>) =>
  `\${tomap(${JSON.stringify(Object.fromEntries(Object.entries(group).map(([key, { name }]) => [key, name])))})}`;
const toset = (keys: readonly string[]) => `\${toset(${JSON.stringify(keys)})}`;

function filled(resource: Record<string, Block>): Block {
  return Object.fromEntries(Object.entries(resource).filter(([, blocks]) => Object.keys(blocks).length > 0));
}

/** Objects by `for_each`, edges of one connection or workspace by `each.key` over environments. */
function keyed(program: Program): Block {
  const by = <Edge>(edges: Record<string, Edge>, of: (edge: Edge) => string) => {
    const groups = new Map<string, Edge[]>();
    for (const edge of Object.values(edges)) groups.set(of(edge), [...(groups.get(of(edge)) ?? []), edge]);
    return [...groups];
  };
  const all = (group: Record<string, { name: string }>, more: Block = {}) =>
    Object.keys(group).length === 0 ? {} : { all: { for_each: names(group), name: "${each.value}", ...more } };
  const forced = { force_destroy: true };
  return {
    ...data(program),
    resource: filled({
      meshery_environment: all(program.environments, forced),
      meshery_workspace: all(program.workspaces, forced),
      meshery_connection: all(program.connections, { kind: "kubernetes", type: "platform" }),
      meshery_connection_assignment: Object.fromEntries(
        by(program.assignments, ({ connection }) => connection).map(([connection, edges]) => [
          connection.replace(":", "_"),
          {
            for_each: toset(edges.map(({ environment }) => environment)),
            environment_id: "${meshery_environment.all[each.key].id}",
            connection_id: connectionId(connection),
          },
        ]),
      ),
      meshery_workspace_binding: Object.fromEntries(
        by(program.bindings, ({ workspace }) => workspace).map(([workspace, edges]) => [
          workspace,
          {
            for_each: toset(edges.map(({ environment }) => environment)),
            environment_id: "${meshery_environment.all[each.key].id}",
            workspace_id: `\${meshery_workspace.all["${workspace}"].id}`,
          },
        ]),
      ),
    }),
  };
}

/** Environments by number, each with the first connection of the program; the other edges by constant numbers. */
function counted(program: Program): Block {
  const keys = Object.keys(program.environments);
  const list = JSON.stringify(keys.map((key) => program.environments[key]!.name));
  const at = (key: string) => `\${meshery_environment.all[${keys.indexOf(key)}].id}`;
  const [shared] = Object.keys(program.connections);
  const base = keyed(program) as { resource: Record<string, Block> };
  const edges = Object.entries(program.assignments).filter(([, { connection }]) => connection !== shared);
  return {
    ...base,
    resource: filled({
      ...base.resource,
      meshery_environment: { all: { count: keys.length, name: `\${${list}[count.index]}`, force_destroy: true } },
      meshery_connection_assignment: {
        ...(shared === undefined
          ? {}
          : {
              every: {
                count: keys.length,
                environment_id: "${meshery_environment.all[count.index].id}",
                connection_id: connectionId(shared),
              },
            }),
        ...Object.fromEntries(
          edges.map(([address, { environment, connection }]) => [
            address,
            { environment_id: at(environment), connection_id: connectionId(connection) },
          ]),
        ),
      },
      meshery_workspace_binding: Object.fromEntries(
        Object.entries(program.bindings).map(([address, { workspace, environment }]) => [
          address,
          { environment_id: at(environment), workspace_id: `\${meshery_workspace.all["${workspace}"].id}` },
        ]),
      ),
    }),
  };
}
