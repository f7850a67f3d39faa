import * as z from "zod";
import { type Check, checkTopology, parseTopologyText } from "./parse";

/**
 * What one program declares in one readable object or file: the environments, what is in them, and the workspaces they are made
 * available to. Environments are created; connections and workspaces exist and are found by name or id.
 */

const key = z
  .string()
  .min(1)
  .refine((value) => value.trim() !== "" && !value.includes("/"), "must not be blank or contain /")
  .meta({ pattern: "^[^/]*[^/\\s][^/]*$" });
const text = z.string();
const name = text.min(1).optional().describe("Name shown in Meshery. Default: the key. It may change, the key stays.");
const emptyAllowed = <Fields extends z.ZodType>(fields: Fields) => z.preprocess((value) => value ?? {}, fields);
const section = <Fields extends z.ZodType>(fields: Fields) => z.record(key, emptyAllowed(fields)).default({});

const found = {
  id: text.min(1).optional().describe("Its id, where the name is not known or not unique."),
  name: text.min(1).optional().describe("Its exact name in Meshery. Default: the key."),
};

const connection = z
  .strictObject({
    ...found,
    kind: text.optional().describe("Only a connection of this kind, such as kubernetes or prometheus."),
    type: text.optional().describe("Only a connection of this type, such as platform or observability."),
    subType: text.optional().describe("Only a connection of this subtype."),
    status: text.optional().describe("Only a connection of this status, such as connected."),
  })
  .describe("A connection that exists, and how it is found.");

const environment = z
  .strictObject({
    name,
    description: text.optional().describe('What it is for. Left out it is not managed, "" clears it.'),
    tags: z
      .record(z.string(), text)
      .optional()
      .describe("Its tags: all of them, {} removes all. Left out they are not managed."),
    archived: z
      .boolean()
      .optional()
      .describe("Whether it is archived: it keeps what it has and is bound nowhere anew. Left out it is not managed."),
    connections: z
      .array(key)
      .default([])
      .describe("What is in it: keys of the section connections, or exact names of connections."),
    adopt: z
      .boolean()
      .optional()
      .describe(
        "Take over an environment of this name that exists already; a destroy releases it and does not delete it.",
      ),
    forceDestroy: z.boolean().optional().describe("Delete it even while others still use it."),
  })
  .describe("An environment that the program creates.");

const workspace = z
  .strictObject({
    ...found,
    environments: z.array(key).default([]).describe("Keys of the environments that are bound to it."),
  })
  .describe("A workspace that exists, and the environments it gets.");

export const topologySchema = z
  .strictObject({
    $schema: text.optional().describe("Where an editor finds this schema."),
    organizationId: text.min(1).optional().describe("Organization of all of it. Default: as the provider has it."),
    connections: section(connection).describe("Connections that are not found by their key as the name."),
    environments: section(environment).describe("Environments by their keys. Keys are permanent, names may change."),
    workspaces: section(workspace).describe("Workspaces by their keys."),
  })
  .describe("Meshery environments, the connections in them, and the workspaces they are bound to.");

/** A topology with every default filled in. */
export type Topology = z.output<typeof topologySchema>;

const rules: Check<Topology> = function* ({ environments, workspaces }) {
  for (const [at, { connections: listed }] of Object.entries(environments)) {
    yield* twice(listed, ["environments", at, "connections"]);
  }
  for (const [at, { environments: listed }] of Object.entries(workspaces)) {
    yield* twice(listed, ["workspaces", at, "environments"]);
    for (const [index, key] of listed.entries()) {
      if (Object.hasOwn(environments, key)) continue;
      const known = Object.keys(environments);
      const there = known.length === 0 ? "there are none" : `there are: ${known.join(", ")}`;
      yield { path: ["workspaces", at, "environments", index], message: `no such environment: ${key} (${there})` };
    }
  }
};

function* twice(listed: readonly string[], path: readonly string[]) {
  for (const [index, key] of listed.entries()) {
    if (listed.indexOf(key) < index) yield { path: [...path, index], message: `${key} is listed twice` };
  }
}

/**
 * Reads a topology file.
 *
 * @param text YAML or JSON
 * @param file name of the file, for messages
 * @throws TopologyError with line, column and path of everything that is wrong
 */
export const parseTopology = (text: string, file = "topology.yaml"): Topology =>
  parseTopologyText(text, topologySchema, rules, file);

/**
 * Checks a topology that a program holds as an object.
 *
 * @throws TopologyError with the path of everything that is wrong
 */
export const checkedTopology = (value: unknown): Topology => checkTopology(value, topologySchema, rules, "topology");
