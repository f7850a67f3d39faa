/** Both doors of Pulumi, as one scenario sees them: a program that each says in its own language. */
import type { MesheryServer } from "../../../provider/server";
import type { StackDriver } from "../../pulumi-engine";
import { type EngineName, exampleWorld, engines as nodeEngines, Workbench } from "../dynamic/support/workbench";
import {
  assignment,
  binding,
  environment,
  idOf,
  lookUp,
  PluginBench,
  engines as yamlEngines,
  yamlProgram,
} from "../plugin/support/bench";

/** By logical name. */
export interface Program {
  environments: Record<string, { name: string; options?: Record<string, unknown>; [input: string]: unknown }>;
  assignments: Record<string, { environment: string; connection: string }>;
  /** Environments that the workspace `platform-team` gets. */
  bindings: Record<string, { environment: string }>;
}

export interface Stack {
  stack: StackDriver;
  /** A program, or a text in the door's own language. */
  edit(program: Program | string): void;
}

export interface Bench {
  server: MesheryServer;
  stack(engine: EngineName, program: Program): Promise<Stack>;
  close(): Promise<void>;
}

export interface Door {
  name: "dynamic" | "plugin";
  engines: EngineName[];
  open(): Promise<Bench>;
  /** What is said of an environment that is there already. */
  refusal: RegExp;
  /** Of an update of a description. */
  detailedDiff: Record<string, string> | undefined;
}

export const doors: Door[] = [
  {
    name: "dynamic",
    engines: nodeEngines(),
    refusal: /already has "(production|staging)".*aliases.*adopt: true.*\[exists\]/s,
    detailedDiff: undefined,
    async open() {
      const bench = await Workbench.open();
      return {
        server: bench.server,
        close: () => bench.close(),
        async stack(engine, program) {
          const folder = bench.program(toTypeScript(program));
          const edit = (next: Program | string) => bench.rewrite(folder, toTypeScript(next));
          return { stack: await bench.stack(engine, folder), edit };
        },
      };
    },
  },
  {
    name: "plugin",
    engines: yamlEngines(),
    refusal:
      /already has "(production|staging)".*`pulumi import meshery:index:Environment <name> \S+`.*aliases.*adopt: true/s,
    detailedDiff: { description: "add" },
    async open() {
      const bench = await PluginBench.open({ world: exampleWorld() });
      return {
        server: bench.server,
        close: () => bench.close(),
        async stack(engine, program) {
          const stack = await bench.stack(engine, toYaml(program));
          return { stack, edit: (next) => stack.setYaml(toYaml(next)) };
        },
      };
    },
  },
];

function toTypeScript(program: Program | string): string {
  if (typeof program === "string") return program;
  const text = (value: unknown) => JSON.stringify(value);
  const of = (name: string) => `environments[${text(name)}].id`;
  return [
    'const team = meshery.getWorkspaceOutput({ name: "platform-team" });',
    "const environments: Record<string, meshery.Environment> = {};",
    ...Object.entries(program.environments).map(
      ([name, { options = {}, ...inputs }]) =>
        `environments[${text(name)}] = new meshery.Environment(${text(name)}, ${text(inputs)}, ${text(options)});`,
    ),
    ...Object.entries(program.bindings).map(
      ([name, { environment }]) =>
        `new meshery.WorkspaceBinding(${text(name)}, { workspaceId: team.id, environmentId: ${of(environment)} });`,
    ),
    ...Object.entries(program.assignments).map(
      ([name, { environment, connection }]) =>
        `new meshery.ConnectionAssignment(${text(name)}, { environmentId: ${of(environment)}, connectionId: meshery.getConnectionOutput({ name: ${text(connection)} }).id });`,
    ),
  ].join("\n");
}

function toYaml(program: Program | string): string {
  if (typeof program === "string") return program;
  const variable = (name: string) => name.replaceAll("-", "");
  const connections = Object.values(program.assignments).map(({ connection }) => connection);
  const each = <Item, Declared>(group: Record<string, Item>, declare: (item: Item) => Declared) =>
    Object.entries(group).map(([name, item]) => [name, declare(item)] as const);
  return yamlProgram(
    Object.fromEntries([
      ...each(program.environments, ({ options, ...inputs }) => environment(inputs, options)),
      ...each(program.bindings, (edge) => binding(idOf("team"), idOf(edge.environment))),
      ...each(program.assignments, (edge) => assignment(idOf(edge.environment), idOf(variable(edge.connection)))),
    ]),
    {
      ...(Object.keys(program.bindings).length > 0 ? { team: lookUp("getWorkspace", "platform-team") } : {}),
      ...Object.fromEntries(connections.map((name) => [variable(name), lookUp("getConnection", name)])),
    },
  );
}
