/** Both doors of Pulumi, as one scenario sees them: a program that each says in its own language. */
import { stringify } from "yaml";
import type { MesheryServer, MesheryServerOptions } from "../../../provider/server";
import type { StackDriver, TestStackOptions } from "../../pulumi-engine";
import { type EngineName, engines as nodeEngines, Workbench } from "../dynamic/support/workbench";
import { PluginBench, engines as yamlEngines } from "../plugin/support/bench";

/** A value `${address.output}` is an output of what stands there. */
export type Inputs = Record<string, unknown>;

export interface Declared {
  type: "Environment" | "Connection" | "Workspace" | "ConnectionAssignment" | "WorkspaceBinding" | "Provider";
  properties?: Inputs;
  options?: Record<string, unknown>;
  /** The id of what is only read. */
  get?: string;
}

/** Resources by logical name, what others refer to first; lookups by the name of a variable. */
export interface Program {
  lookups?: Record<string, { function: string; name: string }>;
  resources: Record<string, Declared>;
  outputs?: Record<string, string>;
}

export interface Stack {
  stack: StackDriver;
  edit(program: Program): void;
}

export interface Bench {
  server: MesheryServer;
  stack(engine: EngineName, program: Program): Promise<Stack>;
  close(): Promise<void>;
}

export interface Door {
  name: "dynamic" | "plugin";
  engines: EngineName[];
  open(options: MesheryServerOptions): Promise<Bench>;
}

export const doors: Door[] = [
  {
    name: "dynamic",
    engines: nodeEngines(),
    async open(options) {
      const bench = await Workbench.open(options);
      return {
        server: bench.server,
        close: () => bench.close(),
        async stack(engine, program) {
          const folder = bench.program(toTypeScript(program));
          const stack = await bench.stack(engine, folder, stackOptions);
          return { stack, edit: (next) => bench.rewrite(folder, toTypeScript(next)) };
        },
      };
    },
  },
  {
    name: "plugin",
    engines: yamlEngines(),
    async open(options) {
      const bench = await PluginBench.open(options);
      return {
        server: bench.server,
        close: () => bench.close(),
        async stack(engine, program) {
          const stack = await bench.stack(engine, toYaml(program), stackOptions);
          return { stack, edit: (next) => stack.setYaml(toYaml(next)) };
        },
      };
    },
  },
];

const stackOptions: TestStackOptions = { project: "names" };

function toTypeScript({ lookups = {}, resources, outputs = {} }: Program): string {
  const value = (given: unknown): string => {
    const path = typeof given === "string" ? /^\$\{(\w+)(?:\.(\w+))?\}$/.exec(given) : null;
    if (path) return `all.${path[1]}${path[2] ? `.${path[2]}` : ""}`;
    if (Array.isArray(given)) return `[${given.map(value).join(", ")}]`;
    if (typeof given !== "object" || given === null) return JSON.stringify(given);
    const entries = Object.entries(given).map(([key, member]) => `${JSON.stringify(key)}: ${value(member)}`);
    return `{ ${entries.join(", ")} }`;
  };
  const made = ([name, { type, properties = {}, options = {}, get }]: [string, Declared]) => {
    const title = JSON.stringify(name);
    if (get !== undefined) return `all.${name} = meshery.${type}.get(${title}, ${JSON.stringify(get)});`;
    const made = type === "Provider" ? "MesheryProvider" : type;
    return `all.${name} = new meshery.${made}(${title}, ${value(properties)}, ${value(options)});`;
  };
  return [
    "const all: any = {};",
    ...Object.entries(lookups).map(
      ([name, call]) => `all.${name} = meshery.${call.function}Output({ name: ${JSON.stringify(call.name)} });`,
    ),
    ...Object.entries(resources).map(made),
    ...Object.entries(outputs).map(([name, given]) => `export const ${name} = ${value(given)};`),
  ].join("\n");
}

function toYaml({ lookups = {}, resources, outputs = {} }: Program): string {
  const token = (type: Declared["type"]) => (type === "Provider" ? "pulumi:providers:meshery" : `meshery:${type}`);
  const variables = Object.entries(lookups).map(([variable, call]) => [
    variable,
    { "fn::invoke": { function: `meshery:${call.function}`, arguments: { name: call.name } } },
  ]);
  const declared = Object.entries(resources).map(([name, { type, get, ...rest }]) => [
    name,
    { type: token(type), ...rest, ...(get !== undefined && { get: { id: get } }) },
  ]);
  return stringify(
    {
      name: "names",
      runtime: "yaml",
      variables: Object.fromEntries(variables),
      resources: Object.fromEntries(declared),
      outputs,
    },
    { lineWidth: 0 },
  );
}
