import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { MesheryServer } from "../../provider/server";
import { type Engine, Workdir } from "./engines";
import { type Edge, foreignName, type Named, type Program } from "./programs";

export const root = join(__dirname, "..", "..");
export const distDir = join(root, "dist", "terraform");

/**
 * A folder with the provider that engine tests run, for development overrides and in place of `distDir`: it reports an error
 * wherever an answer breaks one of the engines' own rules. `toys` is a module whose resources stand in the place of ours.
 */
export function providerFolder(toys = ""): string {
  const known = folders.get(toys);
  if (known !== undefined) return known;
  const script = join(__dirname, "terraform", "provider.mjs");
  const folder = execFileSync(process.execPath, [script, ...(toys === "" ? [] : [toys])], { encoding: "utf8" });
  folders.set(toys, folder);
  return folder;
}
const folders = new Map<string, string>();

export const credentials = (server: MesheryServer): Record<string, string> => ({
  MESHERY_URL: server.url,
  MESHERY_TOKEN: server.token,
  MESHERY_PROVIDER: server.mesheryProvider,
});

/** A configuration that finds the built provider and the given server. */
export function workdir(
  server: MesheryServer,
  files: Record<string, string>,
  env: Record<string, string> = {},
  parent?: string,
): Workdir {
  return new Workdir(
    { "provider.tf": HEAD, ...files },
    {
      overrides: { "meshery/meshery": providerFolder() },
      env: { ...credentials(server), ...env },
      ...(parent === undefined ? {} : { parent }),
    },
  );
}

export const HEAD = `terraform {
  required_providers {
    meshery = {
      source = "meshery/meshery"
    }
  }
}
`;

type Block = Record<string, unknown>;

export interface Rendering {
  /** For edges. */
  lifecycle?: Block;
  /** Edges get their environment's id through a lookup that depends on the environment. */
  byLookup?: boolean;
  /** Which edges belong to a second provider block, by address. */
  underOther?: (address: string) => boolean;
}

/** A program in Terraform's JSON form; foreign connections are looked up. */
export function toTerraform(
  program: Program,
  { lifecycle = {}, byLookup = false, underOther }: Rendering = {},
): string {
  const foreign = [
    ...new Set(
      Object.values(program.assignments)
        .filter((a) => a.by !== "name")
        .map((a) => a.connection)
        .filter((c) => c.startsWith("foreign:")),
    ),
  ];
  const dataName = (address: string) => address.replace(":", "_");
  const connectionEnd = (by: Edge["by"], address: string): Block => {
    if (!address.startsWith("foreign:")) return end("connection", by, `meshery_connection.${address}`);
    const number = foreignNumber(address);
    if (by !== "name") return end("connection", by, `data.meshery_connection.${dataName(address)}`);
    return { connection_name: foreignName(number), ...(program.twins?.includes(number) ? FOREIGN_KIND : {}) };
  };
  const edge = (address: string) => ({
    ...(Object.keys(lifecycle).length === 0 ? {} : { lifecycle }),
    ...(underOther?.(address) ? { provider: "meshery.other" } : {}),
  });
  const resource: Record<string, Block> = {
    meshery_environment: declared(program.environments),
    meshery_workspace: declared(program.workspaces),
    meshery_connection: Object.fromEntries(
      Object.entries(program.connections).map(([address, c]) => [address, { ...c, type: "platform" }]),
    ),
    meshery_connection_assignment: Object.fromEntries(
      Object.entries(program.assignments).map(([address, { environment, connection, by }]) => [
        address,
        {
          ...end("environment", by, `${byLookup ? "data." : ""}meshery_environment.${environment}`),
          ...connectionEnd(by, connection),
          ...edge(address),
        },
      ]),
    ),
    meshery_workspace_binding: Object.fromEntries(
      Object.entries(program.bindings).map(([address, { workspace, environment, by }]) => [
        address,
        {
          ...end("workspace", by, `meshery_workspace.${workspace}`),
          ...end("environment", by, `meshery_environment.${environment}`),
          ...edge(address),
        },
      ]),
    ),
  };
  const filled = Object.fromEntries(Object.entries(resource).filter(([, blocks]) => Object.keys(blocks).length > 0));
  const data = Object.fromEntries(
    foreign.map((address) => [dataName(address), { name: foreignName(foreignNumber(address)), kind: "kubernetes" }]),
  );
  const looked = byLookup
    ? {
        meshery_environment: Object.fromEntries(
          Object.keys(program.environments).map((address) => [
            address,
            { id: `\${meshery_environment.${address}.id}`, depends_on: [`meshery_environment.${address}`] },
          ]),
        ),
      }
    : {};
  const moved = (["environment", "workspace"] as const).flatMap((type) =>
    Object.entries(program[`${type}s`]).flatMap(([to, { movedFrom }]) =>
      movedFrom === undefined ? [] : [{ from: `meshery_${type}.${movedFrom}`, to: `meshery_${type}.${to}` }],
    ),
  );
  return JSON.stringify({
    ...(moved.length === 0 ? {} : { moved }),
    ...(underOther ? { provider: { meshery: [{}, { alias: "other" }] } } : {}),
    ...(Object.keys(filled).length === 0 ? {} : { resource: escaped(filled) }),
    ...(foreign.length === 0 && !byLookup
      ? {}
      : { data: { ...(foreign.length === 0 ? {} : { meshery_connection: data }), ...looked } }),
  });
}

const FOREIGN_KIND = { connection_kind: "kubernetes" };

const foreignNumber = (address: string) => Number(address.slice("foreign:".length));

/** What an edge says of the object at one of its ends. */
const end = (word: string, by: Edge["by"], address: string): Block =>
  by === "name" ? { [`${word}_name`]: `\${${address}.name}` } : { [`${word}_id`]: `\${${address}.id}` };

/** Objects as they are declared: an engine that is told of the moves adopts nothing. */
const declared = (objects: Record<string, Named>): Block =>
  Object.fromEntries(Object.entries(objects).map(([address, { adopt, movedFrom, ...written }]) => [address, written]));

/** Text of a program is text, not a template; references are the only templates. */
function escaped(value: unknown): unknown {
  if (typeof value === "string")
    return /^\$\{(data\.)?meshery_\w+\.\w+\.(id|name)\}$/.test(value) ? value : value.replace(/([$%])\{/g, "$1$1{");
  if (Array.isArray(value)) return value.map(escaped);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, escaped(v)]));
  return value;
}

/** `import` blocks for everything in a state. */
export async function importBlocks(dir: Workdir, engine: Engine): Promise<string> {
  const state = await dir.stateJson(engine);
  const managed = (state.values?.root_module.resources ?? []).filter(({ address }) => !address.startsWith("data."));
  return managed
    .map(({ address, values }) => `import {\n  to = ${address}\n  id = ${JSON.stringify(values.id)}\n}\n`)
    .join("\n");
}
