import { existsSync } from "node:fs";
import { join } from "node:path";
import { describeEngines, type Engine, type Workdir } from "../support/engines";
import { MesheryServer, seen } from "../support/meshery";
import { workdir } from "../support/terraform";

const world = {
  connections: { cluster: { kind: "kubernetes", type: "platform" } },
  environments: { theirs: { connections: ["cluster"] }, production: {} },
  workspaces: { team: {} },
};
const NOWHERE = "6b1e8f60-0000-4000-8000-000000000000";

const environment = (lines: string, name = "x") => `resource "meshery_environment" "${name}" {\n${lines}\n}\n`;
const connection = (lines: string) => `resource "meshery_connection" "c" {\n${lines}\n}\n`;
const assignment = (environmentId: string, connectionId: string) =>
  `resource "meshery_connection_assignment" "a" {\n  environment_id = ${environmentId}\n  connection_id = ${connectionId}\n}\n`;
const named = (name: string) => environment(`  name = ${JSON.stringify(name)}`);
const whole = `  name = "c"\n  kind = "k"\n  type = "t"\n`;

interface Bad {
  what: string;
  program: string;
  env?: Record<string, string>;
  /** Phrases of the message, in this order: field or resource, cause, remedy. */
  says: RegExp;
  /** What is made all the same, because it is right: addresses in the state. */
  made?: string[];
  /** Said by the second engine too. */
  both?: boolean;
}

/** What an engine says and keeps; most messages are tested where they are made, in `provider/messages.test.ts`. */
const bad: Bad[] = [
  { what: "an empty name", program: named(""), says: /Invalid name .*name = "" name must not be empty\./, both: true },
  {
    what: "an unknown connection",
    program: named("new") + assignment("meshery_environment.x.id", `"${NOWHERE}"`),
    says: /ConnectionAssignment: this token sees no connection with the id 6b1e8f60.*connection_id = .*Check connection_id: take it from a resource or a lookup/,
    made: ["meshery_environment.x"],
  },
  {
    what: "an attribute that there is not",
    program: environment('  name = "new"\n  nmae = "x"'),
    says: /An argument named "nmae" is not expected here/,
  },
  {
    what: "metadata_json that is known only after apply and no JSON then",
    program: `resource "terraform_data" "late" {\n  input = "{"\n}\n${connection(`${whole}  metadata_json = terraform_data.late.output`)}`,
    says: /Invalid metadata_json .*metadata_json is not JSON: /,
    made: ["terraform_data.late"],
  },
  {
    what: "a name that is known only after apply and empty then",
    program: `resource "terraform_data" "late" {\n  input = ""\n}\n${environment("  name = terraform_data.late.output")}`,
    says: /Invalid name .*name must not be empty/,
    made: ["terraform_data.late"],
  },
  {
    what: "a wrong token",
    program: named("new"),
    env: { MESHERY_TOKEN: "wrong-token" },
    says: /Not authenticated at http:.*the token from the environment variable MESHERY_TOKEN was refused with the provider Meshery.*answered 302.*Get a new token.*MESHERY_TOKEN/,
    both: true,
  },
  {
    what: "no url",
    program: named("new"),
    env: { MESHERY_URL: "", CI: "1" },
    says: /url is missing.*argument url, as MESHERY_URL.*mesheryctl system login.*npx meshery-iac serve/,
    both: true,
  },
  {
    what: "a name that is there already",
    program: named("production"),
    says: /already has "production" \(id \S+\), and what exists is not taken over without being asked.*name = "production".*import \{.*to = meshery_environment\.<name>.*id = "\S+".*renamed in the program\?.*a `moved` block\. .*adopt = true.*MESHERY_ADOPT=1/,
    both: true,
  },
  {
    what: "an import of nothing",
    program: `import {\n  to = meshery_environment.x\n  id = "name:nothing"\n}\n${named("nothing")}`,
    says: /no environment is named "nothing".*must be exact/,
  },
];

/** Addresses in the state, each of which the server holds. */
function trueState(dir: Workdir, server: MesheryServer): string[] {
  if (!existsSync(join(dir.dir, "terraform.tfstate"))) return [];
  const { resources } = JSON.parse(dir.read("terraform.tfstate")) as {
    resources: { mode: string; type: string; name: string; instances: { attributes: { id: string } }[] }[];
  };
  return resources
    .filter(({ mode }) => mode === "managed")
    .flatMap(({ type, name, instances }) => instances.map(({ attributes: { id } }) => ({ type, name, id })))
    .map(({ type, name, id }) => {
      const [parent = "", child = ""] = id.split("/");
      const { store } = server;
      const there: Record<string, () => unknown> = {
        meshery_environment: () => store.environments.find({ id, deletedAt: null }),
        meshery_workspace: () => store.workspaces.find({ id, deletedAt: null }),
        meshery_connection: () => store.connections.find({ id, deletedAt: null }),
        meshery_connection_assignment: () =>
          store.environmentConnections.find({ environmentId: parent, connectionId: child }),
        meshery_workspace_binding: () =>
          store.workspaceEnvironments.find({ workspaceId: parent, environmentId: child }),
        terraform_data: () => true,
      };
      expect([type, id, Boolean(there[type]?.())]).toEqual([type, id, true]);
      return `${type}.${name}`;
    });
}

const said = (text: string) => text.replace(/[│╷╵\s]+/g, " ");
const apply = (dir: Workdir, engine: Engine, ...args: string[]) =>
  dir.run(engine, ["apply", "-auto-approve", "-input=false", "-no-color", ...args]);

describeEngines("bad input", (engine) => {
  let server: MesheryServer;
  beforeEach(async () => {
    server = await MesheryServer.start({ world });
  });
  afterEach(() => server.close());

  test.each(
    bad.filter(({ both }) => engine.name === "terraform" || both),
  )("is explained, and nothing is half done: $what", async ({ program, env, says, made = [] }) => {
    const before = seen(server);
    const dir = workdir(server, { "main.tf": program }, env);
    try {
      const { code, stderr } = await apply(dir, engine);
      expect(said(stderr)).toMatch(says);
      expect(code).toBe(1);
      expect(trueState(dir, server)).toEqual(made);
      const added = Object.keys(seen(server).environments).length - Object.keys(before.environments).length;
      expect(added).toBe(made.filter((address) => !String(address).startsWith("terraform_data")).length);
      expect({ ...seen(server), environments: undefined }).toEqual({ ...before, environments: undefined });
    } finally {
      dir.remove();
    }
  });
});

/** What others hold, and who holds it. */
interface Held {
  what: string;
  program: (force: boolean) => string;
  hold: (server: MesheryServer, id: string) => void;
  says: RegExp;
}
const force = (on: boolean) => (on ? "\n  force_destroy = true" : "");
const byName = (rows: { find(where: { name: string }): { id: string } | undefined }, name: string) =>
  rows.find({ name })!.id;
const held: Held[] = [
  {
    what: "meshery_environment",
    program: (on) => environment(`  name = "ours"${force(on)}`),
    hold: ({ store }, id) => {
      store.environmentConnections.insert({ environmentId: id, connectionId: byName(store.connections, "cluster") });
      store.workspaceEnvironments.insert({ workspaceId: byName(store.workspaces, "team"), environmentId: id });
    },
    says: /Environment: "ours" \(\S+\) was not deleted: it is still used by workspace "team", connection "cluster" \(kubernetes\)/,
  },
  {
    what: "meshery_workspace",
    program: (on) => `resource "meshery_workspace" "x" {\n  name = "ours"${force(on)}\n}\n`,
    hold: ({ store }, id) => {
      store.workspaceEnvironments.insert({ workspaceId: id, environmentId: byName(store.environments, "theirs") });
    },
    says: /Workspace: "ours" \(\S+\) was not deleted: it is still used by environment "theirs"/,
  },
  {
    what: "meshery_connection",
    program: (on) =>
      `resource "meshery_connection" "x" {\n  name = "ours"\n  kind = "github"\n  type = "collaboration"${force(on)}\n}\n`,
    hold: ({ store }, id) => {
      store.environmentConnections.insert({ environmentId: byName(store.environments, "theirs"), connectionId: id });
    },
    says: /Connection: "ours" \(\S+\) was not deleted: it is still used by environment "theirs"/,
  },
];

describeEngines("deleting what others hold", (engine) => {
  const chosen = engine.name === "terraform" ? held : held.slice(0, 1);
  test.each(chosen)("is refused, until force_destroy is applied: $what", async ({ what, program, hold, says }) => {
    const server = await MesheryServer.start({ world });
    const dir = workdir(server, { "main.tf": program(false) });
    try {
      const before = seen(server);
      await dir.apply(engine);
      const made = { meshery_environment: "environments", meshery_workspace: "workspaces" } as const;
      const table = server.store[made[what as keyof typeof made] ?? "connections"];
      hold(server, byName(table, "ours"));
      const standing = seen(server);

      dir.write("main.tf", "");
      const { code, stderr } = await apply(dir, engine);
      expect(said(stderr)).toMatch(says);
      expect(said(stderr)).toMatch(
        /applying the program again restores it.*apply force_destroy = true before the destroy/,
      );
      expect(code).toBe(1);
      expect(seen(server)).toEqual(standing);
      expect(trueState(dir, server)).toEqual([`${what}.x`]);

      dir.write("main.tf", program(true));
      await dir.apply(engine);
      await dir.destroy(engine);
      expect(seen(server)).toEqual(before);
      expect(trueState(dir, server)).toEqual([]);
    } finally {
      dir.remove();
      await server.close();
    }
  });
});

describeEngines("an edge that the server accepts and does not list yet", (engine) => {
  test("is in the state, untainted and with a warning, and found by the next plan", async () => {
    const server = await MesheryServer.start({ world, quirks: { emptyWriteBodies: true } });
    const program = `data "meshery_environment" "e" {
  name = "production"
}
data "meshery_connection" "c" {
  name = "cluster"
}
${assignment("data.meshery_environment.e.id", "data.meshery_connection.c.id")}`;
    const dir = workdir(server, { "main.tf": program });
    try {
      await dir.succeed(engine, ["plan", "-input=false", "-out=plan.bin"]);
      // The first look is true; none of those after the write shows it.
      const effect = { kind: "status", status: 200, body: "{}" } as const;
      server.faults.add({ method: "GET", route: "/api/environments/{id}/connections", effect, skip: 2, times: 14 });
      const stdout = await dir.succeed(engine, ["apply", "-input=false", "-no-color", "plan.bin"]);
      expect(said(stdout)).toMatch(
        /Warning: ConnectionAssignment was created, but could not be confirmed .*accepted connection "[^"]+" \(\S+\) in environment "[^"]+" \(\S+\) but does not list it.*the next refresh finds out/,
      );
      expect(trueState(dir, server)).toEqual(["meshery_connection_assignment.a"]);
      expect(await dir.planned(engine)).toEqual({});
    } finally {
      dir.remove();
      await server.close();
    }
  });
});
