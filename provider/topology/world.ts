import * as z from "zod";

/**
 * The parts of a topology file. Every object stands under a key: keys are stable and are what objects refer to each
 * other by; the name may change and is the key where none is given.
 */

const key = z
  .string()
  .min(1)
  .refine((value) => value.trim() !== "" && !value.includes("/"), "must not be blank or contain /");
const text = z.string();
const keys = z.array(key).default([]);

export const connectionFields = z.strictObject({
  name: text.min(1).optional().describe("Name shown in Meshery. Default: the key."),
  kind: z
    .string({ error: ({ input }) => (input === undefined ? "is required" : undefined) })
    .min(1)
    .describe("What is connected to, such as kubernetes, prometheus or github."),
  type: text.default("").describe("Group of the kind, such as platform or observability."),
  subType: text.default("").describe("Finer group, such as orchestration."),
  status: z
    .enum(["discovered", "registered", "connected", "ignored", "maintenance", "disconnected", "deleted", "not found"])
    .default("registered")
    .describe("State of the connection."),
  metadata: z.record(z.string(), z.unknown()).default({}).describe("What is known about the connection."),
  credential: key.optional().describe("Key of the credential with which Meshery signs in to it."),
});

const credentialFields = z.strictObject({
  name: text.min(1).optional().describe("Name shown in Meshery. Default: the key."),
  type: text.default("").describe("What kind of secret it is, such as token or basic."),
  secret: z.record(z.string(), z.unknown()).default({}).describe("The secret, by key. For trying out: no real one."),
});

export const environmentFields = z.strictObject({
  name: text.min(1).optional().describe("Name shown in Meshery. Default: the key."),
  description: text.default("").describe("What the environment is for."),
  connections: keys.describe("Keys of the connections assigned to it."),
});

export const workspaceFields = z.strictObject({
  name: text.min(1).optional().describe("Name shown in Meshery. Default: the key."),
  description: text.default("").describe("What the workspace is for."),
  environments: keys.describe("Keys of the environments bound to it."),
  teams: keys.describe("Keys of the teams it is granted to."),
});

/** What an object of a world may say beyond its topology: its id and whose it is. */
const standing = {
  id: key.optional().describe("Id of the object. Default: a fresh one."),
  organization: key.optional().describe("Key of its organization. Default: the first one."),
  owner: key.optional().describe("Key of the user who owns it. Default: the administrator."),
};

const section = <Fields extends z.ZodType>(fields: Fields) => z.record(key, fields).default({});
/** A key with nothing after it is an object that keeps every default. */
const emptyAllowed = <Fields extends z.ZodType>(fields: Fields) =>
  z.preprocess((value) => value ?? {}, fields) as unknown as z.ZodType<z.output<Fields>, z.input<Fields> | null>;

/** A whole world: what an embedded Meshery holds when it starts. */
export const worldSchema = z.strictObject({
  organizations: section(
    emptyAllowed(
      z.strictObject({
        id: standing.id,
        name: text.min(1).optional(),
        description: text.default(""),
        country: text.default(""),
        region: text.default(""),
      }),
    ),
  ).describe("Organizations. Default: one."),
  users: section(
    emptyAllowed(
      z.strictObject({
        id: standing.id,
        name: text.min(1).optional(),
        email: text.optional(),
        admin: z.boolean().default(false).describe("Sees everything in every organization."),
        organizations: z.array(key).optional().describe("Keys of the organizations the user sees. Default: all."),
      }),
    ),
  ).describe("Users beside the administrator, who is always there."),
  teams: section(
    emptyAllowed(
      z.strictObject({
        ...standing,
        name: text.min(1).optional(),
        description: text.default(""),
        members: keys.describe("Keys of its users."),
      }),
    ),
  ).describe("Teams of an organization."),
  credentials: section(emptyAllowed(credentialFields.extend({ id: standing.id, owner: standing.owner }))).describe(
    "Credentials. Each is seen by its owner alone.",
  ),
  connections: section(connectionFields.extend(standing)).describe("Connections."),
  environments: section(emptyAllowed(environmentFields.extend(standing))).describe("Environments."),
  workspaces: section(emptyAllowed(workspaceFields.extend(standing))).describe("Workspaces."),
});

/** A world as it is written: everything may be left out but a connection's kind. */
export type WorldInput = z.input<typeof worldSchema>;
/** A world with every default filled in. */
export type World = z.output<typeof worldSchema>;

/** Where one object names another: the path of the reference, and the section its target must stand in. */
export interface Reference {
  readonly path: readonly (string | number)[];
  readonly key: string;
  readonly section: keyof World;
}

/** Every reference of a world, in the order of the file. */
export function references(world: World): Reference[] {
  const found: Reference[] = [];
  const add = (path: readonly (string | number)[], target: string | undefined, section: keyof World) => {
    if (target !== undefined) found.push({ path, key: target, section });
  };
  const addAll = (path: readonly (string | number)[], targets: readonly string[], section: keyof World) => {
    targets.forEach((target, index) => {
      add([...path, index], target, section);
    });
  };
  for (const [name, user] of Object.entries(world.users)) {
    addAll(["users", name, "organizations"], user.organizations ?? [], "organizations");
  }
  for (const [name, team] of Object.entries(world.teams)) addAll(["teams", name, "members"], team.members, "users");
  for (const [name, { owner }] of Object.entries(world.credentials))
    add(["credentials", name, "owner"], owner, "users");
  for (const [name, { credential }] of Object.entries(world.connections)) {
    add(["connections", name, "credential"], credential, "credentials");
  }
  for (const [name, environment] of Object.entries(world.environments)) {
    addAll(["environments", name, "connections"], environment.connections, "connections");
  }
  for (const [name, workspace] of Object.entries(world.workspaces)) {
    addAll(["workspaces", name, "environments"], workspace.environments, "environments");
    addAll(["workspaces", name, "teams"], workspace.teams, "teams");
  }
  for (const section of ["teams", "connections", "environments", "workspaces"] as const) {
    for (const [name, item] of Object.entries(world[section])) {
      add([section, name, "organization"], item.organization, "organizations");
      add([section, name, "owner"], item.owner, "users");
    }
  }
  return found;
}
