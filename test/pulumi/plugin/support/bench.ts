import { stringify } from "yaml";
import { MesheryServer, type MesheryServerOptions } from "../../../../provider/server";
import {
  type RunResult,
  type StackDriver,
  TestStack,
  type TestStackOptions,
  type UpOptions,
} from "../../../pulumi-engine";
import { foreignName, type Program } from "../../../support/programs";
import { CliStack, findPulumi } from "../../../support/pulumiCli";
import { credentials, pluginCommand, WORLD } from "./plugin";

export type EngineName = "test engine" | "pulumi";
export type YamlStack = StackDriver & { setYaml(text: string): void };

/** The engines there are: always the one of the tests, and a real one where it is on the PATH. */
export function engines(): EngineName[] {
  const pulumi = findPulumi("yaml");
  if (pulumi.available) return ["test engine", "pulumi"];
  console.info(`Skipped with a real engine: ${pulumi.reason}.`);
  return ["test engine"];
}

/** A server, and stacks of YAML programs that reach it through the plugin. */
export class PluginBench {
  private readonly stacks: StackDriver[] = [];

  private constructor(readonly server: MesheryServer) {}

  static async open(options: MesheryServerOptions = {}): Promise<PluginBench> {
    return new PluginBench(await MesheryServer.start({ world: WORLD, ...options }));
  }

  /** `env` over what names the server. */
  async stack(
    engine: EngineName,
    yaml: string,
    options: TestStackOptions & { env?: Record<string, string | undefined> } = {},
  ): Promise<YamlStack> {
    const env = { ...credentials(this.server), ...options.env };
    const settings = { project: "topology", yaml, plugins: { meshery: pluginCommand(env) }, ...options };
    const stack = engine === "pulumi" ? await CliStack.create(settings) : new TestStack(settings);
    this.stacks.push(stack);
    return stack;
  }

  async close(): Promise<void> {
    for (const stack of this.stacks) await stack.dispose();
    await this.server.close();
  }
}

/** A run that has to succeed. */
export async function applied(stack: StackDriver, options: UpOptions = { skipPreview: true }): Promise<RunResult> {
  const result = await stack.up(options);
  if (!result.ok) throw new Error(result.error);
  return result;
}

interface Declared {
  type: string;
  properties: Record<string, unknown>;
  options?: Record<string, unknown>;
}

/** A YAML program of resources and lookups: `lookups` by name of the variable. */
export function yamlProgram(
  resources: Record<string, Declared>,
  lookups: Record<string, { function: string; arguments: object }> = {},
  outputs: Record<string, string> = {},
): string {
  const variables = Object.fromEntries(Object.entries(lookups).map(([name, call]) => [name, { "fn::invoke": call }]));
  return stringify({ name: "topology", runtime: "yaml", variables, resources, outputs }, { lineWidth: 0 });
}

export const environment = (properties: Record<string, unknown>, options?: Declared["options"]): Declared => ({
  type: "meshery:Environment",
  properties,
  ...(options && { options }),
});
export const assignment = (environmentId: string, connectionId: string, options?: Declared["options"]): Declared => ({
  type: "meshery:ConnectionAssignment",
  properties: { environmentId, connectionId },
  ...(options && { options }),
});
export const binding = (workspaceId: string, environmentId: string, options?: Declared["options"]): Declared => ({
  type: "meshery:WorkspaceBinding",
  properties: { workspaceId, environmentId },
  ...(options && { options }),
});
export const lookUp = (lookup: string, name: string) => ({ function: `meshery:${lookup}`, arguments: { name } });
/** The id of a resource or of what a lookup found. */
export const idOf = (name: string): string => `\${${name}.id}`;
const nameOf = (name: string): string => `\${${name}.name}`;

/** A random program; foreign connections are looked up. */
export function toYaml(program: Program): string {
  const variable = (address: string) => address.replace(":", "");
  const foreign = Object.values(program.assignments).filter(({ connection }) => connection.startsWith("foreign:"));
  const text = (named: object): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(named).map(([key, value]): [string, unknown] => [
        key,
        typeof value === "object"
          ? text(value as object)
          : typeof value === "boolean"
            ? value
            : String(value).replaceAll("${", "$${"),
      ]),
    );
  const each = <T>(group: Record<string, T>, declare: (item: T) => Declared) =>
    Object.entries(group).map(([address, item]) => [address, declare(item)] as const);
  return yamlProgram(
    Object.fromEntries([
      ...each(program.environments, (named) => environment(text(named))),
      ...each(program.workspaces, (named) => ({ type: "meshery:Workspace", properties: text(named) })),
      ...each(program.connections, (named) => ({
        type: "meshery:Connection",
        properties: { ...text(named), type: "platform" },
      })),
      ...each(program.assignments, ({ by, environment, connection }) =>
        by === "name"
          ? {
              type: "meshery:ConnectionAssignment",
              properties: {
                environmentName: nameOf(environment),
                connectionName: connection.startsWith("foreign:") ? connection.replace(":", "-") : nameOf(connection),
              },
            }
          : assignment(idOf(environment), idOf(variable(connection))),
      ),
      ...each(program.bindings, ({ by, workspace, environment }) =>
        by === "name"
          ? {
              type: "meshery:WorkspaceBinding",
              properties: { workspaceName: nameOf(workspace), environmentName: nameOf(environment) },
            }
          : binding(idOf(workspace), idOf(environment)),
      ),
    ]),
    Object.fromEntries(
      foreign.map(({ connection }) => [
        variable(connection),
        lookUp("getConnection", foreignName(Number(connection.slice("foreign:".length)))),
      ]),
    ),
  );
}
